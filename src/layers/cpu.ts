/** Each layer kind on the backend cpu. */
import type { LayerCpu } from '../cpu/layer-cpu';
import { dense } from './dense/cpu';
import type { Layer, LayerKindName, LayerOf } from './layer';

const CPU = {
  dense,
} satisfies { readonly [K in LayerKindName]: LayerCpu<LayerOf<K>> };

export function cpuOf(layer: Layer): LayerCpu {
  return CPU[layer.kind];
}
