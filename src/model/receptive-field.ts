/**
 * What a place of a feature map sees of what lies below it: the receptive field, followed back layer by
 * layer to the sample.
 */
import { asImage } from '../layers/image';
import { kindOf, type PlacedLayer } from '../layers/layer';

/** Rows or columns one after the other, from 0; the last one is a part of it. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** A part of an image, inside its edges. */
export interface Patch {
  readonly rows: Span;
  readonly columns: Span;
  /** The one channel that is seen; undefined where all are. */
  readonly channel: number | undefined;
}

/** A place of a feature map: its layer from 1, and where it is in what that gives, from 0. */
export interface MapPlace {
  readonly layer: number;
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

/** Whether what a layer gives are feature maps: images, made window by window. */
export function hasMaps({ layer, output }: PlacedLayer): boolean {
  return output.length === 3 && kindOf(layer).imageWindow !== undefined;
}

/** Whether a network has such a place. */
export function hasPlace(places: readonly PlacedLayer[], at: MapPlace): boolean {
  const place = places.at(at.layer - 1);
  if (at.layer < 1 || place === undefined || !hasMaps(place)) return false;
  const { channels, height, width } = asImage(place.output);
  return at.channel < channels && at.row < height && at.column < width;
}

/**
 * What a place sees: of the sample at index 0, and of what each layer below it gives, up to the place
 * itself. Zeros beyond an edge are no part of it.
 *
 * @throws RangeError where the network has no such place
 */
export function patchesOf(places: readonly PlacedLayer[], at: MapPlace): readonly Patch[] {
  if (!hasPlace(places, at)) throw new RangeError(`there is no place ${JSON.stringify(at)}`);
  let patch: Patch = {
    rows: { first: at.row, last: at.row },
    columns: { first: at.column, last: at.column },
    channel: at.channel,
  };
  const patches = [patch];
  for (let index = at.layer; index > 0; index--) {
    const { layer, input } = places[index - 1];
    const window = kindOf(layer).imageWindow?.(layer);
    // Images come only from images.
    if (window === undefined) throw new RangeError(`layer ${index} has no windows`);
    const { height, width } = asImage(input);
    patch = {
      rows: spanBelow(patch.rows, window.stride, window.paddingY, window.height, height),
      columns: spanBelow(patch.columns, window.stride, window.paddingX, window.width, width),
      channel: window.seesAllChannels ? undefined : patch.channel,
    };
    patches.unshift(patch);
  }
  return patches;
}

/** What windows at a span see of `size` rows or columns below it. */
function spanBelow(
  { first, last }: Span,
  stride: number,
  padding: number,
  window: number,
  size: number,
): Span {
  return {
    first: Math.max(0, first * stride - padding),
    last: Math.min(size - 1, last * stride - padding + window - 1),
  };
}
