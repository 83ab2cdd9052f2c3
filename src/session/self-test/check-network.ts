/** Forward pass, loss, deltas and gradients of a batch, each from the float32 numbers that go into it. */

import { readRunning } from '../../gpu/runtime/read-metrics';
import type { Dispatched } from '../../gpu/runtime/step-through';
import type { PlacedLayer } from '../../layers/layer';
import { checkOf } from '../../layers/self-test';
import { predictedClass, sampleLoss } from '../../model/loss';
import { layersOf, outputOf, outputsOf } from '../../model/network-spec';
import { viewsOf } from '../../model/parameter-layout';
import { activationDerivative } from '../../reference/activations';
import { outputDelta } from '../../reference/network';
import type { Problem } from '../../training/backend';
import { dropoutScale, dropoutThreshold } from '../../training/dropout';
import type { LossSums } from '../../training/host-backend';
import { type Batch, takeSamples } from '../../training/steps';
import {
  type Approximate,
  activated,
  EPSILON,
  exact,
  lossBound,
  probabilities,
  reduction,
  scaled,
  single,
} from './approximate';
import { type Comparison, compare } from './comparison';

/** Dropout's factor on a layer's values in a batch, by their place in (rows × units); 1 without it. */
function dropoutOf(
  { hyperparameters }: Problem,
  { index, layer, outputs }: PlacedLayer,
  step: number,
) {
  const threshold = dropoutThreshold(layer.dropout);
  const { seed } = hyperparameters;
  return (i: number): number =>
    threshold === 0
      ? 1
      : dropoutScale(threshold, seed, step, index, Math.floor(i / outputs), i % outputs);
}

/** Activations of a hidden layer, or the logits; with dropout where `step` is given. */
export function outputsOfLayer(
  problem: Problem,
  parameters: Float64Array,
  index: number,
  input: Approximate,
  step?: number,
): Approximate {
  const place = layersOf(problem.spec)[index - 1];
  const { layer, inputs, isOutput } = place;
  const rows = input.values.length / inputs;
  const sums = checkOf(layer).forward(place, viewsOf(place, parameters), input, rows);
  if (isOutput) return sums;
  const values = activated(layer.activation, sums);
  const hasDropout = step !== undefined && layer.dropout > 0;
  return hasDropout ? scaled(values, dropoutOf(problem, place, step)) : values;
}

/** The output layer's delta, P - Y. */
export function outputDeltas(
  { spec }: Problem,
  logits: Approximate,
  labels: Uint8Array,
): Approximate {
  const p = probabilities(outputOf(spec), logits, labels.length);
  return {
    values: outputDelta(p.values, labels),
    bounds: p.bounds.map((bound) => bound + 2 * EPSILON),
  };
}

/** A hidden layer's delta, from the next one's and from the layer's own activations, both as stored. */
export function hiddenDeltas(
  problem: Problem,
  parameters: Float64Array,
  layer: number,
  nextDelta: Float64Array,
  activations: Float64Array,
  step: number,
): Approximate {
  const places = layersOf(problem.spec);
  const [place, next] = [places[layer - 1], places[layer]];
  const rows = activations.length / place.outputs;
  const sums = checkOf(next.layer).backwardInput(
    next,
    viewsOf(next, parameters),
    nextDelta,
    activations,
    rows,
  );
  const scaleAt = dropoutOf(problem, place, step);
  const bounds = new Float64Array(sums.values.length);
  const values = sums.values.map((sum, i) => {
    const scale = scaleAt(i);
    const a = scale === 0 ? 0 : activations[i] / scale;
    const slope = activationDerivative(place.layer.activation, a) * scale;
    // 1 - a² near a = 1 cancels: its absolute error is a unit of 1, not of the slope.
    const slopeError = 8 * EPSILON * Math.max(Math.abs(slope), scale);
    bounds[i] = sums.bounds[i] * Math.abs(slope) + Math.abs(sum) * slopeError + 1e-30;
    return sum * slope;
  });
  return { values, bounds };
}

/** Gradients of every layer, flat, from deltas and inputs as stored. */
export function flatGradients(
  { spec, parameters }: Problem,
  deltas: readonly Float64Array[],
  inputs: readonly Float64Array[],
  rows: number,
): Approximate {
  const all = exact(new Float64Array(parameters.length));
  for (const place of layersOf(spec)) {
    const { index, layer } = place;
    const slices = checkOf(layer).gradients(place, deltas[index - 1], inputs[index - 1], rows);
    for (const part of ['values', 'bounds'] as const) {
      for (const [i, view] of viewsOf(place, all[part]).entries()) view.set(slices[i][part]);
    }
  }
  return all;
}

/** Losses and correct predictions of a batch. */
export interface LossExpected {
  readonly losses: Approximate;
  readonly correct: number;
  /** Predictions that the logits' bounds leave open. */
  readonly undecided: number;
}

/** Loss and correctness of each sample from its logits (samples × outputs), with the loss's bound. */
export function lossesOf({ spec }: Problem, logits: Approximate, labels: Uint8Array): LossExpected {
  const width = outputsOf(spec);
  const p = probabilities(outputOf(spec), logits, labels.length).values;
  const bound = lossBound(logits);
  let correct = 0;
  let undecided = 0;
  const values = Float64Array.from(labels, (label, row) => {
    const own = p.subarray(row * width, (row + 1) * width);
    if (predictedClass(own) === label) correct++;
    const z = logits.values.subarray(row * width, (row + 1) * width);
    const most = Math.max(...logits.bounds.subarray(row * width, (row + 1) * width));
    if (margin(z) <= 2 * most) undecided++;
    return sampleLoss(own, label);
  });
  return { losses: { values, bounds: values.map(() => bound) }, correct, undecided };
}

/** How far the logits are from another prediction. */
function margin(logits: Float64Array): number {
  if (logits.length === 1) return Math.abs(logits[0]);
  const [first, second] = [...logits].sort((a, b) => b - a);
  return first - second;
}

/** Compares the mean of losses, on top of a sum so far, and the number of correct predictions. */
export function compareSums(
  quantity: string,
  actual: LossSums,
  { losses, correct, undecided }: LossExpected,
  samples: number,
  before: LossSums = { loss: 0, correct: 0 },
): readonly Comparison[] {
  const sum = reduction(losses.values);
  const carried = losses.bounds.reduce((total, bound) => total + bound, 0);
  const loss = before.loss + sum.value / samples;
  const bound = (sum.bound + carried) / samples + 2 * EPSILON * Math.abs(loss);
  const total = single(before.correct + correct, undecided);
  return [
    compare(`${quantity}loss`, [actual.loss], single(loss, bound)),
    compare(`${quantity}correct predictions`, [actual.correct], total),
  ];
}

/** Compares the sums of the epoch under way, as a batch with these losses leaves them. */
export function compareRunning(
  { train }: Problem,
  { before, after, entry }: Dispatched,
  expected: LossExpected,
): readonly Comparison[] {
  const start = entry.isFirst ? undefined : readRunning(before.running);
  return compareSums('', readRunning(after.running), expected, train.count, start);
}

/** The samples of a batch in its order, as float32 has them; all of them where there is no permutation. */
export function batchOf(
  { train }: Problem,
  { before: { permutation }, entry: { firstRow, rows } }: Dispatched,
): Batch {
  const order = permutation?.subarray(firstRow, firstRow + rows) ?? null;
  const { features, ...batch } = takeSamples(train, order);
  return { ...batch, features: features.map(Math.fround) };
}
