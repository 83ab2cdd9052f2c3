/** The backend cpu's convolutions: one step at awkward sizes against the reference, and any number of threads. */
import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { scaledFeatures } from '../../src/data/samples';
import { createReferenceBackend } from '../../src/reference/backend';
import { nodeCores } from '../../src/session/node-cores';
import { CPU_ENGINES } from '../support/cpu-engines';
import { largestDifference, relativeDistance } from '../support/numbers';
import { smallProblem } from '../support/problems';

describe.each(Object.entries(CPU_ENGINES))('%s', (_, open) => {
  test.each([
    ['conv 5 3x3 same tanh; max_pool 2; conv 6 2x3 sigmoid', [3, 9, 10]],
    ['conv 33 7x5 same stride 3 tanh; conv 3 1x1 leaky_relu', [1, 11, 8]],
    ['max_pool 3; conv 9 2x2 stride 2 sigmoid; dense 5 tanh', [2, 16, 13]],
    ['conv 1 4x4 tanh; max_pool 1; max_pool 2', [1, 5, 7]],
  ] as const)('takes the reference’s step: %s', async (layers, input) => {
    for (const [trainCount, dropout] of [
      [1, 0],
      [33, 0.3],
    ] as const) {
      const values = { batchSize: trainCount, learningRate: 1, dropout };
      const problem = smallProblem(values, { layers, input, trainCount, classes: 3 });
      const backend = await open(problem);
      const expected = await createReferenceBackend(problem);
      for (const each of [backend, expected]) await each.trainBatches(1);
      const [after, exact] = [await backend.parameters(), await expected.parameters()];
      const step = (to: Float64Array) => to.map((value, i) => value - problem.parameters[i]);
      expect(relativeDistance(step(after), step(exact)), `${trainCount} rows`).toBeLessThan(2e-5);
      const features = scaledFeatures(problem.test);
      const { count } = problem.test;
      const probabilities = await backend.predict(features, count);
      const others = await expected.predict(features, count);
      expect(largestDifference(probabilities, others)).toBeLessThan(1e-5);
      backend.dispose();
    }
  });
});

test('any number of threads gives the bits of one', async () => {
  const values = { batchSize: 57, dropout: 0.2, optimizer: 'adam', learningRate: 0.01 } as const;
  const problem = smallProblem(values, {
    layers: 'conv 10 5x3 same relu; max_pool 2; conv 21 3x3 stride 2 tanh',
    input: [2, 22, 27],
    trainCount: 131,
    testCount: 40,
    classes: 4,
  });
  const alone = await createCpuBackend(problem, 'simd');
  const history = await alone.train(2);
  for (const threads of [2, 3]) {
    const together = await createCpuBackend(problem, 'simd', nodeCores(threads));
    expect(together.info.adapter).toMatch(new RegExp(`, ${threads} (of|threads on) `));
    expect(await together.train(2)).toEqual(history);
    expect(await together.state()).toEqual(await alone.state());
    together.dispose();
  }
});
