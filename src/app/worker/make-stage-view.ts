/**
 * Makes the stage's answer of a sample's plain forward pass in float64, with the parameters as read back,
 * and of what the network makes of the ten.
 */
import { gatherFeatures } from '../../data/samples';
import { classProbabilities } from '../../evaluation/predictions';
import type { PlacedLayer } from '../../layers/layer';
import { referenceOf } from '../../layers/reference';
import { predictedClass } from '../../model/loss';
import { layersOf, outputOf } from '../../model/network-spec';
import { viewsOf } from '../../model/parameter-layout';
import { parametersOfUnit } from '../../model/unit-parameters';
import { forward } from '../../reference/network';
import type { Prepared } from '../../training/prepare';
import type { Pass } from './pass';
import {
  type Edges,
  MOST_WHOLE,
  type StageLayer,
  type StageQuestion,
  type StageUnit,
  type StageView,
  shownOf,
  UNITS_SHOWN,
  type UnitName,
} from './stage-view';

/** Weights drawn between two layers, at most about. */
const EDGES_SHOWN = 384;
/** A unit that was shown stays while it is among so many times as many of the strongest: less comes and goes. */
const STAYS_AMONG = 2;

type OfTen = Pick<Prepared, 'problem' | 'sampleIndices'>;

/** The ten samples as the network gets them. */
export function tenOf({ problem: { test }, sampleIndices }: OfTen) {
  const features = gatherFeatures(test, Uint32Array.from(sampleIndices));
  return { features, count: sampleIndices.length };
}

/**
 * The stage of a run, of a sample on its way through its network.
 *
 * @param answers - what the network with the same parameters makes of the ten, (10 × outputs); by default
 *   the reference sends them through
 */
export function stageViewOf(
  prepared: OfTen,
  { epoch, batch, parameters, sample, values, outputs }: Pass,
  question: StageQuestion,
  answers: Float64Array = answersByReference(prepared, parameters),
): StageView {
  const { problem, sampleIndices } = prepared;
  const { spec, test } = problem;
  const places = layersOf(spec);
  const layers: StageLayer[] = [];
  for (const [position, place] of places.entries()) {
    const activations = values[place.index];
    const maps = mapsShown(place, activations);
    const shown = maps?.strongest ?? unitsShown(activations, question.before[position]);
    const before = layers.at(-1)?.shown;
    layers.push({
      shown,
      activations: Float64Array.from(shown, (unit) => activations[unit]),
      edges: edgesOf(place, parameters, shown, before),
      maps: maps?.values,
    });
  }
  const answerOf = (row: Float64Array) => {
    const predicted = predictedClass(row, 0, row.length);
    const probabilities = classProbabilities(row, outputOf(spec));
    return { predicted, probabilities };
  };
  const width = outputs.length;
  return {
    ...{ epoch, batch, sample, layers },
    ...answerOf(outputs),
    answers: Array.from(sampleIndices, (index, position) => {
      const row = answers.subarray(position * width, (position + 1) * width);
      // The one that flows through has one answer only.
      const { predicted, probabilities } = answerOf(index === sample ? outputs : row);
      const probability = probabilities[predicted];
      return { sample: index, label: test.labels[index], predicted, probability };
    }),
    unit: unitOf(places, parameters, values, question.unit),
  };
}

function answersByReference(prepared: OfTen, parameters: Float64Array): Float64Array {
  const { features, count } = tenOf(prepared);
  const activations = forward(prepared.problem.spec, parameters, features, count);
  return activations[activations.length - 1];
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
 * The first maps of a layer that has any, and the strongest unit of each, the first of equals.
 *
 * @param activations - of all units of the layer
 */
function mapsShown(
  place: PlacedLayer,
  activations: Float64Array,
): { readonly strongest: Uint32Array; readonly values: Float32Array } | undefined {
  if (place.output.length !== 3) return undefined;
  const [, height, width] = place.output;
  const size = height * width;
  const strongest = Uint32Array.from({ length: shownOf(place) }, (_, map) => {
    let best = map * size;
    for (let unit = best; unit < (map + 1) * size; unit++) {
      if (Math.abs(activations[unit]) > Math.abs(activations[best])) best = unit;
    }
    return best;
  });
  return { strongest, values: Float32Array.from(activations.subarray(0, strongest.length * size)) };
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
 * @param values - the sample, and what each layer makes of it
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
  const input = values[name.layer - 1];
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
