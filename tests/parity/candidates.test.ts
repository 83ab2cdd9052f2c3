/**
 * Every plan that the tuner may choose, on problems made for one thing each: loops that turn twice, sums
 * that cancel and norms; and what the variants of a schedule share: ties, and a test set without dropout.
 */
import { describe, expect, it } from 'vitest';
import { SCHEDULE_KINDS } from '../../src/gpu/plan/choices';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend } from '../../src/training/backend';
import { largestDifference } from '../support/numbers';
import {
  cancellingProblem,
  shareOfClass0,
  smallProblem,
  undecidedProblem,
} from '../support/problems';
import { sharedDevice, withEachCandidate, withWebGpu } from './support/open';

const device = sharedDevice();

it('steps over a large full batch as the layered schedule does', async () => {
  // More than 1,024 samples: sums in 8 parts and in 32 turn a second time.
  const problem = smallProblem({ learningRate: 0.1 }, { hidden: [2], trainCount: 1500 });
  let layered: Float64Array | undefined;
  await withEachCandidate(device(), problem, async (backend, name) => {
    await backend.train(1);
    const parameters = await backend.parameters();
    layered ??= parameters;
    expect(largestDifference(parameters, layered), name).toBeLessThan(1e-6);
  });
}, 120_000);

it('sums a gradient whose terms cancel to the bit', async () => {
  // Products up to 32,769 + 2,016: a run of 32 of them is exact in float32.
  const problem = cancellingProblem(4096, 32_769);
  const reference = await createReferenceBackend(problem);
  await reference.train(1);
  const expected = Float32Array.from(await reference.parameters());
  await withEachCandidate(device(), problem, async (backend, name) => {
    // Its products add without a compensation.
    if (name === 'layered') return;
    await backend.train(1);
    expect(Float32Array.from(await backend.parameters()), name).toEqual(expected);
  });
}, 120_000);

describe.each(SCHEDULE_KINDS)('%s', (schedule) => {
  it.each([2, 3])('takes the first of equal logits of %i classes', async (classes) => {
    const problem = undecidedProblem(classes);
    const train = (backend: Backend) => backend.train(1);
    const [metrics] = await withWebGpu(device(), problem, train, schedule);
    expect(metrics.accuracy).toBe(shareOfClass0(problem.train));
  });

  it('drops nothing from the test set', async () => {
    // Parameters that stand still, so that only dropout could move the loss.
    const problem = smallProblem({ dropout: 0.5, learningRate: 1e-9 }, { hidden: [5] });
    const [expected] = await (await createReferenceBackend(problem)).train(1);
    const train = (backend: Backend) => backend.train(1);
    const [metrics] = await withWebGpu(device(), problem, train, schedule);
    expect(Math.abs(metrics.valLoss - expected.valLoss)).toBeLessThan(1e-6);
    expect(metrics.valAccuracy).toBe(expected.valAccuracy);
    expect(Math.abs(metrics.loss - expected.loss)).toBeLessThan(1e-6);
  });
});

it('measures the norms of the reference', async () => {
  const values = { norms: true, momentum: 0.9, learningRate: 0.1, batchSize: 4 };
  const problem = smallProblem(values, { hidden: [3] });
  const [expected] = await (await createReferenceBackend(problem)).train(1);
  await withEachCandidate(device(), problem, async (backend, name) => {
    const [metrics] = await backend.train(1);
    for (const metric of ['gradientNorm', 'parameterNorm'] as const) {
      const difference = Math.abs((metrics[metric] ?? Number.NaN) - (expected[metric] ?? 0));
      expect(difference, `${name} ${metric}`).toBeLessThan(1e-5);
    }
  });
});
