/** How far two histories are apart. */
import type { EpochMetrics } from '../../training/backend';
import type { History } from '../../training/history';

interface HistoryDifference {
  /** Epochs that both have. */
  readonly epochs: number;
  /** Largest absolute difference of a loss, train or test. */
  readonly loss: number;
  /** Largest absolute difference of an accuracy, train or test. */
  readonly accuracy: number;
}

export function compareHistories(a: History, b: History): HistoryDifference {
  const epochs = Math.min(a.length, b.length);
  const [first, second] = [a.slice(0, epochs), b.slice(0, epochs)];
  const largest = (values: readonly ((metrics: EpochMetrics) => number)[]) =>
    first.reduce(
      (most, metrics, index) =>
        values.reduce(
          (m, value) => Math.max(m, Math.abs(value(metrics) - value(second[index]))),
          most,
        ),
      0,
    );
  return {
    epochs,
    loss: largest([(metrics) => metrics.loss, (metrics) => metrics.valLoss]),
    accuracy: largest([(metrics) => metrics.accuracy, (metrics) => metrics.valAccuracy]),
  };
}
