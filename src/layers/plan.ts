/** Each layer kind's steps in the layered schedule. */
import type { LayerPlan } from '../gpu/plan/layer-plan';
import { conv } from './conv2d/plan';
import { dense } from './dense/plan';
import type { Layer, LayerKindName, LayerOf } from './layer';
import { maxPool } from './max-pool2d/plan';

const PLANS = {
  dense,
  conv,
  max_pool: maxPool,
} satisfies { readonly [K in LayerKindName]: LayerPlan<LayerOf<K>> };

export function planOf(layer: Layer): LayerPlan {
  return PLANS[layer.kind];
}
