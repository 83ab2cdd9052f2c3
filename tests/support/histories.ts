/** Histories held against each other, and against NumPy's in a fixture. */
import type { EpochMetrics } from '../../src/training/backend';
import type { Configuration } from '../../src/training/configuration/fields';
import { isPrinted, printedLine } from '../../src/training/printed-lines';
import type { Fixture } from '../fixtures';

/** The largest differences between two histories; NaN where one is longer or not a number. */
export function historyDifference(a: readonly EpochMetrics[], b: readonly EpochMetrics[]) {
  const largest = (metric: 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy' | 'learningRate') =>
    a.length === b.length
      ? a.reduce((most, metrics, i) => Math.max(most, Math.abs(metrics[metric] - b[i][metric])), 0)
      : Number.NaN;
  return {
    loss: largest('loss'),
    accuracy: largest('accuracy'),
    valLoss: largest('valLoss'),
    valAccuracy: largest('valAccuracy'),
    learningRate: largest('learningRate'),
  };
}

/** The history of a fixture as epochs. */
export function epochsOfFixture(history: {
  readonly loss: readonly number[];
  readonly accuracy: readonly number[];
  readonly val_loss: readonly number[];
  readonly val_accuracy: readonly number[];
  readonly learning_rate: readonly number[];
}): EpochMetrics[] {
  return history.loss.map((loss, i) => ({
    loss,
    accuracy: history.accuracy[i],
    valLoss: history.val_loss[i],
    valAccuracy: history.val_accuracy[i],
    learningRate: history.learning_rate[i],
    finite: true,
  }));
}

/** How a run of a fixture's configuration compares with it: plain numbers, which any program can print. */
export interface FixtureComparison {
  readonly difference: ReturnType<typeof historyDifference>;
  /** What is allowed: ten times what NumPy itself strays in float32, plus a millionth. */
  readonly bounds: { readonly loss: number; readonly valLoss: number };
  /** Samples that are taken for another class than NumPy takes them for, at most, in any epoch. */
  readonly wrong: number;
  readonly valWrong: number;
  readonly finite: boolean;
  /** The lines that the notebook prints, of this run. */
  readonly printed: readonly string[];
}

export function compareWithFixture(
  fixture: Fixture,
  configuration: Configuration,
  epochs: readonly EpochMetrics[],
): FixtureComparison {
  const difference = historyDifference(epochs, epochsOfFixture(fixture.history));
  return {
    difference,
    bounds: {
      loss: 10 * fixture.float32_deviation.loss + 1e-6,
      valLoss: 10 * fixture.float32_deviation.val_loss + 1e-6,
    },
    wrong: difference.accuracy * fixture.train_size,
    valWrong: difference.valAccuracy * fixture.test_size,
    finite: epochs.every(({ finite }) => finite),
    printed: epochs.flatMap((metrics, i) =>
      isPrinted(i + 1, 100) ? [printedLine(i + 1, configuration.epochs, metrics)] : [],
    ),
  };
}
