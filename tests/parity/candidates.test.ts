/**
 * Every plan that the tuner may choose, on problems made for one thing each: loops that turn twice, sums
 * that cancel and norms; and what the variants of a schedule share: ties, and a test set without dropout.
 */
import { describe, expect, inject, it } from 'vitest';
import { SCHEDULE_KINDS } from '../../src/gpu/plan/choices';
import { planPersistent } from '../../src/gpu/plan/persistent';
import { shapeOf } from '../../src/gpu/plan/plan';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend } from '../../src/training/backend';
import { largestDifference } from '../support/numbers';
import {
  cancellingProblem,
  shareOfClass0,
  smallProblem,
  undecidedProblem,
} from '../support/problems';
import { sharedDevice, withEachCandidate, withPlan, withWebGpu } from './support/open';

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

describe('the persistent schedule, with blocks that eight share', () => {
  const CASES = [
    // Eight groups of four samples in the first batches, two in the last one: six of eight have nothing to add.
    [
      'batches',
      smallProblem(
        { batchSize: 31, momentum: 0.9, learningRate: 0.1 },
        { hidden: [], trainCount: 67, testCount: 5 },
      ),
    ],
    ...(inject('thorough')
      ? ([
          ['one sample', smallProblem({ batchSize: 1 }, { trainCount: 3, features: 1 })],
          ['ten classes', smallProblem({}, { hidden: [], classes: 10, trainCount: 33 })],
          [
            'dropout and Adam',
            smallProblem(
              { dropout: 0.2, optimizer: 'adam', learningRate: 0.01, batchSize: 50 },
              { hidden: [9, 5], features: 13, classes: 3, trainCount: 131, testCount: 31 },
            ),
          ],
          ['a second turn', smallProblem({ learningRate: 0.1 }, { hidden: [4], trainCount: 1500 })],
        ] as const)
      : []),
  ] as const;

  it.each(CASES)(
    'trains as the reference does, and the same to the bit: %s',
    async (_, problem) => {
      const reference = await createReferenceBackend(problem);
      const expected = await reference.train(3);
      const plan = planPersistent(shapeOf(problem), { invocations: 64, split: 8 });
      if ('declined' in plan) throw new Error(plan.declined);
      let first: Float64Array | undefined;
      for (let run = 0; run < 2; run++) {
        await withPlan(device(), problem, plan, async (backend) => {
          const actual = await backend.train(3);
          const parameters = await backend.parameters();
          expect(largestDifference(parameters, await reference.parameters())).toBeLessThan(1e-6);
          for (const [i, { loss, valLoss }] of actual.entries()) {
            expect(Math.abs(loss - expected[i].loss)).toBeLessThan(1e-6);
            expect(Math.abs(valLoss - expected[i].valLoss)).toBeLessThan(1e-6);
          }
          first ??= parameters;
          expect(parameters).toEqual(first);
        });
      }
    },
  );

  if (inject('thorough')) {
    it('sums terms that cancel to the bit, as a card is offered it', async () => {
      const problem = cancellingProblem(4096, 32_769);
      const reference = await createReferenceBackend(problem);
      await reference.train(1);
      const plan = planPersistent(shapeOf(problem), { invocations: 256, split: 8 });
      if ('declined' in plan) throw new Error(plan.declined);
      await withPlan(device(), problem, plan, async (backend) => {
        await backend.train(1);
        const parameters = Float32Array.from(await backend.parameters());
        expect(parameters).toEqual(Float32Array.from(await reference.parameters()));
      });
    }, 60_000);
  }
});

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
