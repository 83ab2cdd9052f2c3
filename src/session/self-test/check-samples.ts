/** Checks of the kernels that take whole samples through the network, by the trace that they leave. */

import { float32Features } from '../../data/samples';
import { shapeOf } from '../../gpu/plan/plan';
import { readRecord } from '../../gpu/runtime/read-metrics';
import { readTrace, type TraceValues, unpackParameters } from '../../gpu/runtime/read-trace';
import type { Contents, Dispatched } from '../../gpu/runtime/step-through';
import { layersOf } from '../../model/network-spec';
import type { Problem } from '../../training/backend';
import { exact, single } from './approximate';
import {
  batchOf,
  compareRunning,
  compareSums,
  flatGradients,
  hiddenDeltas,
  lossesOf,
  outputDeltas,
  outputsOfLayer,
} from './check-network';
import { compareUpdate } from './check-update';
import { type Comparison, compare } from './comparison';
import { doubles, floatsOf } from './words';

function traceOf(problem: Problem, { after, entry }: Dispatched): TraceValues {
  return readTrace(shapeOf(problem), floatsOf(after.trace), entry.rows);
}

/**
 * The trace of a pass with `parameters`: each layer from the values that the pass itself stored before
 * it, so that no layer answers for another one's rounding. Of the test samples only the losses are kept.
 */
export function checkSamples(
  problem: Problem,
  dispatched: Dispatched,
  parameters: Float64Array,
): readonly Comparison[] {
  const { spec, test } = problem;
  const { entry } = dispatched;
  const trace = traceOf(problem, dispatched);
  const comparisons: Comparison[] = [];
  const last = spec.layers.length;
  if (entry.rows > 0) {
    const { features, labels } = batchOf(problem, dispatched);
    comparisons.push(compare('batch', trace.inputs[0], exact(features)));
    const outputs = layersOf(spec).map(({ index }) =>
      outputsOfLayer(problem, parameters, index, exact(trace.inputs[index - 1]), entry.step),
    );
    for (let layer = 1; layer < last; layer++) {
      comparisons.push(compare('activations', trace.inputs[layer], outputs[layer - 1]));
    }
    const logits = outputs[last - 1];
    const expected = lossesOf(problem, logits, labels);
    comparisons.push(
      compare('deltas', trace.deltas[last - 1], outputDeltas(problem, logits, labels)),
    );
    comparisons.push(...compareSamples('', trace.losses, trace.corrects, expected));
    for (let layer = last - 1; layer >= 1; layer--) {
      const delta = hiddenDeltas(
        problem,
        parameters,
        layer,
        trace.deltas[layer],
        trace.inputs[layer],
        entry.step,
      );
      comparisons.push(compare('deltas', trace.deltas[layer - 1], delta));
    }
  }
  if (entry.previous > 0) {
    let values = exact(Float64Array.from(float32Features(test)));
    for (let layer = 1; layer <= last; layer++) {
      values = outputsOfLayer(problem, parameters, layer, values);
    }
    const expected = lossesOf(problem, values, test.labels);
    comparisons.push(...compareSamples('test ', trace.testLosses, trace.testCorrects, expected));
  }
  return comparisons;
}

/** What a pass left of its samples, as a sum over them must have it. */
function tracedLosses(losses: Float64Array, flags: Float64Array): ReturnType<typeof lossesOf> {
  return {
    losses: exact(losses),
    correct: flags.reduce((sum, flag) => sum + flag, 0),
    undecided: 0,
  };
}

/** Losses one by one, and the flags of the correct ones by their number. */
function compareSamples(
  set: string,
  losses: Float64Array,
  flags: Float64Array,
  expected: ReturnType<typeof lossesOf>,
): readonly Comparison[] {
  const { correct } = tracedLosses(losses, flags);
  return [
    compare(`${set}losses`, losses, expected.losses),
    compare(`${set}correct predictions`, [correct], single(expected.correct, expected.undecided)),
  ];
}

/** The weights' packed copy against the parameters. */
export function comparePacked(
  problem: Problem,
  { packed }: Contents,
  { parameters }: Contents,
): Comparison {
  const copy = unpackParameters(shapeOf(problem), floatsOf(packed));
  return compare('copied parameters', copy, exact(doubles(parameters)));
}

/** Gradients are summed from the trace, and used at once. */
export function checkGradientUpdate(
  problem: Problem,
  dispatched: Dispatched,
): readonly Comparison[] {
  const { entry, before, after } = dispatched;
  const trace = traceOf(problem, dispatched);
  const comparisons: Comparison[] = [];
  if (entry.rows === 0) {
    comparisons.push(
      compare('parameters, kept', floatsOf(after.parameters), exact(doubles(before.parameters))),
    );
  } else {
    const gradients = flatGradients(problem, trace.deltas, trace.inputs, entry.rows);
    comparisons.push(...compareUpdate(problem, dispatched, gradients));
    if (after.gradients !== undefined) {
      comparisons.push(compare('gradients', floatsOf(after.gradients), gradients));
    }
    const traced = tracedLosses(trace.losses, trace.corrects);
    comparisons.push(...compareRunning(problem, dispatched, traced));
  }
  if (after.packed !== undefined) comparisons.push(comparePacked(problem, after, after));
  if (entry.previous > 0) {
    const { valLoss, valCorrect } = readRecord(after.metrics, entry.previous - 1);
    const traced = tracedLosses(trace.testLosses, trace.testCorrects);
    const written = { loss: valLoss, correct: valCorrect };
    comparisons.push(...compareSums('test ', written, traced, problem.test.count));
  }
  return comparisons;
}
