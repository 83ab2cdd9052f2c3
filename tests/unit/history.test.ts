/** The history: grows, is cut, and leaves the program with Keras's names. */
import { describe, expect, it } from 'vitest';
import type { EpochMetrics } from '../../src/training/backend';
import { History } from '../../src/training/history';

const epoch = (n: number): EpochMetrics => ({
  loss: n,
  accuracy: n + 0.1,
  valLoss: n + 0.2,
  valAccuracy: n + 0.3,
  learningRate: n + 0.4,
  finite: true,
});

describe('history', () => {
  it('grows in order', () => {
    const history = new History();
    expect(history.length).toBe(0);
    expect(history.at(0)).toBeUndefined();
    history.append([epoch(1), epoch(2)]);
    history.append([]);
    history.append([epoch(3)]);
    expect(history.length).toBe(3);
    expect(history.at(0)).toEqual(epoch(1));
    expect(history.at(-1)).toEqual(epoch(3));
    expect(history.slice(1)).toEqual([epoch(2), epoch(3)]);
    expect(history.slice(0, 1)).toEqual([epoch(1)]);
  });

  it('gives slices that later epochs do not change', () => {
    const history = new History();
    history.append([epoch(1)]);
    const slice = history.slice(0);
    history.append([epoch(2)]);
    history.truncate(0);
    expect(slice).toEqual([epoch(1)]);
  });

  it('forgets from an epoch on, and never invents epochs', () => {
    const history = new History();
    history.append([epoch(1), epoch(2), epoch(3)]);
    history.truncate(5);
    expect(history.length).toBe(3);
    history.truncate(1);
    expect(history.slice(0)).toEqual([epoch(1)]);
  });

  it('leaves the program with Keras’s names', () => {
    const history = new History();
    history.append([epoch(1), epoch(2)]);
    const record = history.toRecord();
    expect(record).toEqual({
      loss: [1, 2],
      accuracy: [1.1, 2.1],
      val_loss: [1.2, 2.2],
      val_accuracy: [1.3, 2.3],
      learning_rate: [1.4, 2.4],
    });
  });

  it('has norms where they were recorded', () => {
    const history = new History();
    history.append([{ ...epoch(1), gradientNorm: 3, parameterNorm: 4 }]);
    expect(history.toRecord()).toMatchObject({ gradient_norm: [3], parameter_norm: [4] });
  });
});
