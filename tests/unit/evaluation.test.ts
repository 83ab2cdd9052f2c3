/** Predictions, loss, confusion matrix and report against scikit-learn's in every fixture. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classificationReport,
  formatClassificationReport,
} from '../../src/evaluation/classification-report';
import { confusionMatrix } from '../../src/evaluation/confusion-matrix';
import {
  accuracyOf,
  classProbabilities,
  meanLoss,
  predictedClasses,
} from '../../src/evaluation/predictions';
import { FIXTURE_NAMES, loadFixture } from '../fixtures';

describe.each(FIXTURE_NAMES)('evaluation: %s', (name) => {
  const fixture = loadFixture(name);
  const count = fixture.test_size;
  // (outputs × samples) as the fixture has it, (samples × outputs) as backends give it.
  const outputs = fixture.labels.flatMap((_, sample) =>
    fixture.test_outputs.map((row) => row[sample]),
  );

  it('predicts the same classes', () => {
    expect(Array.from(predictedClasses(outputs, count))).toEqual(fixture.predictions);
  });

  it('has the loss and accuracy of the last epoch', () => {
    const { val_loss, val_accuracy } = fixture.history;
    const loss = meanLoss(outputs, fixture.labels, count);
    expect(Math.abs(loss - (val_loss.at(-1) ?? Number.NaN))).toBeLessThan(1e-12);
    expect(accuracyOf(fixture.predictions, fixture.labels)).toBe(val_accuracy.at(-1));
  });

  it('has the confusion matrix and the report, to the letter', () => {
    const matrix = confusionMatrix(fixture.labels, fixture.predictions, fixture.classes.length);
    expect(matrix).toEqual(fixture.confusion_matrix);
    const report = classificationReport(
      matrix,
      fixture.classes.map((digit) => `Digit ${digit}`),
    );
    expect(formatClassificationReport(report)).toBe(fixture.classification_report);
  });
});

describe('predictions', () => {
  it('take exactly 0.5 for class 0, and the first of equal outputs', () => {
    expect(Array.from(predictedClasses([0.5, 0.5000001, 0, 1], 4))).toEqual([0, 1, 0, 1]);
    expect(Array.from(predictedClasses([0.4, 0.4, 0.2, 0.1, 0.45, 0.45], 2))).toEqual([0, 1]);
  });

  it('clip probabilities in the loss', () => {
    const least = -Math.log(1e-7);
    expect(meanLoss([0, 1], [1, 1], 2)).toBeCloseTo((least - Math.log(1 - 1e-7)) / 2, 12);
    expect(meanLoss([1], [0], 1)).toBeCloseTo(least, 6);
    expect(meanLoss([1, 0, 0], [2], 1)).toBeCloseTo(least, 12);
  });

  it('are ln 2 for an undecided sigmoid, ln n for an undecided softmax', () => {
    expect(meanLoss([0.5, 0.5], [0, 1], 2)).toBeCloseTo(Math.LN2, 14);
    expect(meanLoss(Array(10).fill(0.1), [7], 1)).toBeCloseTo(Math.log(10), 14);
  });

  it('give two probabilities for one sigmoid output', () => {
    expect(Array.from(classProbabilities([0.25, 1], 'sigmoid'))).toEqual([0.75, 0.25, 0, 1]);
    expect(Array.from(classProbabilities([0.2, 0.3, 0.5], 'softmax'))).toEqual([0.2, 0.3, 0.5]);
  });
});

describe('confusion matrix and report', () => {
  const runs = fc.integer({ min: 2, max: 10 }).chain((classes) =>
    fc.tuple(
      fc.constant(classes),
      fc.array(fc.tuple(fc.nat(classes - 1), fc.nat(classes - 1)), {
        minLength: 1,
        maxLength: 80,
      }),
    ),
  );

  it('agree with counting by hand', () => {
    fc.assert(
      fc.property(runs, ([classes, pairs]) => {
        const labels = pairs.map(([label]) => label);
        const predictions = pairs.map(([, prediction]) => prediction);
        const matrix = confusionMatrix(labels, predictions, classes);
        expect(matrix.flat().reduce((sum, count) => sum + count, 0)).toBe(pairs.length);
        const names = matrix.map((_, index) => `Digit ${index}`);
        const report = classificationReport(matrix, names);
        expect(report.accuracy).toBe(accuracyOf(predictions, labels));
        for (const [index, row] of report.classes.entries()) {
          const found = pairs.filter((pair) => pair[0] === index && pair[1] === index).length;
          const predicted = predictions.filter((prediction) => prediction === index).length;
          expect(row.support).toBe(labels.filter((label) => label === index).length);
          expect(row.precision).toBe(predicted === 0 ? 0 : found / predicted);
          expect(row.recall).toBe(row.support === 0 ? 0 : found / row.support);
          const harmonic = (2 * row.precision * row.recall) / (row.precision + row.recall || 1);
          expect(row.f1).toBeCloseTo(harmonic, 12);
        }
        // The average of recalls weighted by support is the accuracy.
        expect(report.weightedAverage.recall).toBeCloseTo(report.accuracy, 12);
        const mean = report.classes.reduce((sum, row) => sum + row.precision, 0) / classes;
        expect(report.macroAverage.precision).toBeCloseTo(mean, 12);
        expect(report.support).toBe(pairs.length);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('add eight classes in the order of NumPy, which decides a second decimal', () => {
    // Found of predicted, class by class; what is missed goes to the class before. Their mean is 0.675.
    const precisions = [
      [3, 4],
      [7, 8],
      [4, 5],
      [1, 1],
      [0, 1],
      [3, 5],
      [1, 1],
      [3, 8],
    ];
    const matrix = precisions.map((_, label) =>
      precisions.map(([found, predicted], prediction) => {
        if (prediction === label) return found;
        return prediction === (label + 1) % 8 ? predicted - found : 0;
      }),
    );
    const report = classificationReport(
      matrix,
      matrix.map((_, index) => `Digit ${index}`),
    );
    expect(formatClassificationReport(report)).toMatch(/macro avg +0\.68 /);
  });

  it('print 0.00 where a class is never predicted', () => {
    const matrix = confusionMatrix([0, 0, 1], [0, 0, 0], 2);
    expect(formatClassificationReport(classificationReport(matrix, ['Digit 3', 'Digit 8']))).toBe(
      [
        '              precision    recall  f1-score   support',
        '',
        '     Digit 3       0.67      1.00      0.80         2',
        '     Digit 8       0.00      0.00      0.00         1',
        '',
        '    accuracy                           0.67         3',
        '   macro avg       0.33      0.50      0.40         3',
        'weighted avg       0.44      0.67      0.53         3',
        '',
      ].join('\n'),
    );
  });
});
