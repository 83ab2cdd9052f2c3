/** Each layer kind's steps in the layered schedule. */
import type { LayerPlan } from '../gpu/plan/layer-plan';
import { dense } from './dense/plan';
import type { Layer, LayerKindName, LayerOf } from './layer';

const PLANS = {
  dense,
} satisfies { readonly [K in LayerKindName]: LayerPlan<LayerOf<K>> };

export function planOf(layer: Layer): LayerPlan {
  return PLANS[layer.kind];
}
