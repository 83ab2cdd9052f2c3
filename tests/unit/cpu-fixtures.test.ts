/** The backend cpu against NumPy in every epoch: all sixteen fixtures. */

import { describe, expect, test } from 'vitest';
import { scaledFeatures } from '../../src/data/samples';
import { predictedClasses } from '../../src/evaluation/predictions';
import { configurationFromJson } from '../../src/training/configuration/json';
import { prepare } from '../../src/training/prepare';
import { isPrinted, printedLine } from '../../src/training/printed-lines';
import { FIXTURE_NAMES, loadDigits, loadFixture } from '../fixtures';
import { CPU_ENGINES } from '../support/cpu-engines';
import { largestDifference } from '../support/numbers';

const DIGITS = loadDigits();

describe.each(Object.entries(CPU_ENGINES))('%s', (_, open) => {
  test.each(FIXTURE_NAMES)(
    'trains %s as NumPy does',
    async (name) => {
      const { config, history, printed, predictions, float32_deviation } = loadFixture(name);
      const configuration = configurationFromJson(config);
      const { problem } = prepare(configuration, DIGITS);
      const backend = await open(problem);
      const epochs = await backend.train(configuration.epochs);
      const outputs = await backend.predict(scaledFeatures(problem.test), problem.test.count);
      backend.dispose();

      const farthest = (metric: 'loss' | 'valLoss', expected: readonly number[]) =>
        largestDifference(
          epochs.map((epoch) => epoch[metric]),
          expected,
        );
      // What NumPy's own float32 strays, ten times, with room for the smallest figures.
      const { loss, val_loss } = float32_deviation;
      expect(farthest('loss', history.loss)).toBeLessThan(10 * loss + 1e-6);
      expect(farthest('valLoss', history.val_loss)).toBeLessThan(10 * val_loss + 1e-6);
      expect(epochs.every(({ finite }) => finite)).toBe(true);
      const lines = epochs.flatMap((metrics, i) =>
        isPrinted(i + 1, 100) ? [printedLine(i + 1, configuration.epochs, metrics)] : [],
      );
      expect(lines).toEqual(printed);
      expect(Array.from(predictedClasses(outputs, problem.test.count))).toEqual(predictions);
    },
    60_000,
  );
});
