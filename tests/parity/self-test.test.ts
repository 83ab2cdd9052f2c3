/** The self-test passes for every schedule and setting, and finds a kernel that computes wrongly. */
import { describe, expect, inject, it } from 'vitest';
import {
  allVariants,
  defaultVariant,
  type VariantChooser,
} from '../../src/gpu/plan/choose-variant';
import { planLayered } from '../../src/gpu/plan/layered';
import { type Plan, shapeOf } from '../../src/gpu/plan/plan';
import { selfTest, testPlan } from '../../src/session/self-test/self-test';
import { checkConfiguration } from '../../src/training/configuration/check';
import { prepare } from '../../src/training/prepare';
import { smallProblem } from '../support/problems';
import { cardCase, plansOf, selfTestCases } from '../support/self-test-cases';
import { sharedDevice } from './support/open';
import { fewDigits } from './support/problems';

const device = sharedDevice();
const digits = fewDigits(9);

const ALL = selfTestCases(digits);

/** `npm test` takes the layered plans and each of the others once, `npm run test:slow` all. */
const CASES = ALL.filter(
  ([, variant], i) =>
    inject('thorough') ||
    variant === 'layered' ||
    ALL.findIndex(([, other]) => other === variant) === i,
);

/** Weight gradients summed in parts, which a kernel of its own adds up. */
const SPLIT: VariantChooser = (form, shape) =>
  (form === 'weights'
    ? allVariants(form, shape.inputs).find(({ splitK }) => splitK > 1)
    : undefined) ?? defaultVariant(form, shape);

describe('every kernel passes', () => {
  it.each(CASES)('%s, %s', async (_name, _variant, problem, plan) => {
    const { kernels } = await testPlan(device(), plan, problem);
    const parts = [plan.chunk, plan.step, plan.epoch, plan.prediction];
    expect(kernels.length).toBe(parts.flat().length);
    expect(kernels.filter(({ passed }) => !passed)).toEqual([]);
    for (const { bound, count, kernel } of kernels) {
      expect(count, kernel).toBeGreaterThan(0);
      expect(bound, kernel).toBeLessThan(1e-3);
    }
  });
});

it('tests the plan that was chosen, though it needs a feature of the device', async () => {
  const { problem } = prepare(checkConfiguration({ hidden: [18, 3] }), digits);
  const report = await selfTest(problem, {
    schedule: 'sample-parallel',
    candidate: 'sample-parallel-4-q',
    chosenBy: 'measurement',
    timings: [],
  });
  expect(report.title).toContain('quads');
  expect(report.kernels.filter(({ passed }) => !passed)).toEqual([]);
});

it('sums in parts pass, too', async () => {
  const problem = smallProblem({ batchSize: 9 });
  const plan = planLayered(shapeOf(problem), SPLIT);
  const { kernels } = await testPlan(device(), plan, problem);
  expect(kernels.filter(({ kernel }) => kernel === 'sum-partials')).toHaveLength(3);
  expect(kernels.filter(({ passed }) => !passed)).toEqual([]);
});

it('sums that workgroups share pass, too', async () => {
  const { problem, plan } = cardCase();
  const { kernels } = await testPlan(device(), plan, problem);
  const names = kernels.map(({ kernel }) => kernel);
  expect(names).toEqual(expect.arrayContaining(['sum-squares', 'loss-sums']));
  expect(kernels.filter(({ passed }) => !passed)).toEqual([]);
});

/** The plan with a kernel's WGSL changed in one place. */
function broken(plan: Plan, kernel: string, from: string, to: string): Plan {
  let changes = 0;
  const change = (steps: Plan['step']): Plan['step'] =>
    steps.map((step) => {
      if (step.kernel.name !== kernel || !step.kernel.wgsl.includes(from)) return step;
      changes++;
      return { ...step, kernel: { ...step.kernel, wgsl: step.kernel.wgsl.replaceAll(from, to) } };
    });
  const [step, epoch, prediction] = [plan.step, plan.epoch, plan.prediction].map(change);
  const result = { ...plan, step, epoch, prediction };
  if (changes === 0) throw new Error(`${kernel} has no ${from}`);
  return result;
}

describe('a wrong kernel is found', () => {
  const small = smallProblem({ learningRate: 0.1, batchSize: 5 });
  // Of up to four units, every invocation of a quad loads the same weights.
  const wide = prepare(checkConfiguration({ hidden: [18, 3], batchSize: 9 }), digits).problem;
  it.each([
    ['layered', 'dense-forward', 'sign(z) * (1.0 - e)', 'sign(z) * (1.0001 - e)'],
    ['layered', 'binary-cross-entropy', 'step.inverse_samples', '0.1'],
    ['layered', 'dense-backward-weights', 'step.inverse_rows', '(step.inverse_rows * 1.00001)'],
    ['layered', 'dense-backward-delta', '1.0 - ', '1.0001 - '],
    ['layered', 'sgd-update', 'step.learning_rate', '(1.0001 * step.learning_rate)'],
    [
      'sample-parallel-4-1',
      'sample-forward-backward',
      'sign(z) * (1.0 - e)',
      'sign(z) * (1.0001 - e)',
    ],
    ['sample-parallel-4-32', 'gradient-update', 'step.inverse_rows', '(step.inverse_rows * 1.01)'],
    ['sample-parallel-4-q', 'sample-forward-backward', 'quadSwapX(w0_0)', 'w0_0'],
    ['sample-parallel-4-q', 'gradient-update', 'quadSwapX(d0)', 'd0'],
    ['persistent-64', 'persistent-training', 'step.learning_rate', '(1.0001 * step.learning_rate)'],
  ])('%s, %s, %s', async (name, kernel, from, to) => {
    const problem = name === 'sample-parallel-4-q' ? wide : small;
    const plan = new Map(plansOf(problem, device().device.features)).get(name);
    if (plan === undefined) throw new Error(`no plan ${name}`);
    const { kernels } = await testPlan(device(), broken(plan, kernel, from, to), problem);
    const failed = kernels.filter(({ passed }) => !passed).map((check) => check.kernel);
    expect([...new Set(failed)]).toEqual([kernel]);
  });

  it('among those that share a sum, each by itself', async () => {
    const { problem, plan } = cardCase();
    const changes: readonly [kernel: string, from: string, to: string][] = [
      ['softmax-cross-entropy', 'bitcast<u32>(losses[0])', 'bitcast<u32>(losses[1])'],
      ['loss-sums', 'step.inverse_samples', '(1.0001 * step.inverse_samples)'],
      ['sum-squares', '+ local;', '+ local + 1u;'],
      ['norm', 'sqrt(sums[0])', 'sqrt(1.0001 * sums[0])'],
    ];
    // A kernel is given what the reference has, not what the one before it left: all can be wrong at once.
    const wrong = changes.reduce((before, change) => broken(before, ...change), plan);
    const { kernels } = await testPlan(device(), wrong, problem);
    const failed = kernels.filter(({ passed }) => !passed).map((check) => check.kernel);
    expect(new Set(failed)).toEqual(new Set(changes.map(([kernel]) => kernel)));
  });
});
