/** Convolutions on the backends that compute on the CPU, against JAX in float64. */
import { describe, expect, inject, it, test } from 'vitest';
import { poolBackwardInput, poolForward } from '../../src/layers/max-pool2d/reference';
import { createReferenceBackend } from '../../src/reference/backend';
import { finalReport } from '../../src/session/final-report';
import digitsBinary from '../fixtures/conv/digits-binary.json';
import digitsStrideRelu from '../fixtures/conv/digits-stride-relu.json';
import digitsTanh from '../fixtures/conv/digits-tanh.json';
import mnist from '../fixtures/conv/mnist.json';
import { CPU_ENGINES } from '../support/cpu-engines';
import {
  expectFirstBatches,
  expectFloat32History,
  expectFloat64History,
  expectParameters,
  problemOfFixture,
} from '../support/jax-fixtures';
import { largestDifference } from '../support/numbers';

describe.each([digitsBinary, digitsStrideRelu, digitsTanh, mnist])(
  '$config.dataset: $config.layers',
  (fixture) => {
    const isQuick = fixture.config.dataset === 'digits';

    if (inject('thorough') || isQuick)
      it('is trained by the reference to the same numbers', async () => {
        const { problem, prepared, configuration } = await problemOfFixture(fixture);
        expectParameters(problem, problem.parameters, fixture.initial, 1e-12);
        const backend = await createReferenceBackend(problem);
        expectFloat64History(fixture, await backend.train(configuration.epochs));
        const parameters = await backend.parameters();
        expect(largestDifference(parameters, fixture.final_parameters.flat())).toBeLessThan(1e-9);
        const { document } = await finalReport(backend, prepared);
        expect(document.confusion_matrix).toEqual(fixture.confusion_matrix);
      }, 300_000);

    if (inject('thorough'))
      it('has the same loss of each of the first batches', async () => {
        const { problem } = await problemOfFixture(fixture);
        const backend = await createReferenceBackend(problem);
        await expectFirstBatches(backend, problem, fixture, 1e-9);
      }, 300_000);

    it.each(Object.entries(CPU_ENGINES))(
      'is trained by the backend cpu, %s, as far apart as float32 strays',
      async (_, open) => {
        const { problem, configuration } = await problemOfFixture(fixture);
        const backend = await open(problem);
        expectFloat32History(fixture, await backend.train(configuration.epochs));
        backend.dispose();
      },
      60_000,
    );
  },
);

test('the first largest of a window gets its gradient, and what is in no window none', () => {
  const pool = { channels: 1, height: 3, width: 5, size: 2, outHeight: 1, outWidth: 2 };
  const image = Float64Array.of(1, 4, 7, 7, 9, 4, 4, 7, 7, 9, 9, 9, 9, 9, 9);
  expect(Array.from(poolForward(pool, image, 1))).toEqual([4, 7]);
  const gradient = poolBackwardInput(pool, Float64Array.of(5, 6), image, 1);
  expect(Array.from(gradient)).toEqual([0, 5, 6, ...new Array(12).fill(0)]);
});
