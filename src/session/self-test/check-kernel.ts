/** Holds what one dispatch wrote against float64, by the judge that its kernel names. */

import { trainingFeatures, widthOf } from '../../data/samples';
import { type Judge, type PlanStep, shapeOf } from '../../gpu/plan/plan';
import { readRecord, readRunning } from '../../gpu/runtime/read-metrics';
import { unpackParameters } from '../../gpu/runtime/read-trace';
import type { Dispatched } from '../../gpu/runtime/step-through';
import type { PlacedLayer } from '../../layers/layer';
import { checkOf } from '../../layers/self-test';
import { layersOf, outputOf, outputsOf } from '../../model/network-spec';
import { trainedPart } from '../../model/trained-part';
import type { Problem } from '../../training/backend';
import type { LossSums } from '../../training/host-backend';
import { StepSequence } from '../../training/steps';
import { EPSILON, exact, probabilities, reduction, single } from './approximate';
import {
  batchOf,
  compareRunning,
  compareSums,
  hiddenDeltas,
  type LossExpected,
  lossesOf,
  outputDeltas,
  outputsOfLayer,
} from './check-network';
import { checkGradientUpdate, checkSamples, comparePacked } from './check-samples';
import { compareUpdate } from './check-update';
import { type Comparison, compare } from './comparison';
import { doubles, floatsOf } from './words';

type Check = (problem: Problem, dispatched: Dispatched) => readonly Comparison[];

const CHECKS = {
  features: checkFeatures,
  forward: checkForward,
  loss: checkLoss,
  'loss-sums': checkLossSums,
  gradients: checkGradients,
  partials: checkPartials,
  delta: checkDelta,
  update: (problem, dispatched) =>
    compareUpdate(problem, dispatched, exact(doubles(dispatched.before.gradients))),
  squares: checkSquares,
  norm: checkNorm,
  probabilities: checkProbabilities,
  packed: (problem, { before, after }) => [comparePacked(problem, after, before)],
  samples: (problem, dispatched) =>
    checkSamples(
      problem,
      dispatched,
      unpackParameters(shapeOf(problem), floatsOf(dispatched.before.packed)),
    ),
  'gradient-update': checkGradientUpdate,
  training: (problem, dispatched) => [
    ...checkSamples(problem, dispatched, doubles(dispatched.before.parameters)),
    ...checkGradientUpdate(problem, dispatched),
  ],
} satisfies Record<Judge, Check>;

/** Every comparison that a dispatch allows, at least one. */
export function checkKernel(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  return CHECKS[dispatched.step.kernel.judge](problem, dispatched);
}

/** All parameters as a layer's kernel found them; none where it has none. */
function parametersBefore({ step, before }: Dispatched): Float64Array {
  const binding = Object.keys(step.buffers).find((name) => step.buffers[name] === 'parameters');
  return binding === undefined ? new Float64Array() : doubles(before[binding]);
}

/** Rows of a batch of `input`, through the permutation where the kernel reads it so. */
function inputRows({ before, entry }: Dispatched, width: number): Float64Array {
  const { input, permutation } = before;
  const { rows, firstRow } = entry;
  if (permutation === undefined) return doubles(input, rows * width);
  const values = floatsOf(input);
  return Float64Array.from({ length: rows * width }, (_, i) => {
    const source = permutation[firstRow + Math.floor(i / width)];
    return values[source * width + (i % width)];
  });
}

/**
 * The features of a batch, augmented where they are, or of a portion of the test set: scaled in float64 and
 * rounded to float32.
 */
function checkFeatures(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  const { step, before, after, entry } = dispatched;
  const { rows, firstRow } = entry;
  const order =
    before.permutation?.subarray(firstRow, firstRow + rows) ??
    Uint32Array.from({ length: rows }, (_, row) => firstRow + row);
  const set = step.phase === 'evaluation' ? problem.test : problem.train;
  const { batchesPerEpoch } = new StepSequence(problem.hyperparameters, problem.train.count);
  const epoch = Math.floor(entry.step / batchesPerEpoch);
  const expected = new Float32Array(rows * widthOf(set));
  trainingFeatures(set, order, epoch, expected);
  return [compare('features', floatsOf(after.features), exact(expected))];
}

