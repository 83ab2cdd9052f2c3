/** The notebook's lines from each fixture's history, and Python's rounding. */
import { describe, expect, it } from 'vitest';
import { formatFixed } from '../../src/training/format-fixed';
import { isPrinted, printedLine } from '../../src/training/printed-lines';
import { FIXTURE_NAMES, loadFixture } from '../fixtures';

describe('formatFixed', () => {
  // Each as Python's f'{value:.{digits}f}' gives it.
  it.each([
    [0.90625, 4, '0.9062'],
    [0.96875, 4, '0.9688'],
    [0.03125, 4, '0.0312'],
    [0.15625, 4, '0.1562'],
    [1.00005, 4, '1.0001'],
    [0.00005, 4, '0.0001'],
    [0.125, 2, '0.12'],
    [0.375, 2, '0.38'],
    [0.985, 2, '0.98'],
    [-0.125, 2, '-0.12'],
    [0.5, 0, '0'],
    [1.5, 0, '2'],
    [2.5, 0, '2'],
    [0.9999999, 4, '1.0000'],
    [-0.00001, 4, '-0.0000'],
    [-0, 4, '-0.0000'],
    [0, 4, '0.0000'],
    [1e21, 2, '1000000000000000000000.00'],
    [-1e22, 0, '-10000000000000000000000'],
    [Number.NaN, 4, 'nan'],
    [Number.POSITIVE_INFINITY, 4, 'inf'],
    [Number.NEGATIVE_INFINITY, 4, '-inf'],
  ])('formats %d to %i places as %s', (value, digits, expected) => {
    expect(formatFixed(value, digits)).toBe(expected);
  });

  it('rounds every tie of five binary places to the even digit', () => {
    for (let numerator = 1; numerator < 2 ** 12; numerator += 2) {
      const value = numerator / 32;
      // In integers: value · 10⁴ = numerator · 3125 / 10 is a tie, as the numerator is odd.
      const below = Math.floor((numerator * 3125) / 10);
      const even = below % 2 === 0 ? below : below + 1;
      expect(Math.round(Number(formatFixed(value, 4)) * 10_000)).toBe(even);
    }
  });
});

describe('printed lines', () => {
  it.each(FIXTURE_NAMES)('are those of %s', (name) => {
    const { history, printed } = loadFixture(name);
    const epochs = history.loss.length;
    const lines: string[] = [];
    for (let epoch = 1; epoch <= epochs; epoch++) {
      if (!isPrinted(epoch, 100)) continue;
      const metrics = {
        loss: history.loss[epoch - 1],
        accuracy: history.accuracy[epoch - 1],
        valLoss: history.val_loss[epoch - 1],
        valAccuracy: history.val_accuracy[epoch - 1],
      };
      lines.push(printedLine(epoch, epochs, metrics));
    }
    expect(lines).toEqual(printed);
  });

  it('come for the first epoch and each multiple', () => {
    const printed = [1, 2, 3, 4, 5, 6, 7].filter((epoch) => isPrinted(epoch, 3));
    expect(printed).toEqual([1, 3, 6]);
    expect([1, 2, 3].every((epoch) => isPrinted(epoch, 1))).toBe(true);
  });

  it('show what is not a number as Python does', () => {
    const metrics = {
      loss: Number.NaN,
      accuracy: 0.5,
      valLoss: Number.POSITIVE_INFINITY,
      valAccuracy: 1,
    };
    expect(printedLine(12_345, 99_999, metrics)).toBe(
      'Epoch 12345/99999 | Train Loss: nan | Test Loss: inf | Train Acc: 0.5000 | Test Acc: 1.0000',
    );
  });
});
