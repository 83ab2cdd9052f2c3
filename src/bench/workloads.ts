/** The workloads: real problems that every contender trains, and the sweep over widths and batches. */
import type { SweepSizes } from '../comparison/sweep-workloads';
import { ENDLESS, SYNTHETIC_CLASSES, syntheticBatch } from '../comparison/synthetic-problem';
import {
  operationsOf,
  stepWorkload,
  syntheticWorkload,
  type Workload,
} from '../comparison/workload';
import type { Rows } from '../data/dataset';
import { formatLayers } from '../layers/layer';
import { hiddenLayersOf } from '../model/network-spec';
import type { Problem } from '../training/backend';
import { checkConfiguration } from '../training/configuration/check';
import type { Configuration } from '../training/configuration/fields';
import { networkOf } from '../training/network-of';
import { prepare } from '../training/prepare';
import { findPreset } from '../training/presets';
import { syntheticImages } from './synthetic-images';

/** What `--only` takes and the page offers, each in a sentence. */
export const WORKLOADS = {
  notebook: 'The notebook’s network, 64→16→8→1, one epoch of 288 samples.',
  digits: 'Ten digits, 64→64→32→10, one epoch in batches of 64 with Adam.',
  image: '784→512→256→10, one step on a batch of 256.',
  mnist: '784→128→10, one epoch of 12,800 images of bytes in batches of 128 with Adam.',
  conv: 'Two convolutions with pooling and a dense layer, one step on a batch of 64 images.',
  sweep: 'WebGPU against the CPU at growing widths and batches.',
} as const;
export type WorkloadName = keyof typeof WORKLOADS;
export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as readonly WorkloadName[];
/** Those that are one workload each. */
export type SingleName = Exclude<WorkloadName, 'sweep'>;
export const SINGLE_NAMES = WORKLOAD_NAMES.filter((name) => name !== 'sweep');

export const FULL_SWEEP: SweepSizes = {
  widths: [16, 32, 64, 128, 256, 512, 1024, 2048],
  batches: [32, 128, 512, 4096],
};
export const QUICK_SWEEP: SweepSizes = { widths: [16, 64, 256, 1024], batches: [32, 512] };

/** A workload by its name. `digits` is that data set. */
export function namedWorkload(name: SingleName, digits: Rows): Workload {
  switch (name) {
    case 'notebook':
      return notebook(digits);
    case 'digits':
      return tenDigits(digits);
    case 'image':
      return syntheticWorkload('image', [784, 512, 256, SYNTHETIC_CLASSES], 256);
    case 'mnist':
      return mnist();
    case 'conv':
      return convolutions();
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
    operations: operationsOf(networkOf(checkConfiguration({})), 288),
    // Not the notebook's own start, whose loss stands still for 500 epochs: no loss would tell a
    // contender that trains from one that does nothing.
    problem: () => digitsProblem(digits, { init: 'glorot_normal' }),
  };
}

function tenDigits(digits: Rows): Workload {
  const { configuration } = findPreset('next-adam-ten-digits');
  return {
    name: 'digits',
    title:
      '64→64→32→10, relu, 1,437 samples in shuffled batches of 64, Adam with learning rate 0.003; the test set of 360 evaluated after each epoch',
    unit: 'ms per epoch',
    // One epoch has 23 updates, and its loss is the mean of what came between them.
    checkedEpochs: 1,
    operations: operationsOf(networkOf(checkConfiguration(configuration)), 1437),
    problem: () => digitsProblem(digits, configuration),
  };
}

/** A fifth of what MNIST has, in 100 batches. */
const MNIST_ROWS = 12_800;

/** The preset mnist-mlp on images that stand in for MNIST's, which a page would have to fetch. */
function mnist(): Workload {
  const { configuration } = findPreset('mnist-mlp');
  return {
    name: 'mnist',
    title:
      '784→128→10, relu, 12,800 synthetic images of bytes in shuffled batches of 128, Adam with learning rate 0.001; the test set has one',
    unit: 'ms per epoch',
    checkedEpochs: 1,
    operations: operationsOf(networkOf(checkConfiguration(configuration)), MNIST_ROWS),
    problem: () => syntheticImages(configuration, MNIST_ROWS),
  };
}

const CONV_BATCH = 64;

/** The network of the preset mnist-conv, by plain SGD as the others whose epoch is a step. */
function convolutions(): Workload {
  const spec = networkOf(checkConfiguration(findPreset('mnist-conv').configuration));
  return {
    ...stepWorkload('conv', spec, CONV_BATCH),
    title: `28×28, ${formatLayers(hiddenLayersOf(spec))}, 10 classes, SGD; one step on a synthetic batch of ${CONV_BATCH}`,
    problem: () => syntheticBatch(spec, CONV_BATCH, 0.001),
  };
}

function digitsProblem(digits: Rows, values: Partial<Configuration>): Problem {
  return prepare(checkConfiguration({ ...values, epochs: ENDLESS }), digits).problem;
}