function checkForward(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  const { step, after, entry } = dispatched;
  const { inputs, isOutput } = layersOf(problem.spec)[step.layer - 1];
  const input = exact(inputRows(dispatched, inputs));
  const isTraining = step.phase === 'forward';
  const expected = outputsOfLayer(
    problem,
    parametersBefore(dispatched),
    step.layer,
    input,
    isTraining ? entry.step : undefined,
  );
  return [compare(isOutput ? 'logits' : 'activations', floatsOf(after.output), expected)];
}

function checkLoss(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  const { step, before, after, entry } = dispatched;
  const { rows, firstRow } = entry;
  const logits = exact(doubles(before.logits, rows * outputsOf(problem.spec)));
  const isTraining = step.phase !== 'evaluation';
  const labels = isTraining
    ? batchOf(problem, dispatched).labels
    : problem.test.labels.subarray(firstRow, firstRow + rows);
  const expected = lossesOf(problem, logits, labels);
  return [
    ...(isTraining
      ? [compare('deltas', floatsOf(after.delta), outputDeltas(problem, logits, labels))]
      : []),
    ...(after.sums === undefined
      ? compareMetrics(problem, dispatched, expected)
      : compareSums('', totalOf(after.sums, step), expected, 1)),
  ];
}

/** Metrics of the parts that a loss kernel left. */
function checkLossSums(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  const { before, step } = dispatched;
  const losses = exact(partsOf(before.sums, step).map(({ loss }) => loss));
  const { correct } = totalOf(before.sums, step);
  return compareMetrics(problem, dispatched, { losses, correct, undecided: 0 });
}

/** What a kernel wrote into the running sums, or into the record of an evaluation. */
function compareMetrics(
  problem: Problem,
  dispatched: Dispatched,
  expected: LossExpected,
): readonly Comparison[] {
  const { step, before, after, entry } = dispatched;
  if (step.phase !== 'evaluation') return compareRunning(problem, dispatched, expected);
  const sumsOf = (words: Uint32Array<ArrayBuffer>): LossSums => {
    const { valLoss, valCorrect } = readRecord(words, entry.record);
    return { loss: valLoss, correct: valCorrect };
  };
  const start = entry.firstRow > 0 ? sumsOf(before.metrics) : undefined;
  return compareSums('test ', sumsOf(after.metrics), expected, problem.test.count, start);
}

/** Losses and correct predictions of each part of the samples, as a loss kernel leaves them. */
function partsOf(sums: Uint32Array<ArrayBuffer>, step: PlanStep): readonly LossSums[] {
  const losses = floatsOf(sums);
  return Array.from({ length: partShape(step).count }, (_, part) => ({
    loss: losses[4 * part],
    correct: sums[4 * part + 1],
  }));
}

function totalOf(sums: Uint32Array<ArrayBuffer>, step: PlanStep): LossSums {
  return partsOf(sums, step).reduce((total, part) => ({
    loss: total.loss + part.loss,
    correct: total.correct + part.correct,
  }));
}

function checkGradients(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  const { step, before, after, entry } = dispatched;
  const place = layersOf(problem.spec)[step.layer - 1];
  const { layer, inputs, outputs, slices } = place;
  const { start } = trainedPart(problem.spec, problem.hyperparameters.freeze);
  const expected = checkOf(layer).gradients(
    place,
    doubles(before.delta, entry.rows * outputs),
    inputRows(dispatched, inputs),
    entry.rows,
  );
  // In parts, each is summed in float32, and their sum taken here: of the weights, or of all that the layer has.
  const inParts = after.partials === undefined ? new Float64Array() : partSums(dispatched, place);
  return slices.map(({ name, offset, length }, i) => {
    const from = offset - slices[0].offset;
    const summed = inParts.subarray(from, from + length);
    if (summed.length > 0) return compare(`gradients of ${name}, in parts`, summed, expected[i]);
    const written = floatsOf(after.gradients).subarray(offset - start, offset - start + length);
    return compare(`gradients of ${name}`, written, expected[i]);
  });
}

