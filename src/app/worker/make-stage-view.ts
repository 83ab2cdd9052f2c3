/**
 * Makes the stage's answer by a plain forward pass in float64 of the sample and the ten, with the
 * parameters as read back: the backend does nothing for it but hand its parameters out.
 */
import { scaledFeatures } from '../../data/samples';
import { classProbabilities } from '../../evaluation/predictions';
import type { PlacedLayer } from '../../layers/layer';
import { referenceOf } from '../../layers/reference';
import { predictedClass } from '../../model/loss';
import { inputsOf, layersOf, outputOf, outputsOf } from '../../model/network-spec';
import { viewsOf } from '../../model/parameter-layout';
import { parametersOfUnit } from '../../model/unit-parameters';
import { forward } from '../../reference/network';
import type { Problem } from '../../training/backend';
import type { Prepared } from '../../training/prepare';
import {
  type Edges,
  MOST_WHOLE,
  type StageLayer,
  type StageQuestion,
  type StageUnit,
  type StageView,
  UNITS_SHOWN,
  type UnitName,
} from './stage-view';
import type { Snapshot } from './training-service';

/** Weights drawn between two layers, at most about. */
const EDGES_SHOWN = 384;
/** A unit that was shown stays while it is among so many times as many of the strongest: less comes and goes. */
const STAYS_AMONG = 2;

/**
 * The stage of a run with the parameters of a snapshot.
 *
 * @throws RangeError where a sample's features are not as many as the network's inputs
 */
export function stageViewOf(
  { problem, sampleIndices }: Pick<Prepared, 'problem' | 'sampleIndices'>,
  { epoch, batch, parameters }: Snapshot,
  question: StageQuestion,
): StageView {
  const began = performance.now();
  const { spec, test } = problem;
  const inputs = inputsOf(spec);
  const places = layersOf(spec);
  const { sample, features: own } = sampleFor(problem, question.sample ?? sampleIndices[0]);

  const count = sampleIndices.length + 1;
  const features = new Float64Array(count * inputs);
  features.set(own);
  for (const [position, index] of sampleIndices.entries()) {
    features.set(scaledFeatures(test, index, 1), (position + 1) * inputs);
  }
  const activations = forward(spec, parameters, features, count);
  const width = outputsOf(spec);
  const outputs = activations[activations.length - 1];
  const probabilities = classProbabilities(outputs, outputOf(spec));
  const classes = probabilities.length / count;

  const layers: StageLayer[] = [];
  for (const [position, place] of places.entries()) {
    const values = activations[position].subarray(0, place.outputs);
    const shown = unitsShown(values, question.before[position]);
    const before = layers.at(-1)?.shown;
    layers.push({
      shown,
      activations: Float64Array.from(shown, (unit) => values[unit]),
      edges: edgesOf(place, parameters, shown, before),
    });
  }
  return {
    ...{ epoch, batch },
    sample,
    layers,
    probabilities: probabilities.slice(0, classes),
    predicted: predictedClass(outputs, 0, width),
    answers: Array.from(sampleIndices, (index, position) => {
      const row = position + 1;
      const predicted = predictedClass(outputs, row * width, width);
      return {
        ...{ sample: index, label: test.labels[index], predicted },
        probability: probabilities[row * classes + predicted],
      };
    }),
    unit: unitOf(places, parameters, [own, ...activations], question.unit),
    milliseconds: performance.now() - began,
  };
}

/**
 * The sample that is asked for, and what the network gets of it.
 *
 * @param wanted - its index in the test set, or its scaled features
 * @throws RangeError where its features are not as many as the network's inputs
 */
export function sampleFor(
  { spec, test }: Problem,
  wanted: number | Float64Array,
): { readonly sample: number | undefined; readonly features: Float64Array } {
  const sample = typeof wanted === 'number' ? Math.min(wanted, test.count - 1) : undefined;
  const features = typeof wanted === 'number' ? scaledFeatures(test, sample ?? 0, 1) : wanted;
  const inputs = inputsOf(spec);
  if (features.length !== inputs) {
    throw new RangeError(`${features.length} features are not ${inputs}`);
  }
  return { sample, features };
}

