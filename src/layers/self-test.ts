/** The self-test of each layer kind. */
import type { LayerCheck } from '../session/self-test/layer-check';
import { conv } from './conv2d/self-test';
import { dense } from './dense/self-test';
import type { Layer, LayerKindName, LayerOf } from './layer';
import { maxPool } from './max-pool2d/self-test';

const CHECKS = {
  dense,
  conv,
  max_pool: maxPool,
} satisfies { readonly [K in LayerKindName]: LayerCheck<LayerOf<K>> };

export function checkOf(layer: Layer): LayerCheck {
  return CHECKS[layer.kind];
}
