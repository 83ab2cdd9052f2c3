/** NumPy and PyTorch as contenders: how they are asked, and why they are left out where they cannot run. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type PythonPeer, pythonPeer } from '../../src/bench/python-peer';
import { refusalOf } from '../../src/comparison/refusal';
import { syntheticBatch, syntheticProblem } from '../../src/comparison/synthetic-problem';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { networkOf } from '../../src/training/network-of';

const PROBLEM = syntheticProblem([9, 7, 5, 3], 33);

/** Four batches an epoch, the last of them shorter. */
const BATCHES: Problem = {
  ...PROBLEM,
  hyperparameters: checkConfiguration({
    ...{ epochs: 9, seed: 3, batchSize: 9, optimizer: 'adam', learningRate: 0.01 },
  }),
};
const IMAGES = networkOf(
  checkConfiguration({ layers: 'conv 3 3x3 same relu; max_pool 2; dense 5 relu' }),
);

const refusal = async (problem: Problem, program?: string) => {
  try {
    const training = await pythonPeer('numpy', program).prepare(problem);
    training.dispose();
    return 'prepared';
  } catch (error) {
    return refusalOf(error);
  }
};

describe('a contender in Python', () => {
  test('is left out in words where there is no Python, or one that is not', async () => {
    expect(await refusal(PROBLEM, '/nowhere/python3')).toMatch(
      /^unavailable: \/nowhere\/python3 cannot be started \(.*ENOENT/,
    );
    expect(await refusal(PROBLEM, process.execPath)).toBe('unavailable: Python has ended');
  });

  test.each([
    [{ optimizer: 'rmsprop' } as const, /^declined: optimizer: .*sgd and adam/],
    [
      { schedule: 'exponential', decayRate: 0.5 } as const,
      /^declined: schedule: .*one learning rate/,
    ],
    [{ momentum: 0.9 }, /^declined: momentum: /],
  ])('declines %j before anything is started', async (settings, words) => {
    const hyperparameters = checkConfiguration({ ...settings, epochs: 9 });
    expect(await refusal({ ...PROBLEM, hyperparameters }, '/nowhere/python3')).toMatch(words);
  });

  test('declines a convolution where it has none', async () => {
    expect(await refusal(syntheticBatch(IMAGES, 4, 0.1), '/nowhere/python3')).toMatch(
      /^declined: layers: .*conv 3 3x3 same relu.*dense layers here/,
    );
  });

  describe('asked by a pipe', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shaderprop-python-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    /** A program that stands in for Python: what it answers to each line. */
    const standIn = (body: string) => {
      const file = join(folder, 'python3.mjs');
      writeFileSync(
        file,
        `#!${process.execPath}\nimport { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  console.log(JSON.stringify(((question) => { ${body} })(question)));
}`,
      );
      chmodSync(file, 0o755);
      return file;
    };

    test('gives what it answers, question by question', async () => {
      const program = standIn(`
        const { open } = question;
        if (open) return { note: open.layers.map(({ shape }) => shape.join('x')).join() + ' ' + open.activation };
        return question.losses ? { losses: Array(question.losses).fill(0.5) } : {};`);
      const training = await pythonPeer('numpy', program).prepare(PROBLEM);
      expect(training.note).toBe('9x7,7x5,5x3 relu');
      await training.train(3);
      expect(await training.losses(2)).toEqual([0.5, 0.5]);
      training.dispose();
    });

    test('is refused with its own words', async () => {
      const program = standIn(`return { refused: "No module named 'torch'" };`);
      expect(await refusal(PROBLEM, program)).toBe("unavailable: No module named 'torch'");
    });
  });
});

const has = (library: string) => spawnSync('python3', ['-c', `import ${library}`]).status === 0;

async function expectReference(name: PythonPeer, problem: Problem): Promise<void> {
  const training = await pythonPeer(name).prepare(problem);
  try {
    const expected = (await (await createReferenceBackend(problem)).train(6)).map((m) => m.loss);
    const losses = [...(await training.losses(3))];
    await training.train(2);
    losses.push(Number.NaN, Number.NaN, ...(await training.losses(1)));
    for (const epoch of [0, 1, 2, 5]) {
      expect(Math.abs(losses[epoch] / expected[epoch] - 1)).toBeLessThan(1e-5);
    }
  } finally {
    training.dispose();
  }
}

// Neither belongs to this project's installation: where there is none, nothing is to be checked.
if (has('numpy'))
  describe('NumPy', () => {
    test.each([
      ['three classes, ReLU', PROBLEM],
      ['one sigmoid', syntheticProblem([9, 7, 1], 33)],
      ['shuffled batches with a rest, Adam', BATCHES],
    ])('has the reference’s losses: %s', (_, problem) => expectReference('numpy', problem));
  });

if (has('torch'))
  describe('PyTorch', () => {
    test.each([
      ['shuffled batches with a rest, Adam', BATCHES],
      ['one sigmoid behind a convolution', syntheticBatch(IMAGES, 33, 0.1)],
    ])('has the reference’s losses: %s', (_, problem) =>
      expectReference('torch-1-thread', problem),
    );
  });
