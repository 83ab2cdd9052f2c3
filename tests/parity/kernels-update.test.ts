/** Optimizer kernels and norms against float64, at awkward lengths, every element. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KernelInstance } from '../../shaders/kernel';
import { instantiate } from '../../shaders/kernel';
import { norm } from '../../shaders/norm';
import { RUNNING, RUNNING_WORDS } from '../../shaders/parts/loss-reduction';
import { partsOf } from '../../shaders/parts/shared-sums';
import { sumSquares } from '../../shaders/sum-squares';
import { optimizerOf } from '../../src/gpu/plan/optimizer';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { networkFor } from '../../src/model/network-spec';
import { parameterLayout } from '../../src/model/parameter-layout';
import { RandomState } from '../../src/numpy/random-state';
import { update } from '../../src/reference/optimizers';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { momentsOf } from '../../src/training/hyperparameters';
import { StepSequence } from '../../src/training/steps';
import { AWKWARD, EPSILON, expectAll, randomFloats, reduction } from './support/numbers';
import { POISON, runKernel, type Words } from './support/run-kernel';

let device: GPUDevice;
beforeAll(async () => {
  ({ device } = await acquireDevice(navigator.gpu));
});
afterAll(() => device.destroy());

const OPTIMIZERS: readonly Partial<Configuration>[] = [
  { optimizer: 'sgd' },
  { optimizer: 'sgd', weightDecay: 0.1 },
  { optimizer: 'sgd', momentum: 0.9 },
  { optimizer: 'sgd', momentum: 0.8, nesterov: true, weightDecay: 0.01 },
  { optimizer: 'rmsprop', learningRate: 0.01 },
  { optimizer: 'rmsprop', learningRate: 0.01, weightDecay: 0.1 },
  { optimizer: 'adam', learningRate: 0.01 },
  { optimizer: 'adam', learningRate: 0.01, weightDecay: 0.1 },
  { optimizer: 'adamw', learningRate: 0.01, weightDecay: 0.1 },
];

/** The bindings of the update kernel that hold the optimizer's arrays. */
function momentBindings({ bindings }: KernelInstance): readonly string[] {
  return bindings.map(({ name }) => name).slice(4);
}

describe.each(OPTIMIZERS)('update $optimizer, momentum $momentum, decay $weightDecay', (values) => {
  const configuration = checkConfiguration({ ...values, epochs: 10 });

  // 22,003 are enough parameters for an invocation to take several, and no whole number of them. Not with
  // momentum: among so many values some cancel gradient and velocity, which the bound does not allow for.
  const sizes = configuration.momentum > 0 ? AWKWARD : [...AWKWARD, 22_003];

  test.each(sizes)('%i inputs', async (inputs) => {
    const spec = networkFor(inputs, [3], 3, 'sigmoid');
    const layout = parameterLayout(spec);
    const random = new RandomState(inputs);
    const { kernel } = optimizerOf({
      spec,
      hyperparameters: configuration,
      trainSamples: 4,
      testSamples: 1,
    });
    const moments = Array.from({ length: momentsOf(configuration) }, (_, i) =>
      // Second moments are squares: never negative.
      randomFloats(random, layout.length).map((x) =>
        i === 1 || configuration.optimizer === 'rmsprop' ? x * x : x,
      ),
    );
    const gradients = randomFloats(random, layout.length);
    const parameters = randomFloats(random, layout.length);
    const step = new StepSequence(configuration, 4).at(5, 0);
    const names = momentBindings(kernel);
    const before: Record<string, Words> = Object.fromEntries(
      names.map((name, i) => [name, moments[i]]),
    );
    const written = await runKernel(
      device,
      kernel,
      { gradients, parameters, running: new Uint32Array(RUNNING_WORDS), ...before },
      {},
      {
        learningRate: step.learningRate,
        stepSize: step.stepSize,
        inverseRootCorrection: step.inverseRootCorrection,
        weightDecay: configuration.weightDecay,
        momentum: configuration.momentum,
      },
      ['parameters', 'running', ...names],
    );
    const want = Float64Array.from(parameters);
    const wantMoments = moments.map((moment) => Float64Array.from(moment));
    update(configuration, step, layout, want, Float64Array.from(gradients), wantMoments);
    expectAll(
      'parameters',
      written.parameters,
      Array.from(want, (value, i) => {
        const change = Math.abs(value - parameters[i]);
        return {
          value,
          bound: 16 * EPSILON * (Math.abs(value) + Math.abs(parameters[i]) + 2 * change),
        };
      }),
    );
    names.forEach((name, m) => {
      expectAll(
        name,
        written[name],
        Array.from(wantMoments[m], (value, i) => ({
          value,
          bound:
            8 *
            EPSILON *
            (Math.abs(moments[m][i]) +
              Math.abs(gradients[i]) +
              Math.abs(parameters[i]) +
              Math.abs(value)),
        })),
      );
    });
    expect(written.running.words[RUNNING.nonFinite]).toBe(0);
  });

  test.each([Number.NaN, Number.NEGATIVE_INFINITY])('a gradient of %f is flagged', async (bad) => {
    const spec = networkFor(33, [2], 2, 'sigmoid');
    const { length } = parameterLayout(spec);
    const { kernel } = optimizerOf({
      spec,
      hyperparameters: configuration,
      trainSamples: 4,
      testSamples: 1,
    });
    const gradients = new Float32Array(length);
    gradients[length - 1] = bad;
    const moments = Object.fromEntries(
      momentBindings(kernel).map((name) => [name, new Float32Array(length)]),
    );
    const { running } = await runKernel(
      device,
      kernel,
      {
        gradients,
        parameters: new Float32Array(length),
        running: new Uint32Array(RUNNING_WORDS),
        ...moments,
      },
      {},
      {},
      ['running'],
    );
    expect(running.words[RUNNING.nonFinite]).toBe(1);
  });
});

