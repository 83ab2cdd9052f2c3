/** The rung js-loops: its losses are the reference's, and it declines what its loops do not do. */
import { expect, test } from 'vitest';
import { jsLoops } from '../../src/bench/js-loops';
import { namedWorkload } from '../../src/bench/workloads';
import { compareLosses } from '../../src/comparison/measure';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Problem } from '../../src/training/backend';
import { InvalidInputError } from '../../src/training/errors';
import { loadDigits } from '../fixtures';
import { smallProblem } from '../support/problems';

const DIGITS = loadDigits();

async function check(problem: Problem, epochs: number): Promise<string> {
  const reference = await createReferenceBackend(problem);
  const expected = (await reference.train(epochs)).map(({ loss }) => loss);
  const training = await jsLoops(problem);
  // In two calls: it goes on where it was.
  const losses = [...(await training.losses(1)), ...(await training.losses(epochs - 1))];
  return compareLosses(losses, expected, problem.train.count, 'reference');
}

test.each<[string, Problem, number]>([
  ['the notebook’s', namedWorkload('notebook', DIGITS).problem(), 300],
  ['ten digits', namedWorkload('digits', DIGITS).problem(), 3],
  [
    'widths and batches that four does not divide',
    smallProblem(
      { batchSize: 7, optimizer: 'adam', learningRate: 0.01 },
      { classes: 3, hidden: [7, 5, 2], activation: 'relu' },
    ),
    20,
  ],
  ['no hidden layer', smallProblem({ batchSize: 3 }, { hidden: [], activation: 'sigmoid' }), 20],
])('has the reference’s losses: %s', async (_, problem, epochs) => {
  expect(await check(problem, epochs)).toMatch(/^ok/);
});

test.each<[string, Problem]>([
  ...[
    { momentum: 0.9 },
    { dropout: 0.2 },
    { weightDecay: 0.1 },
    { optimizer: 'rmsprop' } as const,
  ].map((values): [string, Problem] => [
    JSON.stringify(values),
    smallProblem(values, { activation: 'sigmoid' }),
  ]),
  ['tanh', smallProblem({}, { activation: 'tanh' })],
])('declines %s', async (_, problem) => {
  await expect(jsLoops(problem)).rejects.toThrow(InvalidInputError);
});