/** Mean gradients from the parts that a kernel has left. */
function partSums(dispatched: Dispatched, { slices: [weights] }: PlacedLayer): Float64Array {
  const { after, entry, step } = dispatched;
  const length = Number(step.kernel.shape.partLength ?? weights.length);
  const splitK = splitKOf(dispatched);
  const parts = floatsOf(after.partials);
  return Float64Array.from({ length }, (_, i) => {
    let sum = 0;
    for (let split = 0; split < splitK; split++) sum += parts[split * length + i];
    return sum / entry.rows;
  });
}

/** Parts that a gradient was summed in, by the shape of its kernel. */
function splitKOf({ step }: Dispatched): number {
  const { variant } = step.kernel.shape;
  return typeof variant === 'object' && variant !== null && 'splitK' in variant
    ? Number(variant.splitK)
    : 1;
}

function checkPartials(_problem: Problem, { step, before, after, entry }: Dispatched) {
  const { length, weights, splitK } = step.kernel.shape;
  const [count, start] = [Number(length), Number(weights)];
  const parts = floatsOf(before.partials);
  const bounds = new Float64Array(count);
  const values = Float64Array.from({ length: count }, (_, i) => {
    const terms = Array.from({ length: Number(splitK) }, (_, split) => parts[split * count + i]);
    const { value, bound } = reduction(terms);
    bounds[i] = bound / entry.rows + (2 * EPSILON * Math.abs(value)) / entry.rows;
    return value / entry.rows;
  });
  const written = floatsOf(after.gradients).subarray(start, start + count);
  return [compare('weight gradients', written, { values, bounds })];
}

function checkDelta(problem: Problem, dispatched: Dispatched) {
  const { step, before, after, entry } = dispatched;
  const places = layersOf(problem.spec);
  const expected = hiddenDeltas(
    problem,
    parametersBefore(dispatched),
    step.layer,
    doubles(before.next_delta, entry.rows * places[step.layer].outputs),
    doubles(before.activation, entry.rows * places[step.layer - 1].outputs),
    entry.step,
  );
  return [compare('deltas', floatsOf(after.delta), expected)];
}

/** How the workgroups of a kernel share what they sum, by its shape. */
function partShape({ kernel }: PlanStep): { readonly terms: number; readonly count: number } {
  const { parts } = kernel.shape;
  if (typeof parts === 'object' && parts !== null && 'terms' in parts && 'count' in parts) {
    return { terms: Number(parts.terms), count: Number(parts.count) };
  }
  throw new RangeError(`${kernel.name} shares nothing`);
}

/** The sum of squares of each part of an array. */
function checkSquares(_problem: Problem, { step, before, after }: Dispatched) {
  const values = doubles(before.values, Number(step.kernel.shape.length));
  const { terms, count } = partShape(step);
  const sums = Array.from({ length: count }, (_, part) =>
    reduction(values.subarray(part * terms, (part + 1) * terms).map((value) => value * value)),
  );
  const expected = {
    values: Float64Array.from(sums, ({ value }) => value),
    bounds: Float64Array.from(sums, ({ bound }) => bound),
  };
  return [compare('sums of squares', floatsOf(after.sums), expected)];
}

function checkNorm(_problem: Problem, { step, before, after }: Dispatched) {
  const { of, length, values: found } = step.kernel.shape;
  const values = doubles(before.values, Number(length));
  const squares = reduction(found === 'plain' ? values.map((value) => value * value) : values);
  const value = Math.sqrt(squares.value);
  const running = readRunning(after.running);
  const written = of === 'gradients' ? running.gradientNorm : running.parameterNorm;
  const bound = squares.bound / Math.max(value, Number.MIN_VALUE) + 8 * EPSILON * value;
  return [compare('norm', [written], single(value, bound))];
}

function checkProbabilities(problem: Problem, { before, after, entry }: Dispatched) {
  const output = outputOf(problem.spec);
  const logits = exact(doubles(before.logits, entry.rows * outputsOf(problem.spec)));
  const expected = probabilities(output, logits, entry.rows);
  return [compare('probabilities', floatsOf(after.probabilities), expected)];
}
