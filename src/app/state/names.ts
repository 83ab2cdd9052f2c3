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

/** When the kernels of each part of a plan run. */
export const PART_TITLES = {
  chunk: 'Once a submit',
  step: 'Every step',
  epoch: 'After each epoch',
  prediction: 'A prediction',
} as const;
