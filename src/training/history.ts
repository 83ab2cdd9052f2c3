/** Every epoch's metrics, with Keras's names where they leave the program (`val_loss`, `val_accuracy`). */
import type { EpochMetrics } from './backend';

export const HISTORY_KEYS = [
  'loss',
  'accuracy',
  'val_loss',
  'val_accuracy',
  'learning_rate',
] as const;
export type HistoryKey = (typeof HISTORY_KEYS)[number];

/** History as JSON: one array a key, one value an epoch; the norms only where they were asked for. */
export type HistoryRecord = Record<HistoryKey, number[]> & {
  gradient_norm?: number[];
  parameter_norm?: number[];
};

/** A growing list of epochs. */
export class History {
  readonly #epochs: EpochMetrics[] = [];

  /** Number of epochs. */
  get length(): number {
    return this.#epochs.length;
  }

  /** Metrics of epoch `epoch`, from 0; negative counts from the end. */
  at(epoch: number): EpochMetrics | undefined {
    return this.#epochs.at(epoch);
  }

  append(epochs: readonly EpochMetrics[]): void {
    for (const metrics of epochs) this.#epochs.push(metrics);
  }

  /** Forgets the epochs from `length` on. */
  truncate(length: number): void {
    this.#epochs.length = Math.min(length, this.#epochs.length);
  }

  slice(from: number, to?: number): readonly EpochMetrics[] {
    return this.#epochs.slice(from, to);
  }

  toRecord(): HistoryRecord {
    const record: HistoryRecord = {
      loss: this.#epochs.map((metrics) => metrics.loss),
      accuracy: this.#epochs.map((metrics) => metrics.accuracy),
      val_loss: this.#epochs.map((metrics) => metrics.valLoss),
      val_accuracy: this.#epochs.map((metrics) => metrics.valAccuracy),
      learning_rate: this.#epochs.map((metrics) => metrics.learningRate),
    };
    if (this.#epochs[0]?.gradientNorm !== undefined) {
      record.gradient_norm = this.#epochs.map((metrics) => metrics.gradientNorm ?? Number.NaN);
      record.parameter_norm = this.#epochs.map((metrics) => metrics.parameterNorm ?? Number.NaN);
    }
    return record;
  }
}
