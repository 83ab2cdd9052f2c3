/** Holds what one dispatch wrote against float64, by the judge that its kernel names. */

import { type Judge, shapeOf } from '../../gpu/plan';
import { readRecord, readRunning } from '../../gpu/read-metrics';
import { unpackParameters } from '../../gpu/read-trace';
import type { Dispatched } from '../../gpu/step-through';
import { outputsOf } from '../../model/network-spec';
import { parametersOf } from '../../reference/network';
import type { Problem } from '../../training/backend';
import { EPSILON, exact, probabilities, reduction } from './approximate';
import {
  batchOf,
  compareSums,
  hiddenDeltas,
  layerGradients,
  lossesOf,
  outputDeltas,
  outputsOfLayer,
} from './check-network';
import { checkGradientUpdate, checkSamples } from './check-samples';
import { compareUpdate } from './check-update';
import { type Comparison, compare } from './comparison';
import { doubles, floatsOf } from './words';

type Check = (problem: Problem, dispatched: Dispatched) => readonly Comparison[];

const CHECKS = {
  forward: checkForward,
  loss: checkLoss,
  gradients: checkGradients,
  partials: checkPartials,
  delta: checkDelta,
  update: checkUpdate,
  norm: checkNorm,
  probabilities: checkProbabilities,
  packed: checkPacked,
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

function checkForward(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  const { step, before, after, entry } = dispatched;
  const input = exact(inputRows(dispatched, problem.spec.widths[step.layer - 1]));
  const isTraining = step.phase === 'forward';
  const expected = outputsOfLayer(
    problem,
    doubles(before.weights),
    step.layer,
    input,
    isTraining ? entry.step : undefined,
  );
  const isOutput = step.layer === problem.spec.widths.length - 1;
  return [compare(isOutput ? 'logits' : 'activations', floatsOf(after.output), expected)];
}

function checkLoss(problem: Problem, { step, before, after, entry }: Dispatched) {
  const { rows } = entry;
  const logits = exact(doubles(before.logits, rows * outputsOf(problem.spec)));
  if (step.phase === 'evaluation') {
    const expected = lossesOf(problem, logits, problem.test.labels.subarray(0, rows));
    const { valLoss, valCorrect } = readRecord(after.metrics, entry.record);
    return compareSums('test ', { loss: valLoss, correct: valCorrect }, expected, rows);
  }
  const { labels } = batchOf(problem, entry, before.permutation);
  const sums = compareSums(
    '',
    readRunning(after.running),
    lossesOf(problem, logits, labels),
    problem.train.count,
    entry.isFirst ? undefined : readRunning(before.running),
  );
  return [compare('deltas', floatsOf(after.delta), outputDeltas(problem, logits, labels)), ...sums];
}

function checkGradients(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  const { step, before, after, entry } = dispatched;
  const [inputs, units] = [problem.spec.widths[step.layer - 1], problem.spec.widths[step.layer]];
  const { weights, biases } = layerGradients(
    doubles(before.delta, entry.rows * units),
    inputRows(dispatched, inputs),
    entry.rows,
  );
  const written = parametersOf(problem.spec, doubles(after.gradients), step.layer);
  const ofBiases = compare('bias gradients', written.biases, biases);
  if (after.partials === undefined) {
    return [compare('weight gradients', written.weights, weights), ofBiases];
  }
  // The batch in parts: each is summed in float32, and their sum taken here.
  const length = inputs * units;
  const splitK = splitKOf(dispatched);
  const parts = floatsOf(after.partials);
  const sums = Float64Array.from({ length }, (_, i) => {
    let sum = 0;
    for (let split = 0; split < splitK; split++) sum += parts[split * length + i];
    return sum / entry.rows;
  });
  return [compare('weight gradients, in parts', sums, weights), ofBiases];
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

function checkDelta(problem: Problem, { step, before, after, entry }: Dispatched) {
  const [units, nextUnits] = [problem.spec.widths[step.layer], problem.spec.widths[step.layer + 1]];
  const expected = hiddenDeltas(
    problem,
    doubles(before.weights),
    step.layer,
    doubles(before.next_delta, entry.rows * nextUnits),
    doubles(before.activation, entry.rows * units),
    entry.step,
  );
  return [compare('deltas', floatsOf(after.delta), expected)];
}

function checkUpdate(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  return compareUpdate(problem, dispatched, exact(doubles(dispatched.before.gradients)));
}

function checkNorm(_problem: Problem, { step, before, after }: Dispatched) {
  const values = doubles(before.values);
  const squares = reduction(values.map((value) => value * value));
  const value = Math.sqrt(squares.value);
  const running = readRunning(after.running);
  const written =
    step.kernel.shape.of === 'gradients' ? running.gradientNorm : running.parameterNorm;
  const bound = squares.bound / Math.max(value, Number.MIN_VALUE) + 8 * EPSILON * value;
  return [
    compare('norm', [written], { values: Float64Array.of(value), bounds: Float64Array.of(bound) }),
  ];
}

function checkProbabilities(problem: Problem, { before, after, entry }: Dispatched) {
  const { output } = problem.spec;
  const logits = exact(doubles(before.logits, entry.rows * outputsOf(problem.spec)));
  const expected = probabilities(output, logits, entry.rows);
  return [compare('probabilities', floatsOf(after.probabilities), expected)];
}

function checkPacked(problem: Problem, { before, after }: Dispatched) {
  const copy = unpackParameters(shapeOf(problem), floatsOf(after.packed));
  return [compare('copied parameters', copy, exact(doubles(before.parameters)))];
}
