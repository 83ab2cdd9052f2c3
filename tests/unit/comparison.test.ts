/** What page and benchmark share to compare backends: spread, crossover and its sentence, the synthetic problem. */

import { describe, expect, test } from 'vitest';
import { crossoverSentence, crossovers, type SweepPoint } from '../../src/comparison/crossover';
import { listOf } from '../../src/comparison/list-of';
import { lossBound } from '../../src/comparison/loss-bound';
import { spreadOf } from '../../src/comparison/statistics';
import { SYNTHETIC_CLASSES, syntheticProblem } from '../../src/comparison/synthetic-problem';
import { scaledFeatures } from '../../src/data/samples';
import { widthsOf } from '../../src/model/network-spec';

test('median, least and largest', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(() => spreadOf([])).toThrow(RangeError);
});

test('lists in a sentence', () => {
  const lists = [[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((parts) => listOf(parts, 'or'));
  expect(lists).toEqual(['', 'a', 'a or b', 'a, b or c']);
});

test('the bound of a loss grows with the loss and the number of terms', () => {
  expect(lossBound(1, 32)).toBe(64 / 2 ** 23);
  expect(lossBound(-0.5, 64)).toBe(64 / 2 ** 23);
});

describe('the crossover', () => {
  const point = (width: number, batch: number, webgpu: number, cpu: number): SweepPoint => ({
    ...{ width, batch, webgpu, cpu },
  });

  test('is the width from which webgpu stays the faster one', () => {
    const points = [point(16, 32, 1, 2), point(64, 32, 3, 2), point(256, 32, 1, 2)];
    expect(crossovers(points)).toEqual([{ batch: 32, width: 256, largestWidth: 256 }]);
  });

  test('is null where the CPU wins at the end, or the two are even', () => {
    const points = [point(16, 32, 1, 2), point(64, 32, 2, 2)];
    expect(crossovers(points)).toEqual([{ batch: 32, width: null, largestWidth: 64 }]);
  });

  test.each([
    [[point(16, 32, 2, 1), point(256, 32, 1, 2)], 'the GPU passes the CPU from width 256 on.'],
    [
      [point(64, 32, 1, 2), point(16, 512, 1, 2)],
      'the GPU passes the CPU from width 64 on with batches of 32 and from width 16 on with batches of 512.',
    ],
    [
      [point(16, 32, 2, 1), point(64, 32, 2, 1.5), point(64, 256, 2, 1), point(128, 256, 2, 9)],
      'the GPU passes the CPU from width 128 on with batches of 256; not with batches of 32 up to width 64.',
    ],
    [
      [point(16, 32, 2, 1), point(16, 512, 2, 1), point(64, 512, 2, 1)],
      'the GPU does not pass the CPU with batches of 32 up to width 16 or batches of 512 up to width 64.',
    ],
    [
      [point(64, 32, 2, 1), point(64, 512, 2, 1)],
      'the GPU does not pass the CPU up to width 64, whatever the batch.',
    ],
    [
      [point(16, 32, 2, 1), point(64, 32, 2, 1)],
      'the GPU does not pass the CPU with batches of 32 up to width 64.',
    ],
  ])('is told in a sentence (%#)', (points, sentence) => {
    expect(crossoverSentence(points, false)).toBe(`On this machine ${sentence}`);
    expect(crossoverSentence(points, undefined)).toBe(`On this machine ${sentence}`);
    const software = sentence.replace(
      'the GPU',
      'WebGPU on the software adapter, which is no GPU,',
    );
    expect(crossoverSentence(points, true)).toBe(`On this machine ${software}`);
  });

  test('has no sentence without points', () => {
    expect(crossoverSentence([], false)).toBeUndefined();
  });
});

describe('the synthetic problem', () => {
  const widths = [7, 5, SYNTHETIC_CLASSES];

  test('has the shape that is asked for, one full batch and one test sample', () => {
    const { spec, train, test: testSet, hyperparameters } = syntheticProblem(widths, 33);
    expect(widthsOf(spec)).toEqual(widths);
    expect([train.count, scaledFeatures(train).length, testSet.count]).toEqual([33, 33 * 7, 1]);
    expect(hyperparameters.batchSize).toBe(0);
    expect(Math.max(...train.labels)).toBeLessThan(SYNTHETIC_CLASSES);
    expect(new Set(train.labels).size).toBeGreaterThan(1);
  });

  test('is the same each time', () => {
    expect(syntheticProblem(widths, 33)).toEqual(syntheticProblem(widths, 33));
  });
});
