/** The self-test of each layer kind. */
import type { LayerCheck } from '../session/self-test/layer-check';
import { dense } from './dense/self-test';
import type { Layer, LayerKindName, LayerOf } from './layer';

const CHECKS = {
  dense,
} satisfies { readonly [K in LayerKindName]: LayerCheck<LayerOf<K>> };

export function checkOf(layer: Layer): LayerCheck {
  return CHECKS[layer.kind];
}
