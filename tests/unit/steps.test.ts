/** The sequence of steps: every sample once an epoch, in batches as they were asked for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { StepSequence } from '../../src/training/steps';

describe('steps', () => {
  it('of a batch size that does not divide keep the smaller last batch', () => {
    const steps = new StepSequence({ ...DEFAULTS, batchSize: 32 }, 288 + 7);
    expect(steps.batchesPerEpoch).toBe(10);
    expect(steps.isFullBatch).toBe(false);
    expect(steps.at(2, 9)).toMatchObject({ index: 29, firstRow: 288, rows: 7, isLast: true });
    expect(steps.at(2, 0)).toMatchObject({ index: 20, firstRow: 0, rows: 32, isFirst: true });
  });

  it.each([0, 288, 289, 1_000_000])('of batch size %i are full batches in order', (batchSize) => {
    const steps = new StepSequence({ ...DEFAULTS, batchSize }, 288);
    expect(steps).toMatchObject({ isFullBatch: true, batchesPerEpoch: 1, batchRows: 288 });
    expect(steps.orderOf(3)).toBeNull();
  });

  it('walk every sample once an epoch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 220 }),
        fc.integer({ min: 0, max: 30 }),
        (samples, batchSize, epoch) => {
          const steps = new StepSequence({ ...DEFAULTS, batchSize }, samples);
          const all = Array.from({ length: steps.batchesPerEpoch }, (_, b) => steps.at(epoch, b));
          let next = 0;
          for (const step of all) {
            expect(step.firstRow).toBe(next);
            expect(step.rows).toBeGreaterThan(0);
            expect(step.rows).toBeLessThanOrEqual(steps.batchRows);
            next += step.rows;
          }
          expect(next).toBe(samples);
          expect(all.filter((step) => step.isFirst)).toEqual([all[0]]);
          expect(all.filter((step) => step.isLast)).toEqual([all[all.length - 1]]);
          expect(all.map((step) => step.index)).toEqual(
            all.map((_, b) => epoch * steps.batchesPerEpoch + b),
          );
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  it('carry Adam’s corrections of their own index', () => {
    const steps = new StepSequence({ ...DEFAULTS, batchSize: 3, learningRate: 0.1 }, 9);
    const first = steps.at(0, 0);
    expect(first.stepSize).toBeCloseTo(1, 12); // 0.1 / (1 - 0.9)
    expect(first.inverseRootCorrection).toBeCloseTo(1 / Math.sqrt(0.001), 9);
    const fourth = steps.at(1, 0); // t = 4
    expect(fourth.stepSize).toBeCloseTo(0.1 / 0.3439, 12); // 1 - 0.9⁴
    expect(fourth.inverseRootCorrection).toBeCloseTo(1 / Math.sqrt(0.003994003999), 9); // 1 - 0.999⁴
  });
});
