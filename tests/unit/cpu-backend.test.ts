/** The backend cpu around its arithmetic: same bits, state, parts of large batches, memory, fallback. */

import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { MOST_ROWS, planMemory } from '../../src/cpu/memory-plan';
import { scaledFeatures } from '../../src/data/samples';
import { inputsOf, networkFor } from '../../src/model/network-spec';
import { parameterLayout } from '../../src/model/parameter-layout';
import { createReferenceBackend } from '../../src/reference/backend';
import { openBackend } from '../../src/session/open-backend';
import type { Problem } from '../../src/training/backend';
import type { Configuration } from '../../src/training/configuration/fields';
import { BackendUnavailableError, InvalidInputError } from '../../src/training/errors';
import { CPU_ENGINES } from '../support/cpu-engines';
import { largestDifference } from '../support/numbers';
import {
  cancellingProblem,
  certainProblem,
  shareOfClass0,
  smallProblem,
  undecidedProblem,
} from '../support/problems';

const CASES: Readonly<Record<string, Partial<Configuration>>> = {
  'plain gradient descent': { learningRate: 0.1 },
  'Nesterov and weight decay': {
    batchSize: 5,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 0.01,
    learningRate: 0.05,
  },
  'RMSprop and dropout': { batchSize: 4, optimizer: 'rmsprop', dropout: 0.3, learningRate: 0.01 },
  'AdamW and norms': { optimizer: 'adamw', weightDecay: 0.1, norms: true, learningRate: 0.01 },
};

describe.each(Object.entries(CPU_ENGINES))('%s', (_engine, open) => {
  describe.each(Object.entries(CASES))('%s', (_, values) => {
    const problem = smallProblem({ ...values, epochs: 30 }, { classes: 3, hidden: [7, 5] });

    test('gives the same bits a second time, in chunks of any length', async () => {
      const whole = await open(problem);
      const epochs = await whole.train(30);
      const parts = await open(problem);
      const again = [
        ...(await parts.train(1)),
        ...(await parts.trainBatches(5)),
        ...(await parts.train(4)),
      ];
      again.push(...(await parts.train(30 - again.length)));
      expect(again).toEqual(epochs);
      expect(await parts.state()).toEqual(await whole.state());
    });

    test('goes on with the same bits from a state, in another backend', async () => {
      const whole = await open(problem);
      const epochs = await whole.train(30);
      const first = await open(problem);
      await first.train(10);
      await first.trainBatches(1);
      const state = await first.state();
      const second = await open(problem);
      await second.train(3);
      await second.load(structuredClone(state));
      expect(await second.state()).toEqual(state);
      expect(await second.train(30 - state.epoch)).toEqual(epochs.slice(state.epoch));
      expect(await second.state()).toEqual(await whole.state());
    });
  });

  test.each<[string, Partial<Configuration>]>([
    ['a full batch', { learningRate: 0.2 }],
    ['mini-batches with dropout', { batchSize: 1100, dropout: 0.4, learningRate: 0.2 }],
  ])('takes %s larger than its activations in parts', async (_, values) => {
    const counts = { trainCount: 2 * MOST_ROWS + 231, testCount: MOST_ROWS + 13 };
    const problem = smallProblem({ ...values, norms: true }, { ...counts, hidden: [9, 6] });
    const backend = await open(problem);
    const reference = await createReferenceBackend(problem);
    const [actual] = await backend.train(1);
    const [expected] = await reference.train(1);
    expect(actual.loss).toBeCloseTo(expected.loss, 6);
    expect(actual.valLoss).toBeCloseTo(expected.valLoss, 6);
    expect(actual.accuracy).toBe(expected.accuracy);
    expect(actual.valAccuracy).toBe(expected.valAccuracy);
    expect(actual.gradientNorm).toBeCloseTo(expected.gradientNorm ?? Number.NaN, 6);
    const [ours, theirs] = [await backend.parameters(), await reference.parameters()];
    expect(largestDifference(ours, theirs)).toBeLessThan(1e-6);
    const { count } = problem.train;
    const features = scaledFeatures(problem.train);
    const probabilities = await backend.predict(features, count);
    const exact = await reference.predict(features, count);
    expect(largestDifference(probabilities, exact)).toBeLessThan(1e-5);
  });

  test.each([2, 3])('takes the first of equal logits of %i classes', async (classes) => {
    const problem = undecidedProblem(classes);
    const [metrics] = await (await open(problem)).train(1);
    expect(metrics.accuracy).toBe(shareOfClass0(problem.train));
  });

  test('sums a gradient whose terms cancel exactly', async () => {
    // Pairs of products up to 131,073 + 2,016: sixteen of them are exact in float32.
    const problem = cancellingProblem(512, 131_073);
    const [backend, reference] = [await open(problem), await createReferenceBackend(problem)];
    await backend.train(1);
    await reference.train(1);
    expect(Float32Array.from(await backend.parameters())).toEqual(
      Float32Array.from(await reference.parameters()),
    );
  });

  test('clips the loss of a certain sample to that of 1 - 1e-7', async () => {
    const problem = certainProblem();
    const [metrics] = await (await open(problem)).train(1);
    expect(Math.abs(metrics.loss / -Math.log(1 - 1e-7) - 1)).toBeLessThan(4 * 2 ** -23);
  });

  test('says when a run is no longer finite', async () => {
    const problem = smallProblem({ learningRate: 1000, weightDecay: 10 });
    const backend = await open(problem);
    const epochs = await backend.train(60);
    expect(epochs.at(-1)?.finite).toBe(false);
    const first = epochs.findIndex(({ finite }) => !finite);
    expect(epochs.slice(0, first).every(({ loss }) => Number.isFinite(loss))).toBe(true);
  });

  test('names itself', async () => {
    const { info } = await open(smallProblem());
    expect(info).toMatchObject({ name: 'cpu', precision: 'float32', isSoftware: false });
    expect(info.adapter).toMatch(/SIMD, 1 of 1 core$/);
  });

  test('rejects once it is disposed of', async () => {
    const backend = await open(smallProblem());
    backend.dispose();
    backend.dispose();
    await expect(backend.train(1)).rejects.toThrow('disposed');
  });
});

