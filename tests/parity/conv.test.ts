/** JAX's runs with convolutions on WebGPU, every epoch, and the same bits again. */
import { describe, expect, inject, it } from 'vitest';
import digitsBinary from '../fixtures/conv/digits-binary.json';
import digitsStrideRelu from '../fixtures/conv/digits-stride-relu.json';
import digitsTanh from '../fixtures/conv/digits-tanh.json';
import mnist from '../fixtures/conv/mnist.json';
import { expectFloat32History, problemOfFixture } from '../support/jax-fixtures';
import { bitsOf, sharedDevice, withWebGpu } from './support/open';

const device = sharedDevice();

describe.each([digitsBinary, digitsStrideRelu, digitsTanh, mnist])(
  '$config.dataset: $config.layers',
  (fixture) => {
    it.runIf(inject('thorough') || fixture.config.dataset === 'digits')(
      'is trained as far apart as float32 strays',
      async () => {
        const { problem, configuration } = await problemOfFixture(fixture);
        await withWebGpu(device(), problem, async (backend) => {
          expectFloat32History(fixture, await backend.train(configuration.epochs));
        });
      },
      300_000,
    );
  },
);

it('the same seed gives the same bits', async () => {
  const { problem } = await problemOfFixture(digitsTanh);
  const train = () =>
    withWebGpu(device(), problem, async (backend) => {
      const [metrics] = await backend.train(1);
      return { metrics, parameters: bitsOf(await backend.parameters()) };
    });
  expect(await train()).toEqual(await train());
});
