/** Every epoch's metrics, with Keras's names where they leave the program (`val_loss`, `val_accuracy`). */
import { type EpochMetrics, METRICS, type MetricName, type SteadyName } from './metrics';

/** History as JSON: one array a metric, one value an epoch; the norms only where they were asked for. */
export type HistoryRecord = Record<SteadyName, number[]> & Partial<Record<MetricName, number[]>>;

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
    const first = this.#epochs.at(0);
    const columns = METRICS.filter(
      ({ key, known }) => known === 'always' || first?.[key] !== undefined,
    ).map(({ key, name }) => [name, this.#epochs.map((metrics) => metrics[key] ?? Number.NaN)]);
    return Object.fromEntries(columns) as HistoryRecord;
  }
}
