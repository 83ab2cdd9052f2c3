/** Every epoch's metrics, with Keras's names where they leave the program (`val_loss`, `val_accuracy`). */
import {
  type EpochMetrics,
  METRICS,
  type MetricKey,
  type MetricName,
  type SteadyName,
} from './metrics';

/** History as JSON: one array a metric, one value an epoch; the norms only where they were asked for. */
export type HistoryRecord = Record<SteadyName, number[]> & Partial<Record<MetricName, number[]>>;

/** A growing list of epochs, as columns: a row an epoch. */
export class History {
  /** The values of each metric; none of one that the run does not record. */
  readonly columns = Object.fromEntries(METRICS.map(({ key }) => [key, []])) as unknown as Readonly<
    Record<MetricKey, number[]>
  >;
  readonly #finite: boolean[] = [];

  /** Number of epochs. */
  get length(): number {
    return this.#finite.length;
  }

  /** Metrics of epoch `epoch`, from 0; negative counts from the end. */
  at(epoch: number): EpochMetrics | undefined {
    const row = epoch < 0 ? this.length + epoch : epoch;
    return row < 0 ? undefined : this.slice(row, row + 1)[0];
  }

  append(epochs: readonly EpochMetrics[]): void {
    for (const metrics of epochs) {
      for (const { key } of METRICS) {
        const value = metrics[key];
        if (value !== undefined) this.columns[key].push(value);
      }
      this.#finite.push(metrics.finite);
    }
  }

  /** Forgets the epochs from `length` on. */
  truncate(length: number): void {
    for (const column of [this.#finite, ...Object.values(this.columns)]) {
      column.length = Math.min(length, column.length);
    }
  }

  slice(from: number, to?: number): readonly EpochMetrics[] {
    const known = METRICS.filter(({ key }) => this.columns[key].length > 0);
    const first = from < 0 ? Math.max(0, this.#finite.length + from) : from;
    return this.#finite.slice(from, to).map((finite, i) => {
      const values = known.map(({ key }) => [key, this.columns[key][first + i]]);
      return { ...Object.fromEntries(values), finite };
    });
  }

  toRecord(): HistoryRecord {
    const columns = METRICS.filter(
      ({ key, known }) => known === 'always' || this.columns[key].length > 0,
    ).map(({ key, name }) => [name, [...this.columns[key]]]);
    return Object.fromEntries(columns) as HistoryRecord;
  }
}
