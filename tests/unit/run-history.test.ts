/** The history as the page has it: times between reports, the best epoch, cuts, and places on the x axis. */
import { effect } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { placeOf, rowNear, xOf } from '../../src/app/lab/state/x-axis';
import { RunHistory } from '../../src/app/state/run-history';
import { plainMetrics } from '../support/scripted-backend';

function reported(history: RunHistory, from: number, losses: readonly number[], time: number) {
  history.report({
    ...{ id: 1, from, underway: null, trainMilliseconds: time },
    epochs: losses.map((valLoss, i) => plainMetrics(from + i, { valLoss })),
  });
}

describe('the history of a run', () => {
  it('shares the time of a report among its epochs', () => {
    const history = new RunHistory(4);
    reported(history, 0, [3, 2], 10);
    reported(history, 2, [], 12);
    reported(history, 2, [1, 1, 1, 1], 30);
    expect(history.epochs).toEqual([1, 2, 3, 4, 5, 6]);
    expect(history.milliseconds).toEqual([5, 10, 15, 20, 25, 30]);
    expect(history.at(1)).toEqual(plainMetrics(1, { valLoss: 2 }));
  });

  it('goes back where a report does, with its times', () => {
    const history = new RunHistory(4);
    reported(history, 0, [3, 2, 1, 4], 40);
    reported(history, 2, [5], 100);
    expect(history.epochs).toEqual([1, 2, 3]);
    expect(history.milliseconds).toEqual([10, 20, 100]);
    expect(history.columns.valLoss).toEqual([3, 2, 5]);
    expect(history.length).toBe(3);
  });

  it('knows its best epoch, the first of equal ones, and finds it again when that was cut off', () => {
    const history = new RunHistory(4);
    expect(history.bestRow).toBeUndefined();
    reported(history, 0, [3, 2], 1);
    reported(history, 2, [1, 1, 4], 2);
    expect(history.bestRow).toBe(2);
    reported(history, 2, [2, 7], 3);
    expect(history.bestRow).toBe(1);
    reported(history, 0, [9, 8], 4);
    expect(history.bestRow).toBe(1);
    reported(history, 0, [7], 4);
    expect(history.bestRow).toBe(0);
  });

  it('tells who follows it of each report', () => {
    const history = new RunHistory(4);
    const lengths: number[] = [];
    const stop = effect(() => {
      lengths.push(history.length);
    });
    reported(history, 0, [1], 1);
    reported(history, 1, [1, 1], 2);
    stop();
    expect(lengths).toEqual([0, 1, 3]);
  });
});

it('tells no time of epochs that came from a file', () => {
  const history = new RunHistory(4);
  expect(history.perEpoch(0)).toBeUndefined();
  reported(history, 0, [1, 1], 0);
  history.unmeasured = 2;
  expect(history.perEpoch(0)).toBeUndefined();
  // What is trained after that is measured.
  reported(history, 2, [1, 1], 30);
  expect(history.perEpoch(30)).toBe(15);
});

describe('on the x axis', () => {
  const history = new RunHistory(4);
  history.recall({
    ...{ epoch: [1, 5, 9], milliseconds: [10, 500, 2000] },
    ...{ loss: [3, 2, 1], accuracy: [0, 0, 1], valLoss: [3, 1, 2], valAccuracy: [0, 1, 1] },
  });

  it('a row stands at its epoch, its step or its second', () => {
    expect(history.bestRow).toBe(1);
    expect(xOf(history, 'epoch', 1)).toBe(5);
    expect(xOf(history, 'step', 1)).toBe(20);
    expect(xOf(history, 'seconds', 2)).toBe(2);
    expect(placeOf(history, 'step', 2.5, 0)).toBe(10);
  });

  it('the row that is nearest to a place is found, as far as the history reaches', () => {
    expect([0, 2, 4, 6, 8].map((x) => rowNear(history, 'epoch', x))).toEqual([0, 0, 1, 1, 2]);
    expect(rowNear(history, 'seconds', 1.9)).toBe(2);
    expect(rowNear(history, 'epoch', 13)).toBe(2);
    expect(rowNear(history, 'epoch', 14)).toBeUndefined();
    expect(rowNear(new RunHistory(1), 'epoch', 1)).toBeUndefined();
  });
});
