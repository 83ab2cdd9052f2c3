/**
 * Each way for a number to leave float32's range, alone: parameters, and the logits of either set.
 * In a run that diverges all of them break in the same epoch, and each would cover for the others.
 */

import { describe, expect, it } from 'vitest';
import { scaledFeatures } from '../../src/data/samples';
import { SCHEDULE_KINDS } from '../../src/gpu/plan/choices';
import { inputsOf } from '../../src/model/network-spec';
import { smallProblem } from '../support/problems';
import { sharedDevice, withWebGpu } from './support/open';

const device = sharedDevice();

/** Weights so large that features of 1e20 overflow a logit, and hardly any step. */
function largeWeights(batchSize: number) {
  const problem = smallProblem({ learningRate: 1e-6, batchSize }, { hidden: [] });
  return { ...problem, parameters: problem.parameters.map(() => 1e19) };
}

describe.each(SCHEDULE_KINDS)('%s flags', (schedule) => {
  it('test logits that overflow', async () => {
    const problem = largeWeights(0);
    const values = scaledFeatures(problem.test).map(() => 1e20);
    const overflowing = { ...problem, test: { ...problem.test, values } };
    await withWebGpu(
      device(),
      overflowing,
      async (backend) => {
        const [metrics] = await backend.train(1);
        expect((await backend.parameters()).every(Number.isFinite)).toBe(true);
        expect(metrics.finite).toBe(false);
      },
      schedule,
    );
  });

  it.each([0, 4])('training logits that overflow in one sample, batches of %i', async (size) => {
    const problem = largeWeights(size);
    const { train, spec } = problem;
    const width = inputsOf(spec);
    const row = train.labels.indexOf(1);
    // Its delta is 0, as it is classified rightly: the parameters stay finite.
    const values = scaledFeatures(train).fill(1e20, row * width, (row + 1) * width);
    const overflowing = { ...problem, train: { ...train, values } };
    await withWebGpu(
      device(),
      overflowing,
      async (backend) => {
        const flags = (await backend.train(6)).map(({ finite }) => finite);
        expect((await backend.parameters()).every(Number.isFinite)).toBe(true);
        expect(flags).toEqual(Array(6).fill(false));
      },
      schedule,
    );
  });

  it('parameters that overflow behind a dead unit, where every logit is finite', async () => {
    const problem = smallProblem({}, { hidden: [1], activation: 'relu' });
    // Weights of 1 on features of -1: the hidden unit is dead, and decay alone moves its weights.
    const weights = inputsOf(problem.spec);
    const dying = {
      ...problem,
      hyperparameters: { ...problem.hyperparameters, learningRate: 1e38, weightDecay: 10 },
      parameters: problem.parameters.map((_, i) => Number(i < weights)),
      train: { ...problem.train, values: scaledFeatures(problem.train).map(() => -1) },
      test: { ...problem.test, values: scaledFeatures(problem.test).map(() => 1) },
    };
    await withWebGpu(
      device(),
      dying,
      async (backend) => {
        const [metrics] = await backend.train(1);
        const after = await backend.parameters();
        expect(after.subarray(0, weights).every((weight) => weight === -Infinity)).toBe(true);
        expect(Number.isFinite(metrics.valLoss)).toBe(true);
        expect(metrics.finite).toBe(false);
      },
      schedule,
    );
  });
});
