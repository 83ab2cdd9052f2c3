/** MNIST on the backends that compute on the CPU, against JAX in float64. */
import { describe, expect, inject, it } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { createReferenceBackend } from '../../src/reference/backend';
import { finalReport } from '../../src/session/final-report';
import mlp from '../fixtures/mnist/mlp.json';
import mlpFull from '../fixtures/mnist/mlp-full.json';
import {
  expectFirstBatches,
  expectFloat32History,
  expectFloat64History,
  expectParameters,
  problemOfFixture,
} from '../support/jax-fixtures';

describe.each([
  ['784 → 128 → 10, relu, Adam, 6,000 images', mlp],
  ['784 → 64 → 10, tanh, momentum, all images', mlpFull],
] as const)('%s', (_name, fixture) => {
  it('begins with the same parameters, and has the same loss of the first batches in float64', async () => {
    const { problem } = await problemOfFixture(fixture);
    expectParameters(problem, problem.parameters, fixture.initial, 1e-12);
    const backend = await createReferenceBackend(problem);
    const batches = inject('thorough') ? 50 : 20;
    await expectFirstBatches(backend, problem, fixture, 1e-9, batches);
  });

  const isWhole = fixture.train_size === 60_000;

  // All images take the reference many minutes: with SHADERPROP_LONG=1.
  if (isWhole ? inject('long') : inject('thorough'))
    it('is trained by the reference to the same numbers', async () => {
      const { problem, prepared, configuration } = await problemOfFixture(fixture);
      const backend = await createReferenceBackend(problem);
      const epochs = await backend.train(configuration.epochs);
      expectFloat64History(fixture, epochs);
      expectParameters(problem, await backend.parameters(), fixture.final, 1e-9);
      const { document } = await finalReport(backend, prepared);
      expect(document.confusion_matrix).toEqual(fixture.confusion_matrix);
    }, 900_000);

  if (inject('thorough') || !isWhole)
    it('is trained by the backend cpu as far apart as float32 strays', async () => {
      const { problem, configuration } = await problemOfFixture(fixture);
      const backend = await createCpuBackend(problem);
      expectFloat32History(fixture, await backend.train(configuration.epochs));
    }, 120_000);
});
