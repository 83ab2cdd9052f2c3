/** What of its layer's parameters belongs to one unit. */
import type { PlacedLayer } from '../layers/layer';

export interface UnitParameters {
  /** Of a dense layer, one for each input; none where the layer has no weights. */
  readonly weights: Float64Array;
  /** Undefined where the layer has none. */
  readonly bias: number | undefined;
}

/** A unit's share of each slice that goes by units: row `unit` of a dense layer's W, and its b. */
export function parametersOfUnit(
  { slices, outputs }: PlacedLayer,
  parameters: Float64Array,
  unit: number,
): UnitParameters {
  const shareOf = (wanted: 'weights' | 'biases') => {
    const slice = slices.find(({ kind, shape }) => kind === wanted && shape[0] === outputs);
    if (slice === undefined) return new Float64Array();
    const length = slice.length / outputs;
    const from = slice.offset + unit * length;
    return parameters.subarray(from, from + length);
  };
  return { weights: shareOf('weights'), bias: shareOf('biases').at(0) };
}