describe('without SIMD', () => {
  test('the backend is unavailable, and says what to use instead', async () => {
    const opened = createCpuBackend(smallProblem(), null);
    await expect(opened).rejects.toThrow(BackendUnavailableError);
    await expect(opened).rejects.toMatchObject({ reason: 'unsupported' });
    await expect(opened).rejects.toThrow(/WebAssembly with SIMD.*reference/);
  });
});

describe('the memory plan', () => {
  const problem = smallProblem({ batchSize: 4, dropout: 0.5, optimizer: 'adam' });

  test.each([
    ['mini-batches', problem],
    ['a full batch', smallProblem()],
  ])('lays regions out side by side: %s', (_, { ...planned }) => {
    const { regions, pages } = planMemory(planned);
    expect(new Set(regions.map(({ name }) => name)).size).toBe(regions.length);
    let end = 1;
    for (const { offset, bytes } of regions) {
      expect(offset).toBeGreaterThanOrEqual(end);
      expect(offset % 64).toBe(0);
      end = offset + bytes;
    }
    expect(end).toBeLessThanOrEqual(65_536 * pages);
  });

  test('refuses parameters that float32 does not hold, by their place', async () => {
    const problem = smallProblem({ momentum: 0.9 });
    const backend = await createCpuBackend(problem);
    const state = await backend.state();
    const { offset } = parameterLayout(problem.spec).slices[2]; // W2
    const parameters = state.parameters.with(offset + 3, 1e39);
    await expect(backend.load({ ...state, parameters })).rejects.toThrow(
      'W2, number 4: "1e+39" is not allowed; this backend computes in float32, whose numbers end at 3.4e38',
    );
    const optimizer = [state.optimizer[0].with(1, -1e300)];
    await expect(backend.load({ ...state, optimizer })).rejects.toThrow(
      'optimizer state of W1, number 2: "-1e+300" is not allowed',
    );
    const reference = await createReferenceBackend(problem);
    await reference.load({ ...state, parameters });
    await backend.load({ ...state, parameters: state.parameters.with(0, 3.4e38) });
  });

  test('refuses what 32 bits cannot address, before anything is allocated', async () => {
    const spec = networkFor(inputsOf(problem.spec), [30_000, 30_000], 2, 'sigmoid');
    const tooLarge: Problem = { ...problem, spec, parameters: new Float64Array() };
    const opened = openBackend('cpu', tooLarge);
    await expect(opened).rejects.toThrow(InvalidInputError);
    await expect(opened).rejects.toThrow(/take \d+ MiB, and the backend cpu has at most 4096/);
  });
});
