/** Tells the page how far a run is: each epoch once, and again where the run was taken back before it. */
import type { EpochMetrics } from '../../training/backend';
import type { Trainer } from '../../training/trainer';
import type { Progress } from './training-service';

/** The page hears of progress this often at most. */
export const REPORT_MILLISECONDS = 100;
/** Epochs of one report. */
const MOST_EPOCHS = 2000;

export class ProgressReports {
  readonly #id: number;
  readonly #onProgress: (progress: Progress) => unknown;
  /** Epochs that the page has been told of. */
  #reported = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param id - names the run to the page
   * @param onProgress - its promise resolves when the page has taken the progress in
   */
  constructor(id: number, onProgress: (progress: Progress) => unknown) {
    this.#id = id;
    this.#onProgress = onProgress;
  }

  /** The page has the history of so many epochs, from elsewhere. */
  knows(epochs: number): void {
    this.#reported = epochs;
  }

  /** The run goes on from an epoch: those behind it come again, and of those before the page may not know yet. */
  goesOnFrom(epoch: number): void {
    this.#reported = Math.min(this.#reported, epoch);
  }

  /** Tells how far training is, with the epochs that the page has not heard of: at the end, else not too often. */
  report(
    { history, underway }: Pick<Trainer, 'history' | 'underway'>,
    trainMilliseconds: number,
    isEnd: boolean,
  ): unknown {
    const now = performance.now();
    if (!isEnd && now - this.#reportedAt < REPORT_MILLISECONDS) return undefined;
    this.#reportedAt = now;
    let arrived: unknown;
    // To take in very many epochs at once would be a long task of the page.
    do {
      const from = this.#reported;
      const epochs: readonly EpochMetrics[] = history.slice(from, from + MOST_EPOCHS);
      this.#reported = from + epochs.length;
      arrived = this.#onProgress({ id: this.#id, from, epochs, underway, trainMilliseconds });
    } while (this.#reported < history.length);
    return arrived;
  }
}
