/** What of its layer's parameters belongs to one unit, or to one feature map. */
import type { PlacedLayer } from '../layers/layer';

export interface UnitParameters {
  /** Of a dense layer, one for each input; none where the layer has no weights. */
  readonly weights: Float64Array;
  /** Undefined where the layer has none. */
  readonly bias: number | undefined;
}

/** A unit's share of each slice that goes by units: row `unit` of a dense layer's W, and its b. */
export function parametersOfUnit(
  place: PlacedLayer,
  parameters: Float64Array,
  unit: number,
): UnitParameters {
  return shareOf(place, parameters, unit, place.outputs);
}

/** What all places of a feature map share: filter `channel` of a convolution's W, and its b. */
export function parametersOfChannel(
  place: PlacedLayer,
  parameters: Float64Array,
  channel: number,
): UnitParameters {
  return shareOf(place, parameters, channel, place.output[0]);
}

/** Share `index` of the slices that have `count` of them. */
function shareOf(
  { slices }: PlacedLayer,
  parameters: Float64Array,
  index: number,
  count: number,
): UnitParameters {
  const partOf = (wanted: 'weights' | 'biases') => {
    const slice = slices.find(({ kind, shape }) => kind === wanted && shape[0] === count);
    if (slice === undefined) return new Float64Array();
    const length = slice.length / count;
    const from = slice.offset + index * length;
    return parameters.subarray(from, from + length);
  };
  return { weights: partOf('weights'), bias: partOf('biases').at(0) };
}
