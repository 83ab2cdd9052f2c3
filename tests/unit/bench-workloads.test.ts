/** The benchmark's workloads: what they hold, and that their check can tell who trains from who does not. */
import { describe, expect, test } from 'vitest';
import { FULL_SWEEP, namedWorkload, QUICK_SWEEP } from '../../src/bench/workloads';
import { lossBound } from '../../src/comparison/loss-bound';
import { sweepWorkload, sweepWorkloads } from '../../src/comparison/sweep-workloads';
import type { Workload } from '../../src/comparison/workload';
import { createCpuBackend } from '../../src/cpu/backend';
import { commonActivation, layersOf, widthsOf } from '../../src/model/network-spec';
import { StepSequence } from '../../src/training/steps';
import { loadDigits } from '../fixtures';

const DIGITS = loadDigits();
const NAMED = (['notebook', 'digits', 'image'] as const).map((name): Workload => {
  const workload = namedWorkload(name, DIGITS);
  const problem = workload.problem(); // made once: the largest takes seconds
  return { ...workload, problem: () => problem };
});

test('have the shapes that their titles say', () => {
  const shapes = NAMED.map((workload) => {
    const { spec, hyperparameters, train, test: testSet } = workload.problem();
    const { batchRows, batchesPerEpoch } = new StepSequence(hyperparameters, train.count);
    const { optimizer, learningRate } = hyperparameters;
    return {
      widths: widthsOf(spec).join('→'),
      activation: commonActivation(spec),
      samples: [train.count, testSet.count, batchRows, batchesPerEpoch],
      optimizer,
      learningRate,
    };
  });
  expect(shapes).toEqual([
    {
      widths: '64→16→8→1',
      activation: 'sigmoid',
      samples: [288, 72, 288, 1],
      optimizer: 'sgd',
      learningRate: 0.5,
    },
    {
      widths: '64→64→32→10',
      activation: 'relu',
      samples: [1437, 360, 64, 23],
      optimizer: 'adam',
      learningRate: 0.003,
    },
    {
      widths: '784→512→256→10',
      activation: 'relu',
      samples: [256, 1, 256, 1],
      optimizer: 'sgd',
      learningRate: 0.05,
    },
  ]);
  for (const { problem, title } of NAMED)
    expect(title).toContain(widthsOf(problem().spec).join('→'));
});

test('are the same each time', () => {
  const [first, second] = [sweepWorkload(16, 32), sweepWorkload(16, 32)].map((w) => w.problem());
  expect(second).toEqual(first);
});

test('count two operations for each multiply-add of the step', () => {
  const [, , { operations, problem }] = NAMED;
  const { spec, train } = problem();
  let multiplyAdds = 0;
  for (const { index, inputs, outputs } of layersOf(spec)) {
    // Forward, the weights' gradient, and the delta of what is below unless that is the data.
    multiplyAdds += train.count * inputs * outputs * (index === 1 ? 2 : 3);
  }
  expect(operations).toBe(2 * multiplyAdds);
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
