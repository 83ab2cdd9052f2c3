/** The workloads: real problems that every contender trains, and the sweep over widths and batches. */

import { operationsOf, type SweepSizes, type Workload } from '../comparison/sweep-workloads';
import { SYNTHETIC_CLASSES, syntheticProblem } from '../comparison/synthetic-problem';
import type { Rows } from '../data/dataset';
import type { Problem } from '../training/backend';
import { checkConfiguration } from '../training/configuration/check';
import type { Configuration } from '../training/configuration/fields';
import { prepare } from '../training/prepare';

/** What `--only` takes and the page offers. */
export const WORKLOAD_NAMES = ['notebook', 'digits', 'image', 'sweep', 'growth'] as const;
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];
/** Those that are one workload each. */
type SingleName = Exclude<WorkloadName, 'sweep' | 'growth'>;

const SEED = 42;
/** Enough that no run ends by its own configuration. */
const EPOCHS = 1_000_000;

export const FULL_SWEEP: SweepSizes = {
  widths: [16, 32, 64, 128, 256, 512, 1024, 2048],
  batches: [32, 128, 512, 4096],
};
export const QUICK_SWEEP: SweepSizes = { widths: [16, 64, 256], batches: [32, 512] };

/** The three workloads by name. `digits` is that data set. */
export function namedWorkload(name: SingleName, digits: Rows): Workload {
  switch (name) {
    case 'notebook':
      return notebook(digits);
    case 'digits':
      return tenDigits(digits);
    case 'image':
      return image();
    default:
      return name satisfies never;
  }
}

function notebook(digits: Rows): Workload {
  return {
    name: 'notebook',
    title:
      '64→16→8→1, sigmoid, 288 samples in one batch, SGD with learning rate 0.5; the test set of 72 evaluated and all metrics read back for each epoch',
    unit: 'ms per epoch',
    checkedEpochs: 8,
    operations: operationsOf([64, 16, 8, 1], 288),
    // Not the notebook's own start, whose loss stands still for 500 epochs: no loss would tell a
    // contender that trains from one that does nothing.
    problem: () => digitsProblem(digits, { init: 'glorot_normal' }),
  };
}

function tenDigits(digits: Rows): Workload {
  return {
    name: 'digits',
    title:
      '64→64→32→10, relu, 1,437 samples in shuffled batches of 64, Adam with learning rate 0.003; the test set of 360 evaluated after each epoch',
    unit: 'ms per epoch',
    // One epoch has 23 updates, and its loss is the mean of what came between them.
    checkedEpochs: 1,
    operations: operationsOf([64, 64, 32, 10], 1437),
    problem: () =>
      digitsProblem(digits, {
        classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        hidden: [64, 32],
        activation: 'relu',
        init: 'he_normal',
        optimizer: 'adam',
        learningRate: 0.003,
        batchSize: 64,
      }),
  };
}

function image(): Workload {
  const widths = [784, 512, 256, SYNTHETIC_CLASSES];
  return {
    name: 'image',
    title: '784→512→256→10, relu, SGD; one step on a synthetic batch of 256',
    unit: 'ms per step',
    checkedEpochs: 2,
    operations: operationsOf(widths, 256),
    problem: () => syntheticProblem(widths, 256),
  };
}

function digitsProblem(digits: Rows, values: Partial<Configuration>): Problem {
  const configuration = checkConfiguration({ ...values, seed: SEED, epochs: EPOCHS });
  return prepare(configuration, digits).problem;
}
