/** How far two histories are apart. */
import type { History } from '../../training/history';
import type { JudgedKey } from '../../training/metrics';

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
  const largest = (...keys: readonly JudgedKey[]) => {
    let most = 0;
    for (const key of keys) {
      const [first, second] = [a.columns[key], b.columns[key]];
      for (let i = 0; i < epochs; i++) most = Math.max(most, Math.abs(first[i] - second[i]));
    }
    return most;
  };
  return { epochs, loss: largest('loss', 'valLoss'), accuracy: largest('accuracy', 'valAccuracy') };
}
