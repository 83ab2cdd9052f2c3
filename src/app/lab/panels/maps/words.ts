/** What the maps are called, and what a place of one sees, in words. Rows and columns count from 1 there. */
import type { PlacedLayer } from '../../../../layers/layer';
import type { Patch, Span } from '../../../../model/receptive-field';

/** `conv 1`, `max pool 2`: the kind, and which layer it is. */
export function layerName({ index, layer }: PlacedLayer): string {
  return `${layer.kind.replaceAll('_', ' ')} ${index}`;
}

/** Whether a layer has no value below 0: relu and sigmoid give none, and what has no weights none where it gets none. */
export function isNeverNegative(
  places: readonly PlacedLayer[],
  { index, layer, slices }: PlacedLayer,
): boolean {
  if (layer.activation === 'relu' || layer.activation === 'sigmoid') return true;
  return slices.length === 0 && index > 1 && isNeverNegative(places, places[index - 2]);
}

/** The index of the value of the largest magnitude, the first of equals; undefined where all are 0. */
export function strongestOf(values: ArrayLike<number>): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > most) [best, most] = [i, size];
  }
  return best;
}

/** `conv 1, channel 5 of 16, 28 by 28; strongest at row 12, column 9`. */
export function mapName(place: PlacedLayer, channel: number, values: ArrayLike<number>): string {
  const [channels, height, width] = place.output;
  const strongest = strongestOf(values);
  const where =
    strongest === undefined
      ? '0 everywhere'
      : `strongest at row ${Math.floor(strongest / width) + 1}, column ${(strongest % width) + 1}`;
  return `${layerName(place)}, channel ${channel + 1} of ${channels}, ${height} by ${width}; ${where}`;
}

/** `rows 3 to 8, columns 10 to 15`; `row 3, column 10`. */
export function patchText({ rows, columns }: Pick<Patch, 'rows' | 'columns'>): string {
  return `${spanText('row', rows)}, ${spanText('column', columns)}`;
}

function spanText(noun: string, { first, last }: Span): string {
  return first === last ? `${noun} ${first + 1}` : `${noun}s ${first + 1} to ${last + 1}`;
}

/**
 * What a place sees of the input, and of the layer below it where there is one: `rows 3 to 8, columns 10 to 15
 * of the input; rows 2 to 4, columns 5 to 7 of all 16 maps of max pool 2`.
 *
 * @param patches - as `patchesOf` gives them
 */
export function fieldText(places: readonly PlacedLayer[], patches: readonly Patch[]): string {
  const ofInput = `${patchText(patches[0])} of the input`;
  const level = patches.length - 2;
  if (level === 0) return ofInput;
  const below = patches[level];
  const { output } = places[level - 1];
  const maps =
    below.channel === undefined ? `all ${output[0]} maps` : `channel ${below.channel + 1}`;
  return `${ofInput}; ${patchText(below)} of ${maps} of ${layerName(places[level - 1])}`;
}
