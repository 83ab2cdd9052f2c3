/** What an epoch gave: its shares, its norms where they were asked for, and whether it can be believed. */
import { expect, test } from 'vitest';
import { type MeasuredEpoch, metricsOf } from '../../src/training/metrics';

const EPOCH: MeasuredEpoch = {
  train: { loss: 0.5, correct: 3, count: 4 },
  test: { loss: 0.75, correct: 1, count: 8 },
  learningRate: 0.1,
  norms: null,
  finite: true,
};

test('losses as they are, accuracies as shares, and no norm that nobody asked for', () => {
  expect(metricsOf(EPOCH)).toEqual({
    ...{ loss: 0.5, accuracy: 0.75, valLoss: 0.75, valAccuracy: 0.125 },
    ...{ learningRate: 0.1, finite: true },
  });
});

test.each([Number.NaN, Infinity])('an epoch in which anything is %s is not finite', (value) => {
  for (const wrong of [
    { finite: false },
    { train: { ...EPOCH.train, loss: value } },
    { test: { ...EPOCH.test, loss: value } },
  ]) {
    expect(metricsOf({ ...EPOCH, ...wrong }).finite).toBe(false);
  }
});
