/** Words for things that have a name in the program and another one on the page. */
import type { BackendName } from '../../training/backend';

const BACKEND_TITLES = {
  webgpu: 'WebGPU',
  cpu: 'CPU',
  reference: 'Reference',
} as const satisfies Record<BackendName, string>;

export function backendTitle(name: BackendName): string {
  return BACKEND_TITLES[name];
}

type PartName = 'chunk' | 'step' | 'epoch' | 'prediction';

const PART_TITLES = {
  chunk: 'Once a submit',
  step: 'Every step',
  epoch: 'After each epoch',
  prediction: 'A prediction',
} as const satisfies Record<PartName, string>;

/** When the kernels of a part of a plan run. */
export function partTitle(name: PartName): string {
  return PART_TITLES[name];
}
