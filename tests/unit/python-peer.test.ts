/** NumPy and PyTorch as contenders: how they are asked, and why they are left out where they cannot run. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pythonPeer } from '../../src/bench/python-peer';
import { refusalOf } from '../../src/comparison/refusal';
import { syntheticProblem } from '../../src/comparison/synthetic-problem';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';

const PROBLEM = syntheticProblem([9, 7, 5, 3], 33);

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
    [{ optimizer: 'adam' } as const, /^declined: optimizer: .*full batches and sgd/],
    [{ batchSize: 8 }, /^declined: batch_size: .*full batches and sgd/],
    [{ momentum: 0.9 }, /^declined: momentum: /],
  ])('declines %j before anything is started', async (settings, words) => {
    const hyperparameters = checkConfiguration({ ...settings, epochs: 9 });
    expect(await refusal({ ...PROBLEM, hyperparameters }, '/nowhere/python3')).toMatch(words);
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
        if (question.open) return { note: question.open.widths.join('-') + ' ' + question.open.activation };
        return question.losses ? { losses: Array(question.losses).fill(0.5) } : {};`);
      const training = await pythonPeer('numpy', program).prepare(PROBLEM);
      expect(training.note).toBe('9-7-5-3 relu');
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

const hasNumPy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

// NumPy belongs to nobody's installation of this project: where there is none, nothing is to be checked.
if (hasNumPy)
  describe('NumPy', () => {
    test.each([
      ['three classes, ReLU', PROBLEM],
      ['one sigmoid', syntheticProblem([9, 7, 1], 33)],
    ])('has the reference’s losses: %s', async (_, problem) => {
      const training = await pythonPeer('numpy').prepare(problem);
      try {
        const expected = (await (await createReferenceBackend(problem)).train(6)).map(
          (m) => m.loss,
        );
        const losses = [...(await training.losses(3))];
        await training.train(2);
        losses.push(Number.NaN, Number.NaN, ...(await training.losses(1)));
        for (const epoch of [0, 1, 2, 5]) {
          expect(Math.abs(losses[epoch] / expected[epoch] - 1)).toBeLessThan(1e-5);
        }
      } finally {
        training.dispose();
      }
    });
  });
