/** The rung js-loops: its losses are NumPy's and the reference's, and it declines what its loops do not do. */
import { expect, test } from 'vitest';
import { jsLoops } from '../../src/bench/js-loops';
import { compareLosses } from '../../src/comparison/measure';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Problem } from '../../src/training/backend';
import { configurationFromJson } from '../../src/training/configuration/json';
import { InvalidInputError } from '../../src/training/errors';
import { prepare } from '../../src/training/prepare';
import { loadDigits, loadFixture } from '../fixtures';
import { imageProblem } from '../support/image-problem';
import { smallProblem } from '../support/problems';

/** How its losses compare with those that are right. */
async function check(problem: Problem, expected: readonly number[]): Promise<string> {
  const training = await jsLoops(problem);
  // In two calls: it goes on where it was.
  const losses = [...(await training.losses(1)), ...(await training.losses(expected.length - 1))];
  return compareLosses(losses, expected, problem.train.count, 'NumPy');
}

test.each([
  ['challenge-5-init-0.1', 300],
  ['next-adam-ten-digits', 4],
])('has NumPy’s losses: %s', async (name, epochs) => {
  const { config, history } = loadFixture(name);
  const { problem } = prepare(configurationFromJson(config), loadDigits());
  const expected = history.loss.slice(0, epochs);
  expect(expected[0] - expected[epochs - 1]).toBeGreaterThan(0.3);
  expect(await check(problem, expected)).toMatch(/^ok/);
});

test.each<[string, Problem]>([
  [
    'widths and batches that four does not divide',
    smallProblem(
      { batchSize: 7, optimizer: 'adam', learningRate: 0.01 },
      { classes: 3, hidden: [7, 5, 2], activation: 'relu' },
    ),
  ],
  ['no hidden layer', smallProblem({ batchSize: 3 }, { hidden: [], activation: 'sigmoid' })],
])('has the reference’s losses: %s', async (_, problem) => {
  const reference = await createReferenceBackend(problem);
  const expected = (await reference.train(20)).map(({ loss }) => loss);
  expect(await check(problem, expected)).toMatch(/^ok/);
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
  ['moved images', imageProblem({ hidden: [3], shift: 1 }, [4, 4], 20)],
])('declines %s', async (_, problem) => {
  await expect(jsLoops(problem)).rejects.toThrow(InvalidInputError);
});
