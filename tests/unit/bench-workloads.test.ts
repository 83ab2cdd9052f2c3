/** The benchmark's workloads: what they hold, and that their check can tell who trains from who does not. */
import { describe, expect, test } from 'vitest';
import { FULL_SWEEP, namedWorkload, QUICK_SWEEP, SINGLE_NAMES } from '../../src/bench/workloads';
import { lossBound } from '../../src/comparison/loss-bound';
import { sweepWorkload, sweepWorkloads } from '../../src/comparison/sweep-workloads';
import type { Workload } from '../../src/comparison/workload';
import { createCpuBackend } from '../../src/cpu/backend';
import { byteTables, scaledBytes } from '../../src/data/samples';
import { formatLayers } from '../../src/layers/layer';
import { commonActivation, hiddenLayersOf, widthsOf } from '../../src/model/network-spec';
import { StepSequence } from '../../src/training/steps';
import { loadDigits } from '../fixtures';

const DIGITS = loadDigits();
const NAMED = SINGLE_NAMES.map((name): Workload => {
  const workload = namedWorkload(name, DIGITS);
  const problem = workload.problem(); // made once: the largest takes seconds
  return { ...workload, problem: () => problem };
});

function workloadOf(name: string): Workload {
  const found = NAMED.find((workload) => workload.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
}

test('have the shapes that their titles say', () => {
  const shapes = NAMED.map((workload) => {
    const { spec, hyperparameters, train, test: testSet } = workload.problem();
    const { batchRows, batchesPerEpoch } = new StepSequence(hyperparameters, train.count);
    const { optimizer, learningRate } = hyperparameters;
    return {
      hidden: formatLayers(hiddenLayersOf(spec)),
      samples: [train.count, testSet.count, batchRows, batchesPerEpoch],
      optimizer,
      learningRate,
    };
  });
  expect(shapes).toEqual([
    {
      hidden: 'dense 16 sigmoid; dense 8 sigmoid',
      samples: [288, 72, 288, 1],
      optimizer: 'sgd',
      learningRate: 0.5,
    },
    {
      hidden: 'dense 64 relu; dense 32 relu',
      samples: [1437, 360, 64, 23],
      optimizer: 'adam',
      learningRate: 0.003,
    },
    {
      hidden: 'dense 512 relu; dense 256 relu',
      samples: [256, 1, 256, 1],
      optimizer: 'sgd',
      learningRate: 0.05,
    },
    {
      hidden: 'dense 128 relu',
      samples: [12_800, 1, 128, 100],
      optimizer: 'adam',
      learningRate: 0.001,
    },
    {
      hidden: 'conv 16 3x3 same relu; max_pool 2; conv 32 3x3 same relu; max_pool 2; dense 64 relu',
      samples: [64, 1, 64, 1],
      optimizer: 'sgd',
      learningRate: 0.001,
    },
  ]);
  for (const { problem, title } of NAMED) {
    const { spec } = problem();
    const layers = formatLayers(hiddenLayersOf(spec));
    expect(title).toContain(
      commonActivation(spec) === undefined ? layers : widthsOf(spec).join('→'),
    );
  }
});

test('mnist’s images stay bytes, of which a network sees shares of 1', () => {
  const problem = workloadOf('mnist').problem();
  expect(byteTables(problem)).toBe(1);
  const { values, scaler, labels } = problem.train;
  expect([Math.max(...scaledBytes(scaler, 1)), new Set(labels).size]).toEqual([1, 10]);
  // As much ink as in MNIST, of all shades.
  const ink = values.filter((value) => value > 0).length / values.length;
  expect(ink).toBeCloseTo(0.19, 2);
  expect(new Set(values).size).toBe(256);
});

test('are the same each time', () => {
  const [first, second] = [sweepWorkload(16, 32), sweepWorkload(16, 32)].map((w) => w.problem());
  expect(second).toEqual(first);
});

test('count two operations for each multiply-add of the step', () => {
  // Forward, the weights' gradient, and the delta of what is below unless that is the data.
  const dense = 2 * 784 * 512 + 3 * (512 * 256 + 256 * 10);
  expect(workloadOf('image').operations).toBe(2 * 256 * dense);
  const first = 28 * 28 * 9 * 16;
  const others = 14 * 14 * (16 * 9) * 32 + 7 * 7 * 32 * 64 + 64 * 10;
  expect(workloadOf('conv').operations).toBe(2 * 64 * (2 * first + 3 * others));
});

describe('the check', () => {
  test.each([...NAMED, sweepWorkload(16, 32), sweepWorkload(64, 512), sweepWorkload(256, 128)])(
    'of $name tells training from standing still',
    async (workload: Workload) => {
      const problem = workload.problem();
      const { checkedEpochs } = workload;
      // In float32, which is right to one bound; twenty are asked for.
      const lossesAt = async (learningRate: number) => {
        const hyperparameters = { ...problem.hyperparameters, learningRate };
        const backend = await createCpuBackend({ ...problem, hyperparameters });
        const losses = (await backend.train(checkedEpochs)).map(({ loss }) => loss);
        backend.dispose();
        return losses;
      };
      const still = await lossesAt(1e-12);
      const losses = await lossesAt(problem.hyperparameters.learningRate);
      const last = losses.length - 1;
      const bound = lossBound(losses[last], problem.train.count);
      expect(bound).toBeGreaterThan(0);
      expect(still[last] - losses[last]).toBeGreaterThan(20 * bound);
    },
  );
});

test('the sweep goes from width 16 to 2048 and from batch 32 to 4096', () => {
  expect([FULL_SWEEP.widths[0], FULL_SWEEP.widths.at(-1)]).toEqual([16, 2048]);
  expect([FULL_SWEEP.batches[0], FULL_SWEEP.batches.at(-1)]).toEqual([32, 4096]);
  const points = sweepWorkloads(QUICK_SWEEP);
  expect(points).toHaveLength(QUICK_SWEEP.widths.length * QUICK_SWEEP.batches.length);
  expect(points.map(({ name }) => name)).toContain('sweep-64x512');
});
