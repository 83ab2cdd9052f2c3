/** Makes the feature maps of a sample's plain forward pass in float64, with the parameters as read back. */
import { classProbabilities } from '../../evaluation/predictions';
import { asImage } from '../../layers/image';
import { sizeOf } from '../../layers/kind';
import type { PlacedLayer } from '../../layers/layer';
import { predictedClass } from '../../model/loss';
import { layersOf, outputOf } from '../../model/network-spec';
import { hasMaps, hasPlace, type MapPlace } from '../../model/receptive-field';
import { parametersOfChannel } from '../../model/unit-parameters';
import type { Prepared } from '../../training/prepare';
import {
  CHANNELS_FOLDED,
  CHANNELS_UNFOLDED,
  type FeatureMaps,
  type FirstFilters,
  type LayerMaps,
  type LookedAtPlace,
  type MapsQuestion,
} from './feature-maps';
import { unitOf } from './make-stage-view';
import type { Pass } from './pass';

/** The feature maps of a sample on its way through a run's network; none of a network without any. */
export function featureMapsOf(
  { problem: { spec } }: Pick<Prepared, 'problem'>,
  { epoch, batch, parameters, sample, values: all, outputs }: Pass,
  { unfolded, place: lookedAt }: MapsQuestion,
): FeatureMaps {
  const places = layersOf(spec);
  const layers = places.filter(hasMaps).map((place): LayerMaps => {
    const values = all[place.index];
    const [count, ...size] = place.output;
    const most = unfolded.includes(place.index) ? CHANNELS_UNFOLDED : CHANNELS_FOLDED;
    const channels = Math.min(count, most);
    return {
      ...{ layer: place.index, channels },
      values: Float32Array.from(values.subarray(0, channels * sizeOf(size))),
      largest: largestOf(values),
    };
  });
  return {
    ...{ epoch, batch, sample, layers },
    filters: firstFilters(places[0], parameters, layers[0]?.channels ?? 0),
    probabilities: classProbabilities(outputs, outputOf(spec)),
    predicted: predictedClass(outputs, 0, outputs.length),
    place: closely(places, parameters, all, lookedAt),
  };
}

function firstFilters(
  place: PlacedLayer,
  parameters: Float64Array,
  shown: number,
): FirstFilters | undefined {
  const weights = place.slices.find(({ kind }) => kind === 'weights');
  if (!hasMaps(place) || weights === undefined) return undefined;
  const { offset, length, shape } = weights;
  const all = parameters.subarray(offset, offset + length);
  return { weights: all.slice(0, (shown * length) / shape[0]), largest: largestOf(all) };
}

/** @param values - the sample, and what each layer makes of it */
function closely(
  places: readonly PlacedLayer[],
  parameters: Float64Array,
  values: readonly Float64Array[],
  at: MapPlace | undefined,
): LookedAtPlace | undefined {
  if (at === undefined || !hasPlace(places, at)) return undefined;
  const { layer, channel, row, column } = at;
  const place = places[layer - 1];
  const { height, width } = asImage(place.output);
  const unit = (channel * height + row) * width + column;
  const seen = unitOf(places, parameters, values, { layer, unit });
  if (seen === undefined) return undefined;
  const { weights, bias } = parametersOfChannel(place, parameters, channel);
  // A copy: a view would take all parameters along.
  const filter = weights.slice();
  return {
    ...{ layer, channel, row, column },
    value: seen.activation,
    sum: seen.sum,
    bias,
    filter,
  };
}

function largestOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
}