test('a parameter that a finite gradient takes out of range is flagged', async () => {
  const spec = networkFor(4, [], 2, 'sigmoid');
  const hyperparameters = checkConfiguration({});
  const { kernel } = optimizerOf({ spec, hyperparameters, trainSamples: 4, testSamples: 1 });
  const { running } = await runKernel(
    device,
    kernel,
    {
      gradients: new Float32Array(5).fill(3e38),
      parameters: new Float32Array(5),
      running: new Uint32Array(RUNNING_WORDS),
    },
    {},
    { learningRate: 100 },
    ['running'],
  );
  expect(running.words[RUNNING.nonFinite]).toBe(1);
});

test.each(['adam', 'adamw', 'rmsprop'] as const)(
  '%s adds its epsilon behind the root and its correction: gradients as small as it',
  async (optimizer) => {
    const hyperparameters = checkConfiguration({ optimizer, learningRate: 0.01 });
    const spec = networkFor(4, [], 2, 'sigmoid');
    const { kernel } = optimizerOf({ spec, hyperparameters, trainSamples: 4, testSamples: 1 });
    const gradients = Float32Array.of(1e-7, -1e-8, 3e-8, 1e-9, -2e-7);
    const step = new StepSequence(hyperparameters, 4).at(0, 0);
    const names = momentBindings(kernel);
    const { parameters } = await runKernel(
      device,
      kernel,
      {
        gradients,
        parameters: new Float32Array(5),
        running: new Uint32Array(RUNNING_WORDS),
        ...Object.fromEntries(names.map((name) => [name, new Float32Array(5)])),
      },
      {},
      { ...step, samples: 4, rows: 4 },
      ['parameters'],
    );
    const want = new Float64Array(5);
    const moments = names.map(() => new Float64Array(5));
    const layout = parameterLayout(spec);
    update(hyperparameters, step, layout, want, Float64Array.from(gradients), moments);
    expectAll(
      'parameters',
      parameters,
      Array.from(want, (value) => ({ value, bound: 16 * EPSILON * Math.abs(value) })),
    );
  },
);

describe('norm', () => {
  test.each(AWKWARD.map((size) => size * 7))('of %i values', async (length) => {
    const values = randomFloats(new RandomState(length), length, 10);
    for (const of of ['gradients', 'parameters'] as const) {
      const { running } = await runKernel(
        device,
        instantiate(norm, { length, of, values: 'plain' }),
        { values },
        { running: RUNNING_WORDS },
      );
      const squares = reduction(Array.from(values, (value) => value * value));
      const want = Math.sqrt(squares.value);
      const written = of === 'gradients' ? RUNNING.gradientNorm : RUNNING.parameterNorm;
      const bound = squares.bound / want + 8 * EPSILON * want;
      expect(Math.abs(running.floats[written] - want)).toBeLessThanOrEqual(bound);
      running.words.forEach((word, i) => {
        if (i !== written) expect(word).toBe(POISON);
      });
    }
  });

  // One value more or less than workgroups take, a last workgroup with one value, and more than 1024 parts.
  test.each([1, 511, 512, 513, 1023, 8192, 8193, 70_001, 1024 * 512 + 1])(
    'of %i values that workgroups share',
    async (length) => {
      const values = randomFloats(new RandomState(length), length, 10);
      const parts = partsOf(length, 8);
      expect(parts.count).toBeLessThanOrEqual(1024);
      const first = instantiate(sumSquares, { length, parts });
      const { sums } = await runKernel(device, first, { values }, { sums: parts.count + 1 });
      const squares = Array.from(values, (value) => value * value);
      expectAll('sums', sums, [
        ...Array.from({ length: parts.count }, (_, i) =>
          reduction(squares.slice(i * parts.terms, (i + 1) * parts.terms)),
        ),
        null,
      ]);
      const { running } = await runKernel(
        device,
        instantiate(norm, { length: parts.count, of: 'gradients', values: 'sums of squares' }),
        { values: sums.floats.slice() },
        { running: RUNNING_WORDS },
      );
      const { value, bound } = reduction(squares);
      const want = Math.sqrt(value);
      expect(Math.abs(running.floats[RUNNING.gradientNorm] - want)).toBeLessThanOrEqual(
        bound / want + 8 * EPSILON * want,
      );
      expect(running.words[RUNNING.parameterNorm]).toBe(POISON);
    },
  );
});
