/** Forward pass, loss, deltas and gradients of a batch, each from the float32 numbers that go into it. */

import type { DispatchEntry } from '../../gpu/step-through';
import { predictedClass } from '../../model/loss';
import { layersOf, outputsOf } from '../../model/network-spec';
import {
  activationDerivative,
  denseBackwardWeights,
  denseForward,
  outputDelta,
  parametersOf,
  sampleLoss,
} from '../../reference/network';
import type { Problem, Samples } from '../../training/backend';
import { dropoutScale, dropoutThreshold } from '../../training/dropout';
import {
  type Approximate,
  activated,
  denseSums,
  EPSILON,
  exact,
  lossBound,
  probabilities,
  reduction,
  scaled,
  sumBound,
} from './approximate';
import { type Comparison, compare } from './comparison';

/** Dropout's factor on hidden units of a layer in a batch, by their place in (rows × units); 1 without it. */
export function dropoutOf({ hyperparameters, spec }: Problem, layer: number, step: number) {
  const threshold = dropoutThreshold(hyperparameters.dropout);
  const units = spec.widths[layer];
  return (i: number): number =>
    threshold === 0
      ? 1
      : dropoutScale(
          threshold,
          hyperparameters.seed,
          step,
          layer,
          Math.floor(i / units),
          i % units,
        );
}

/** Weighted sums of layer `layer` (from 1). */
function sumsOf(
  { spec }: Problem,
  parameters: Float64Array,
  layer: number,
  input: Approximate,
): Approximate {
  const { weights, biases } = parametersOf(spec, parameters, layer);
  return denseSums(input, weights, biases, input.values.length / spec.widths[layer - 1]);
}

/** Activations of a hidden layer, or the logits; with dropout where `step` is given. */
export function outputsOfLayer(
  problem: Problem,
  parameters: Float64Array,
  layer: number,
  input: Approximate,
  step?: number,
): Approximate {
  const { spec } = problem;
  const sums = sumsOf(problem, parameters, layer, input);
  if (layer === spec.widths.length - 1) return sums;
  const values = activated(spec.activation, sums);
  const hasDropout = step !== undefined && problem.hyperparameters.dropout > 0;
  return hasDropout ? scaled(values, dropoutOf(problem, layer, step)) : values;
}

/** The output layer's delta, P - Y. */
export function outputDeltas(
  { spec }: Problem,
  logits: Approximate,
  labels: Uint8Array,
): Approximate {
  const p = probabilities(spec.output, logits, labels.length);
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
  const { spec } = problem;
  const [units, nextUnits] = [spec.widths[layer], spec.widths[layer + 1]];
  const { weights } = parametersOf(spec, parameters, layer + 1);
  // dZ_next · W is a dense layer of its own, with the weights turned round.
  const turned = new Float64Array(weights.length);
  for (let k = 0; k < nextUnits; k++) {
    for (let unit = 0; unit < units; unit++) {
      turned[unit * nextUnits + k] = weights[k * units + unit];
    }
  }
  const rows = activations.length / units;
  const sums = denseForward(nextDelta, turned, new Float64Array(units), rows);
  const magnitudes = denseForward(
    nextDelta.map(Math.abs),
    turned.map(Math.abs),
    new Float64Array(units),
    rows,
  );
  const scaleAt = dropoutOf(problem, layer, step);
  const bounds = new Float64Array(sums.length);
  const values = sums.map((sum, i) => {
    const scale = scaleAt(i);
    const a = scale === 0 ? 0 : activations[i] / scale;
    const slope = activationDerivative(spec.activation, a) * scale;
    // 1 - a² near a = 1 cancels: its absolute error is a unit of 1, not of the slope.
    const slopeError = 8 * EPSILON * Math.max(Math.abs(slope), scale);
    bounds[i] =
      sumBound(nextUnits, magnitudes[i]) * Math.abs(slope) + Math.abs(sum) * slopeError + 1e-30;
    return sum * slope;
  });
  return { values, bounds };
}

/** The mean gradient of a layer's weights, and of its biases, over the batch. */
export function layerGradients(
  delta: Float64Array,
  input: Float64Array,
  rows: number,
): { readonly weights: Approximate; readonly biases: Approximate } {
  const [units, inputs] = [delta.length / rows, input.length / rows];
  const mean = (d: Float64Array, x: Float64Array) => {
    const weights = new Float64Array(units * inputs);
    const biases = new Float64Array(units);
    denseBackwardWeights(d, x, rows, weights, biases);
    return { weights, biases };
  };
  const values = mean(delta, input);
  const magnitudes = mean(delta.map(Math.abs), input.map(Math.abs));
  const bounded = (value: Float64Array, magnitude: Float64Array): Approximate => ({
    values: value,
    bounds: magnitude.map((m, i) => sumBound(rows, m) + 2 * EPSILON * Math.abs(value[i]) + 1e-38),
  });
  return {
    weights: bounded(values.weights, magnitudes.weights),
    biases: bounded(values.biases, magnitudes.biases),
  };
}

/** Gradients of every layer, flat, from deltas and inputs as stored. */
export function flatGradients(
  { spec, parameters }: Problem,
  deltas: readonly Float64Array[],
  inputs: readonly Float64Array[],
  rows: number,
): Approximate {
  const all = exact(new Float64Array(parameters.length));
  for (const { index } of layersOf(spec)) {
    const { weights, biases } = layerGradients(deltas[index - 1], inputs[index - 1], rows);
    for (const part of ['values', 'bounds'] as const) {
      const slices = parametersOf(spec, all[part], index);
      slices.weights.set(weights[part]);
      slices.biases.set(biases[part]);
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
  const p = probabilities(spec.output, logits, labels.length).values;
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
  actual: { readonly loss: number; readonly correct: number },
  { losses, correct, undecided }: LossExpected,
  samples: number,
  before: { readonly loss: number; readonly correct: number } = { loss: 0, correct: 0 },
): readonly Comparison[] {
  const sum = reduction(losses.values);
  const carried = losses.bounds.reduce((total, bound) => total + bound, 0);
  const loss = before.loss + sum.value / samples;
  return [
    compare(`${quantity}loss`, [actual.loss], {
      values: Float64Array.of(loss),
      bounds: Float64Array.of((sum.bound + carried) / samples + 2 * EPSILON * Math.abs(loss)),
    }),
    compare(`${quantity}correct predictions`, [actual.correct], {
      values: Float64Array.of(before.correct + correct),
      bounds: Float64Array.of(undecided),
    }),
  ];
}

/** The samples of a batch in its order; all of them where there is no permutation. */
export function batchOf(
  { train, spec }: Problem,
  { firstRow, rows }: DispatchEntry,
  permutation: Uint32Array | undefined,
): Samples {
  const width = spec.widths[0];
  const features = new Float64Array(rows * width);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const source = permutation === undefined ? row : permutation[firstRow + row];
    for (let k = 0; k < width; k++) {
      features[row * width + k] = Math.fround(train.features[source * width + k]);
    }
    labels[row] = train.labels[source];
  }
  return { features, labels, count: rows };
}
