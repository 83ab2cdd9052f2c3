/** Each layer kind on the backend cpu. */
import type { CpuLayer, LayerCpu } from '../cpu/layer-cpu';
import { BackendUnavailableError } from '../training/errors';
import { conv } from './conv2d/cpu';
import { dense } from './dense/cpu';
import type { Layer, LayerKindName, LayerOf } from './layer';
import { maxPool } from './max-pool2d/cpu';

const CPU = {
  dense,
  conv,
  max_pool: maxPool,
} satisfies { readonly [K in LayerKindName]: LayerCpu<LayerOf<K>> };

/** @throws BackendUnavailableError where the backend cpu does not take the layer's kind */
export function cpuOf(layer: Layer): CpuLayer {
  const cpu: LayerCpu = CPU[layer.kind];
  if (!('declined' in cpu)) return cpu;
  throw new BackendUnavailableError(
    'unsupported',
    `The backend cpu does not take a layer ${layer.kind}: ${cpu.declined}. Another backend does.`,
  );
}
