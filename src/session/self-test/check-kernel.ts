/** Holds what one dispatch wrote against float64, by the judge that its kernel names. */

import { type Judge, shapeOf } from '../../gpu/plan/plan';
import { readRecord, readRunning } from '../../gpu/runtime/read-metrics';
import { unpackParameters } from '../../gpu/runtime/read-trace';
import type { Dispatched } from '../../gpu/runtime/step-through';
import { checkOf } from '../../layers/self-test';
import { layersOf, outputOf, outputsOf } from '../../model/network-spec';
import { viewsOf } from '../../model/parameter-layout';
import type { Problem } from '../../training/backend';
import { EPSILON, exact, probabilities, reduction, single } from './approximate';
import {
  batchOf,
  compareRunning,
  compareSums,
  hiddenDeltas,
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
  forward: checkForward,
  loss: checkLoss,
  gradients: checkGradients,
  partials: checkPartials,
  delta: checkDelta,
  update: (problem, dispatched) =>
    compareUpdate(problem, dispatched, exact(doubles(dispatched.before.gradients))),
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
  const { rows } = entry;
  const logits = exact(doubles(before.logits, rows * outputsOf(problem.spec)));
  if (step.phase === 'evaluation') {
    const expected = lossesOf(problem, logits, problem.test.labels.subarray(0, rows));
    const { valLoss, valCorrect } = readRecord(after.metrics, entry.record);
    return compareSums('test ', { loss: valLoss, correct: valCorrect }, expected, rows);
  }
  const { labels } = batchOf(problem, dispatched);
  return [
    compare('deltas', floatsOf(after.delta), outputDeltas(problem, logits, labels)),
    ...compareRunning(problem, dispatched, lossesOf(problem, logits, labels)),
  ];
}

function checkGradients(problem: Problem, dispatched: Dispatched): readonly Comparison[] {
  const { step, before, after, entry } = dispatched;
  const place = layersOf(problem.spec)[step.layer - 1];
  const { layer, inputs, outputs, slices } = place;
  const expected = checkOf(layer).gradients(
    place,
    doubles(before.delta, entry.rows * outputs),
    inputRows(dispatched, inputs),
    entry.rows,
  );
  const comparisons = viewsOf(place, doubles(after.gradients)).map((written, i) =>
    compare(`gradients of ${slices[i].name}`, written, expected[i]),
  );
  if (after.partials === undefined) return comparisons;
  // The batch in parts: each is summed in float32, and their sum taken here.
  const length = inputs * outputs;
  const splitK = splitKOf(dispatched);
  const parts = floatsOf(after.partials);
  const sums = Float64Array.from({ length }, (_, i) => {
    let sum = 0;
    for (let split = 0; split < splitK; split++) sum += parts[split * length + i];
    return sum / entry.rows;
  });
  return [
    compare(`gradients of ${slices[0].name}, in parts`, sums, expected[0]),
    ...comparisons.slice(1),
  ];
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

function checkNorm(_problem: Problem, { step, before, after }: Dispatched) {
  const values = doubles(before.values);
  const squares = reduction(values.map((value) => value * value));
  const value = Math.sqrt(squares.value);
  const running = readRunning(after.running);
  const written =
    step.kernel.shape.of === 'gradients' ? running.gradientNorm : running.parameterNorm;
  const bound = squares.bound / Math.max(value, Number.MIN_VALUE) + 8 * EPSILON * value;
  return [compare('norm', [written], single(value, bound))];
}

function checkProbabilities(problem: Problem, { before, after, entry }: Dispatched) {
  const output = outputOf(problem.spec);
  const logits = exact(doubles(before.logits, entry.rows * outputsOf(problem.spec)));
  const expected = probabilities(output, logits, entry.rows);
  return [compare('probabilities', floatsOf(after.probabilities), expected)];
}
