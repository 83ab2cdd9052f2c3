/** MNIST on WebGPU, from bytes, against JAX in float64. */
import { describe, inject, it } from 'vitest';
import mlp from '../fixtures/mnist/mlp.json';
import mlpFull from '../fixtures/mnist/mlp-full.json';
import {
  expectFirstBatches,
  expectFloat32History,
  problemOfFixture,
} from '../support/jax-fixtures';
import { sharedDevice, withWebGpu } from './support/open';

const device = sharedDevice();

it('784 → 128 → 10, relu, Adam, 6,000 images: the first batches', async () => {
  const { problem } = await problemOfFixture(mlp);
  const bound = 10 * mlp.float32_deviation.loss + 1e-6;
  await withWebGpu(device(), problem, (backend) =>
    expectFirstBatches(backend, problem, mlp, bound, 5),
  );
});

// All 60,000 images take a software adapter long: with SHADERPROP_LONG=1.
const WHOLE = [
  ...(inject('thorough') ? [['784 → 128 → 10, relu, Adam, 6,000 images', mlp] as const] : []),
  ...(inject('long') ? [['784 → 64 → 10, tanh, momentum, all images', mlpFull] as const] : []),
];
if (WHOLE.length > 0) {
  describe.each(WHOLE)('%s', (_name, fixture) => {
    it('is trained as far apart as float32 strays', async () => {
      const { problem, configuration } = await problemOfFixture(fixture);
      await withWebGpu(device(), problem, async (backend) => {
        expectFloat32History(fixture, await backend.train(configuration.epochs));
      });
    }, 300_000);
  });
}
