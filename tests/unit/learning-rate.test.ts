/** Learning-rate schedules against their formulas, worked out by hand and as properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { type Hyperparameters, LEARNING_RATE_SCHEDULES } from '../../src/training/hyperparameters';
import { learningRateAt } from '../../src/training/learning-rate';

function rates(values: Partial<Hyperparameters>, epochs: readonly number[]): number[] {
  return epochs.map((epoch) => learningRateAt({ ...DEFAULTS, ...values }, epoch));
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((rate, i) => {
    expect(Math.abs(rate - expected[i])).toBeLessThan(1e-15);
  });
}

describe('schedules by hand', () => {
  it('constant', () => {
    expect(rates({ learningRate: 0.3 }, [0, 1, 999])).toEqual([0.3, 0.3, 0.3]);
  });

  it('step: lr · k^floor(t / s)', () => {
    const values = { schedule: 'step', learningRate: 0.8, decayRate: 0.5, decaySteps: 3 } as const;
    expectClose(rates(values, [0, 1, 2, 3, 5, 6, 9]), [0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.1]);
  });

  it('exponential: lr · k^t', () => {
    const values = { schedule: 'exponential', learningRate: 1, decayRate: 0.9 } as const;
    expectClose(rates(values, [0, 1, 2, 3]), [1, 0.9, 0.81, 0.729]);
  });

  it('inverse_time: lr / (1 + k · t)', () => {
    const values = { schedule: 'inverse_time', learningRate: 0.6, decayRate: 0.5 } as const;
    expectClose(rates(values, [0, 1, 2, 4]), [0.6, 0.4, 0.3, 0.2]);
  });

  it('cosine: from lr to lr_min over all epochs', () => {
    const values = {
      schedule: 'cosine',
      learningRate: 1,
      minLearningRate: 0.2,
      epochs: 12,
    } as const;
    const middle = 0.6;
    const sixth = 0.2 + (0.8 * (1 + Math.sqrt(3) / 2)) / 2;
    expectClose(rates(values, [0, 2, 4, 6, 12]), [1, sixth, 0.8, middle, 0.2]);
  });

  it('warm-up: (epoch + 1) / warmupEpochs of the schedule, then the schedule', () => {
    expectClose(
      rates({ learningRate: 0.8, warmupEpochs: 4 }, [0, 1, 2, 3, 4, 5]),
      [0.2, 0.4, 0.6, 0.8, 0.8, 0.8],
    );
    const decaying = { schedule: 'exponential', learningRate: 1, decayRate: 0.5 } as const;
    expectClose(rates({ ...decaying, warmupEpochs: 2 }, [0, 1, 2, 3]), [0.5, 0.5, 0.25, 0.125]);
  });
});

/** Any schedule that a configuration allows. */
const schedules = fc
  .record({
    schedule: fc.constantFrom(...LEARNING_RATE_SCHEDULES),
    learningRate: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    decayRate: fc.double({ min: 1e-3, max: 1, noNaN: true }),
    decaySteps: fc.integer({ min: 1, max: 50 }),
    epochs: fc.integer({ min: 1, max: 2000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    warmup: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(
    ({ share, warmup, ...values }): Hyperparameters => ({
      ...DEFAULTS,
      ...values,
      minLearningRate: share * values.learningRate,
      warmupEpochs: Math.floor(warmup * values.epochs),
    }),
  );

const withEpoch = schedules.chain((values) =>
  fc.tuple(fc.constant(values), fc.integer({ min: 0, max: values.epochs - 1 })),
);

describe('every schedule', () => {
  it('stays between zero and the learning rate', () => {
    fc.assert(
      fc.property(withEpoch, ([values, epoch]) => {
        const rate = learningRateAt(values, epoch);
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThanOrEqual(values.learningRate * (1 + 1e-15));
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('never rises after warm-up', () => {
    fc.assert(
      fc.property(withEpoch, ([values, epoch]) => {
        fc.pre(epoch >= values.warmupEpochs);
        const [now, next] = [epoch, epoch + 1].map((at) => learningRateAt(values, at));
        expect(next).toBeLessThanOrEqual(now * (1 + 1e-15));
      }),
      { numRuns: 1000, seed: 2 },
    );
  });

  it('is its plain value times the warm-up factor', () => {
    fc.assert(
      fc.property(withEpoch, ([values, epoch]) => {
        const plain = learningRateAt({ ...values, warmupEpochs: 0 }, epoch);
        const factor = Math.min(1, (epoch + 1) / Math.max(1, values.warmupEpochs));
        const rate = learningRateAt(values, epoch);
        expect(Math.abs(rate - plain * factor)).toBeLessThanOrEqual(1e-15 * values.learningRate);
      }),
      { numRuns: 1000, seed: 3 },
    );
  });

  it('never falls below the cosine’s least rate', () => {
    fc.assert(
      fc.property(withEpoch, ([values, epoch]) => {
        const cosine = { ...values, schedule: 'cosine', warmupEpochs: 0 } as const;
        const least = values.minLearningRate * (1 - 1e-15);
        expect(learningRateAt(cosine, epoch)).toBeGreaterThanOrEqual(least);
      }),
      { numRuns: 1000, seed: 4 },
    );
  });
});
