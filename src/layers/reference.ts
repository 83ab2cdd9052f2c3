/** The reference of each layer kind. */
import type { LayerReference } from '../reference/layer-reference';
import { dense } from './dense/reference';
import type { Layer, LayerKindName, LayerOf } from './layer';

const REFERENCES = {
  dense,
} satisfies { readonly [K in LayerKindName]: LayerReference<LayerOf<K>> };

export function referenceOf(layer: Layer): LayerReference {
  return REFERENCES[layer.kind];
}
