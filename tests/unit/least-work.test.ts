/** The least work of an epoch, counted by hand. */
import { expect, test } from 'vitest';
import { syntheticProblem } from '../../src/comparison/synthetic-problem';
import { operationsOf } from '../../src/comparison/workload';
import { leastWork } from '../../src/gpu/plan/least-work';
import { shapeOf } from '../../src/gpu/plan/plan';
import { checkConfiguration } from '../../src/training/configuration/check';
import { networkOf } from '../../src/training/network-of';

test('two inputs, three hidden units, one output, four samples and one to test', () => {
  const problem = syntheticProblem([2, 3, 1], 4);
  // Forward 2·3 + 3·1 multiply-adds a sample, as many for the weights' gradients, 3·1 for the hidden delta.
  expect(leastWork(shapeOf(problem))).toEqual({
    operations: 2 * (4 * (9 + 9 + 3) + 1 * 9),
    // Five samples of two features and a label; 9 weights and 4 biases, read and written once.
    bytes: 4 * (5 * 3 + 2 * 13),
  });
});

test('batches and the optimizer’s arrays move more bytes, and compute no more', () => {
  const problem = syntheticProblem([2, 3, 1], 5);
  const full = leastWork(shapeOf(problem));
  const hyperparameters = checkConfiguration({ epochs: 9, optimizer: 'adam', batchSize: 2 });
  expect(leastWork(shapeOf({ ...problem, hyperparameters }))).toEqual({
    operations: full.operations,
    // Three steps, each with the parameters and two moments.
    bytes: 4 * (6 * 3 + 2 * 3 * 3 * 13),
  });
});

test('samples that are kept as bytes are a fourth of that', () => {
  const shape = shapeOf(syntheticProblem([8, 3, 1], 4));
  const saved = leastWork(shape).bytes - leastWork({ ...shape, byteTables: 1 }).bytes;
  expect(saved).toBe(5 * 8 * 3);
});

test('a convolution uses each weight once for every place, whatever its stride', () => {
  const hyperparameters = checkConfiguration({
    ...{ epochs: 1, classes: [0, 1], layers: 'conv 2 3x3 stride 2 relu' },
  });
  const spec = networkOf(hyperparameters);
  const { operations } = leastWork({ spec, hyperparameters, trainSamples: 5, testSamples: 1 });
  // An image of 8×8 has 3×3 places: 9 weights a filter, then one output of 18 values.
  const [conv, dense] = [2 * 9 * 9, 18];
  expect(operations).toBe(2 * (5 * (2 * conv + 3 * dense) + conv + dense));
});

test('counts the matrix products that the benchmark counts', () => {
  const problem = syntheticProblem([784, 512, 256, 10], 256);
  const forward = 2 * (784 * 512 + 512 * 256 + 256 * 10);
  expect(leastWork(shapeOf(problem)).operations).toBe(operationsOf(problem.spec, 256) + forward);
});
