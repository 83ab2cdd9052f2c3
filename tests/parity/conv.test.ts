/** JAX's runs with convolutions on WebGPU, every epoch, and the same bits again. */
import { expect, inject, it } from 'vitest';
import digitsBinary from '../fixtures/conv/digits-binary.json';
import digitsStrideRelu from '../fixtures/conv/digits-stride-relu.json';
import digitsTanh from '../fixtures/conv/digits-tanh.json';
import mnist from '../fixtures/conv/mnist.json';
import {
  expectFirstBatches,
  expectFloat32History,
  problemOfFixture,
} from '../support/jax-fixtures';
import { bitsOf, sharedDevice, withWebGpu } from './support/open';

const device = sharedDevice();

const DIGITS = [digitsBinary, digitsStrideRelu, digitsTanh];

it.each(inject('thorough') ? [...DIGITS, mnist] : DIGITS)(
  '$config.dataset: $config.layers is trained as far apart as float32 strays',
  async (fixture) => {
    const { problem, configuration } = await problemOfFixture(fixture);
    await withWebGpu(device(), problem, async (backend) => {
      expectFloat32History(fixture, await backend.train(configuration.epochs));
    });
  },
  300_000,
);

it('mnist: the first batches', async () => {
  const { problem } = await problemOfFixture(mnist);
  const bound = 10 * mnist.float32_deviation.loss + 1e-6;
  await withWebGpu(device(), problem, async (backend) => {
    await expectFirstBatches(backend, problem, mnist, bound, 5);
  });
});

it('the same seed gives the same bits', async () => {
  const { problem } = await problemOfFixture(digitsTanh);
  const train = () =>
    withWebGpu(device(), problem, async (backend) => {
      const [metrics] = await backend.train(1);
      return { metrics, parameters: bitsOf(await backend.parameters()) };
    });
  expect(await train()).toEqual(await train());
});
