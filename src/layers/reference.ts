/** The reference of each layer kind. */
import type { LayerReference } from '../reference/layer-reference';
import { conv } from './conv2d/reference';
import { dense } from './dense/reference';
import type { Layer, LayerKindName, LayerOf } from './layer';
import { maxPool } from './max-pool2d/reference';

const REFERENCES = {
  dense,
  conv,
  max_pool: maxPool,
} satisfies { readonly [K in LayerKindName]: LayerReference<LayerOf<K>> };

export function referenceOf(layer: Layer): LayerReference {
  return REFERENCES[layer.kind];
}
