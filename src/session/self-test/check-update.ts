/** The update rule: parameters and the optimizer's arrays after one step. */
import type { Dispatched } from '../../gpu/runtime/step-through';
import { trainedPart } from '../../model/trained-part';
import { update } from '../../reference/optimizers';
import type { Problem } from '../../training/backend';
import { StepSequence } from '../../training/steps';
import { type Approximate, EPSILON, exact } from './approximate';
import { type Comparison, compare } from './comparison';
import { doubles, floatsOf } from './words';

interface Updated {
  readonly parameters: Approximate;
  readonly moments: readonly Approximate[];
}

/**
 * @param parameters - those that are trained
 * @param gradients - of the mean loss; their own error is carried through the rule, by taking it at
 * both ends of every bound
 * @param index - batches done before
 */
function updated(
  { spec, hyperparameters, train }: Problem,
  index: number,
  parameters: Float64Array,
  moments: readonly Float64Array[],
  gradients: Approximate,
): Updated {
  const layout = trainedPart(spec, hyperparameters.freeze);
  const steps = new StepSequence(hyperparameters, train.count);
  const { batchesPerEpoch } = steps;
  const step = steps.at(Math.floor(index / batchesPerEpoch), index % batchesPerEpoch);
  const after = (direction: number) => {
    const result = { parameters: parameters.slice(), moments: moments.map((m) => m.slice()) };
    const g = gradients.values.map((value, i) => value + direction * gradients.bounds[i]);
    update(hyperparameters, step, layout, result.parameters, g, result.moments);
    return result;
  };
  const [below, value, above] = [after(-1), after(0), after(1)];
  const spread = (low: number, middle: number, high: number) =>
    Math.max(Math.abs(low - middle), Math.abs(high - middle));
  return {
    parameters: {
      values: value.parameters,
      bounds: value.parameters.map((w, i) => {
        const size = Math.abs(w) + Math.abs(parameters[i]) + 2 * Math.abs(w - parameters[i]);
        return 16 * EPSILON * size + spread(below.parameters[i], w, above.parameters[i]);
      }),
    },
    moments: value.moments.map((moment, m) => ({
      values: moment,
      bounds: moment.map((x, i) => {
        const size =
          Math.abs(moments[m][i]) +
          Math.abs(gradients.values[i]) +
          Math.abs(parameters[i]) +
          Math.abs(x);
        return 8 * EPSILON * size + spread(below.moments[m][i], x, above.moments[m][i]);
      }),
    })),
  };
}

const MOMENTS = ['velocity', 'square_average', 'first_moment', 'second_moment'] as const;

/** Parameters and the optimizer's arrays against the update from `gradients`. */
export function compareUpdate(
  problem: Problem,
  { before, after, entry }: Dispatched,
  gradients: Approximate,
): readonly Comparison[] {
  const names = MOMENTS.filter((name) => before[name] !== undefined);
  const moments = names.map((name) => doubles(before[name]));
  const { start } = trainedPart(problem.spec, problem.hyperparameters.freeze);
  const [was, is] = [doubles(before.parameters), floatsOf(after.parameters)];
  const expected = updated(problem, entry.step, was.subarray(start), moments, gradients);
  return [
    compare('parameters', is.subarray(start), expected.parameters),
    ...(start === 0
      ? []
      : [compare('frozen parameters', is.subarray(0, start), exact(was.subarray(0, start)))]),
    ...names.map((name, m) =>
      compare(name.replace('_', ' '), floatsOf(after[name]), expected.moments[m]),
    ),
  ];
}
