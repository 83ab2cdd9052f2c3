/** What the self-test is tried on: settings that need every kernel, and plans of every schedule. */
import type { Rows } from '../../src/data/dataset';
import { planLayered } from '../../src/gpu/plan/layered';
import { type Plan, shapeOf } from '../../src/gpu/plan/plan';
import { candidatesFor } from '../../src/gpu/tuning/candidates';
import { LAYER_EXAMPLES } from '../../src/layers/layer';
import type { DeviceClass, Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';
import { stacksOf } from './layer-stacks';
import { smallProblem } from './problems';

const VALUES: readonly (readonly [string, Partial<Configuration>])[] = [
  ['the notebook', {}],
  ['mini-batches and momentum', { batchSize: 5, momentum: 0.9, weightDecay: 0.01 }],
  [
    'softmax, ReLU, Adam and norms',
    { classes: [1, 3, 7], activation: 'relu', optimizer: 'adam', learningRate: 0.01, norms: true },
  ],
  [
    'tanh, dropout and RMSprop',
    { activation: 'tanh', optimizer: 'rmsprop', learningRate: 0.01, dropout: 0.3, batchSize: 7 },
  ],
  [
    'no hidden layer, AdamW',
    { hidden: [], optimizer: 'adamw', learningRate: 0.01, weightDecay: 0.1 },
  ],
  ...LAYER_EXAMPLES.flatMap((example) =>
    stacksOf(example, [1, 8, 8]).map(
      (layers) => [layers, { layers, batchSize: 7, dropout: 0.3 }] as const,
    ),
  ),
  ['shifted images with noise', { shift: 2, noise: 0.1, batchSize: 7 }],
];

/** Every plan of a problem that a device of the kind may run, by its name. */
export function plansOf(
  problem: Problem,
  features?: ReadonlySet<string>,
  deviceClass?: DeviceClass,
): readonly (readonly [string, Plan])[] {
  return candidatesFor(shapeOf(problem, deviceClass), features).flatMap((candidate) => {
    const plan = candidate.plan();
    return 'declined' in plan ? [] : [[candidate.name, plan] as const];
  });
}

/** A plan for a card, of a problem that is large enough for sums that workgroups share. */
export function cardCase(): { readonly problem: Problem; readonly plan: Plan } {
  const sizes = { features: 40, hidden: [200], classes: 10, trainCount: 900, testCount: 850 };
  const problem = smallProblem({ norms: true, batchSize: 830 }, sizes);
  return { problem, plan: planLayered(shapeOf(problem, 'discrete')) };
}

/** One variant of each schedule: they take turns, since a software adapter compiles slowly. */
const TURNS = [
  ['layered', 'sample-parallel-4-32', 'persistent-256'],
  ['layered', 'sample-parallel-4-1', 'persistent-64'],
  ['layered', 'sample-parallel-1-32', 'persistent-64'],
];

/** For each setting the plans whose turn it is: setting, candidate, problem, plan. */
export function selfTestCases(digits: Rows) {
  return VALUES.flatMap(([name, values], i) => {
    const { problem } = prepare(checkConfiguration({ hidden: [6, 3], ...values }), digits);
    return plansOf(problem)
      .filter(([variant]) => TURNS[i % TURNS.length].includes(variant))
      .map(([variant, plan]) => [name, variant, problem, plan] as const);
  });
}
