/** What the check trains and times: networks whose every plan is held against float64, and the work that counts. */
import { namedWorkload } from '../../src/bench/workloads';
import { syntheticProblem } from '../../src/comparison/synthetic-problem';
import { augmentationOf } from '../../src/data/augmentation';
import type { Rows } from '../../src/data/dataset';
import type { Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';

const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
export const CONFIGURATIONS = {
  notebook: { epochs: 700 },
  'ten digits, adam, batches of 50': {
    ...{ classes: ALL, hidden: [48], activation: 'tanh', init: 'glorot_normal' },
    ...{ optimizer: 'adam', learningRate: 0.002, batchSize: 50, epochs: 10 },
  },
  'three digits, nesterov, dropout': {
    ...{ classes: [0, 1, 2], hidden: [20, 10], activation: 'tanh', init: 'glorot_normal' },
    ...{ dropout: 0.2, momentum: 0.9, nesterov: true, learningRate: 0.05 },
    ...{ batchSize: 33, epochs: 20 },
  },
  'no hidden layer': { hidden: [], epochs: 200 },
  'convolutions, tanh, adam': {
    ...{ classes: ALL, layers: 'conv 4 3x3 same tanh; max_pool 2; conv 8 3x3 tanh; dense 16 tanh' },
    ...{ init: 'glorot_normal', optimizer: 'adam', learningRate: 0.005, batchSize: 32, epochs: 3 },
  },
  'wide, relu, sgd': {
    ...{ classes: ALL, hidden: [300, 100], activation: 'relu', init: 'he_normal' },
    ...{ learningRate: 0.1, epochs: 6 },
  },
} as const satisfies Readonly<Record<string, Partial<Configuration>>>;

export type Name = keyof typeof CONFIGURATIONS;

/** What is timed. */
export function workOf(digits: Rows): readonly (readonly [string, () => Problem])[] {
  return [
    [
      'notebook, an epoch',
      () =>
        prepare(checkConfiguration({ epochs: 1_000_000, init: 'glorot_normal' }), digits).problem,
    ],
    ['784-512-256-10, batch 256, a step', () => syntheticProblem([784, 512, 256, 10], 256)],
    ['784-2048-2048-10, batch 1024, a step', () => syntheticProblem([784, 2048, 2048, 10], 1024)],
    ['64-64-32-10, batch 128, a step', () => syntheticProblem([64, 64, 32, 10], 128)],
    ['conv 16, conv 32 on 28×28, batch 64, a step', () => namedWorkload('conv', digits).problem()],
    ['mnist, an epoch', () => namedWorkload('mnist', digits).problem()],
  ];
}

/** Images of the workload mnist, each moved by up to two pixels and with noise. */
export function augmentedProblem(digits: Rows): Problem {
  const problem = namedWorkload('mnist', digits).problem();
  const { train, hyperparameters } = problem;
  const image = { channels: 1, height: 28, width: 28 };
  const settings = { ...hyperparameters, shift: 2, noise: 0.2 };
  const { scaler } = train;
  if (scaler === null) throw new Error('the images have no scaler');
  const augmentation = augmentationOf(settings, image, scaler, 255);
  return { ...problem, train: { ...train, ...(augmentation && { augmentation }) } };
}