/**
 * Which units of a layer are shown: all of a small one, else the strongest, of which those that were
 * shown before stay as long as they are near the strongest.
 *
 * @param activations - of all units of the layer
 * @returns indices of units, ascending
 */
export function unitsShown(activations: Float64Array, before?: Uint32Array): Uint32Array {
  const { length } = activations;
  if (length <= MOST_WHOLE) return Uint32Array.from(activations, (_, unit) => unit);
  const order = Uint32Array.from(activations, (_, unit) => unit).sort(
    (a, b) => Math.abs(activations[b]) - Math.abs(activations[a]) || a - b,
  );
  const near = new Set(order.subarray(0, STAYS_AMONG * UNITS_SHOWN));
  const chosen = new Set([...(before ?? [])].filter((unit) => near.has(unit)));
  for (const unit of order) {
    if (chosen.size >= UNITS_SHOWN) break;
    chosen.add(unit);
  }
  return Uint32Array.from(chosen).sort();
}

/**
 * The strongest weights of each unit shown, from the units shown before it; none of a layer whose units
 * do not have a weight for every input.
 *
 * @param before - the units shown of the layer before; all inputs where it is left out
 */
export function edgesOf(
  place: PlacedLayer,
  parameters: Float64Array,
  shown: Uint32Array,
  before?: Uint32Array,
): Edges {
  const sources = before?.length ?? place.inputs;
  const each = Math.min(sources, Math.max(1, Math.floor(EDGES_SHOWN / shown.length)));
  const from: number[] = [];
  const to: number[] = [];
  const weights: number[] = [];
  for (const [position, unit] of shown.entries()) {
    const all = parametersOfUnit(place, parameters, unit).weights;
    if (all.length !== place.inputs) continue;
    const weightAt = (source: number) => all[before === undefined ? source : before[source]];
    for (const source of strongest(sources, each, weightAt)) {
      from.push(source);
      to.push(position);
      weights.push(weightAt(source));
    }
  }
  const slice = place.slices.find(({ kind }) => kind === 'weights');
  let largest = Number.MIN_VALUE;
  for (let i = 0; i < (slice?.length ?? 0); i++) {
    largest = Math.max(largest, Math.abs(parameters[(slice?.offset ?? 0) + i]));
  }
  return {
    from: Uint32Array.from(from),
    to: Uint32Array.from(to),
    weights: Float64Array.from(weights),
    largest,
  };
}

/** The `count` of `length` indices whose value has the largest magnitude, in any order. */
function strongest(length: number, count: number, weightAt: (index: number) => number): number[] {
  const indices = Array.from({ length }, (_, index) => index);
  if (count >= length) return indices;
  const sizes = Float64Array.from(indices, (index) => Math.abs(weightAt(index))).sort();
  const least = sizes[length - count];
  // Equals at the threshold may be more than there is room for.
  return indices.filter((index) => Math.abs(weightAt(index)) >= least).slice(0, count);
}

/**
 * A unit closely.
 *
 * @param values - the sample, and what each layer makes of it, of one sample or more
 * @returns undefined where there is no such unit
 */
export function unitOf(
  places: readonly PlacedLayer[],
  parameters: Float64Array,
  values: readonly Float64Array[],
  name: UnitName | undefined,
): StageUnit | undefined {
  const place = name && places[name.layer - 1];
  if (name === undefined || place === undefined || name.unit >= place.outputs) return undefined;
  const input = values[name.layer - 1].subarray(0, place.inputs);
  const pass = { place, parameters: viewsOf(place, parameters), input, count: 1 };
  const { weights, bias } = parametersOfUnit(place, parameters, name.unit);
  return {
    ...name,
    // A copy: a view would take all parameters along.
    weights: weights.slice(),
    bias,
    sum: referenceOf(place.layer).forward(pass)[name.unit],
    activation: values[name.layer][name.unit],
  };
}
