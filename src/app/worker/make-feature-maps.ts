/**
 * Makes the feature maps as the stage's answer is made: by a plain forward pass in float64 with the
 * parameters as read back, here of one sample alone.
 */
import { classProbabilities } from '../../evaluation/predictions';
import { asImage } from '../../layers/image';
import { sizeOf } from '../../layers/kind';
import type { PlacedLayer } from '../../layers/layer';
import { predictedClass } from '../../model/loss';
import { layersOf, outputOf } from '../../model/network-spec';
import { hasMaps, hasPlace, type MapPlace } from '../../model/receptive-field';
import { parametersOfChannel } from '../../model/unit-parameters';
import { forward } from '../../reference/network';
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
import { sampleFor, unitOf } from './make-stage-view';
import type { Snapshot } from './training-service';

/**
 * The feature maps of a run with the parameters of a snapshot; none of a network without any.
 *
 * @throws RangeError where a sample's features are not as many as the network's inputs
 */
export function featureMapsOf(
  { problem, sampleIndices }: Pick<Prepared, 'problem' | 'sampleIndices'>,
  { epoch, batch, parameters }: Snapshot,
  { sample: wanted, unfolded, place: lookedAt }: MapsQuestion,
): FeatureMaps {
  const began = performance.now();
  const { spec } = problem;
  const places = layersOf(spec);
  const { sample, features } = sampleFor(problem, wanted ?? sampleIndices[0]);
  const activations = forward(spec, parameters, features, 1);
  const outputs = activations[activations.length - 1];
  const layers = places.filter(hasMaps).map((place): LayerMaps => {
    const values = activations[place.index - 1];
    const [all, ...size] = place.output;
    const most = unfolded.includes(place.index) ? CHANNELS_UNFOLDED : CHANNELS_FOLDED;
    const channels = Math.min(all, most);
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
    place: closely(places, parameters, [features, ...activations], lookedAt),
    milliseconds: performance.now() - began,
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
