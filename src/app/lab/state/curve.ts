/** What a chart needs of a run: of one that grows, and of one that is over and kept. */
import { JUDGED_METRICS, type JudgedKey } from '../../../training/metrics';
import type { Run } from '../../state/run';

export const X_AXES = ['epoch', 'step', 'seconds'] as const;
export type XAxis = (typeof X_AXES)[number];

/** Rows in the order of training, one for each epoch that is known. */
export interface Curve {
  /** Number of rows; reading it follows a run that grows. */
  readonly length: number;
  readonly batchesPerEpoch: number;
  /** The epoch of a row; the first one is 1. */
  epochAt(row: number): number;
  /** Milliseconds of training up to the end of the row's epoch. */
  millisecondsAt(row: number): number;
  valueAt(metric: JudgedKey, row: number): number;
  /** The row with the least test loss. */
  readonly bestRow: number | undefined;
  /** Where the epoch under way stands by now, of a metric that is known within an epoch. */
  tip(metric: JudgedKey, axis: XAxis): { readonly x: number; readonly y: number } | undefined;
}

/** The curve of a run that may still grow. */
export class LiveCurve implements Curve {
  readonly #run: Run;
  #best: { row: number; seen: number; valLoss: number } | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  get length(): number {
    return this.#run.epochs.value;
  }

  get batchesPerEpoch(): number {
    return this.#run.batchesPerEpoch;
  }

  epochAt(row: number): number {
    return row + 1;
  }

  millisecondsAt(row: number): number {
    return this.#run.millisecondsAfter(row + 1);
  }

  valueAt(metric: JudgedKey, row: number): number {
    return this.#run.history.at(row)?.[metric] ?? Number.NaN;
  }

  /** Looks at the new rows only, unless training went back. */
  get bestRow(): number | undefined {
    const { length } = this;
    if (length === 0) return undefined;
    let best = this.#best;
    if (best === undefined || best.seen > length) {
      best = { row: 0, seen: 1, valLoss: this.valueAt('valLoss', 0) };
    }
    for (let row = best.seen; row < length; row++) {
      const valLoss = this.valueAt('valLoss', row);
      if (valLoss < best.valLoss) best = { row, seen: length, valLoss };
    }
    this.#best = { ...best, seen: length };
    return best.row;
  }

  tip(metric: JudgedKey, axis: XAxis) {
    const underway = this.#run.underway.value;
    if (underway === null || (metric !== 'loss' && metric !== 'accuracy')) return undefined;
    const { done, batchesPerEpoch, trainMilliseconds } = this.#run;
    return { x: place(axis, done, batchesPerEpoch, trainMilliseconds.value), y: underway[metric] };
  }
}

/** Columns of numbers, one value a row. */
export type Columns = Readonly<Record<JudgedKey | 'epoch' | 'milliseconds', Float64Array>>;

/** The curve of a run that is over. */
export class RecordedCurve implements Curve {
  readonly bestRow: number | undefined;

  constructor(
    readonly columns: Columns,
    readonly batchesPerEpoch: number,
  ) {
    this.bestRow = leastRow(columns.valLoss);
  }

  get length(): number {
    return this.columns.epoch.length;
  }

  epochAt(row: number): number {
    return this.columns.epoch[row];
  }

  millisecondsAt(row: number): number {
    return this.columns.milliseconds[row];
  }

  valueAt(metric: JudgedKey, row: number): number {
    return this.columns[metric][row];
  }

  tip() {
    return undefined;
  }
}

/** A copy of the rows `rows` of a curve. */
export function recordCurve(curve: Curve, rows: readonly number[]): RecordedCurve {
  const column = (value: (row: number) => number) => Float64Array.from(rows, value);
  const metrics = JUDGED_METRICS.map(
    ({ key }) => [key, column((row) => curve.valueAt(key, row))] as const,
  );
  const columns: Columns = {
    epoch: column((row) => curve.epochAt(row)),
    milliseconds: column((row) => curve.millisecondsAt(row)),
    ...(Object.fromEntries(metrics) as Record<JudgedKey, Float64Array>),
  };
  return new RecordedCurve(columns, curve.batchesPerEpoch);
}

/** At most `most` rows, evenly spread from the first to the last, with the best one among them. */
export function spreadRows(curve: Curve, most: number): number[] {
  const { length, bestRow } = curve;
  const count = Math.min(length, most);
  const rows = new Set(
    Array.from({ length: count }, (_, i) =>
      count === 1 ? 0 : Math.round((i * (length - 1)) / (count - 1)),
    ),
  );
  if (bestRow !== undefined) rows.add(bestRow);
  return [...rows].sort((a, b) => a - b);
}

/** Where a row stands on the x axis. */
export function xOf(curve: Curve, axis: XAxis, row: number): number {
  return place(axis, curve.epochAt(row), curve.batchesPerEpoch, curve.millisecondsAt(row));
}

function place(axis: XAxis, epochs: number, batchesPerEpoch: number, milliseconds: number): number {
  switch (axis) {
    case 'epoch':
      return epochs;
    case 'step':
      return Math.round(epochs * batchesPerEpoch);
    case 'seconds':
      return milliseconds / 1000;
    default:
      return axis satisfies never;
  }
}

/** The row that stands nearest to `x`, if the curve reaches so far. */
export function rowNear(curve: Curve, axis: XAxis, x: number): number | undefined {
  const { length } = curve;
  if (length === 0) return undefined;
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xOf(curve, axis, middle) < x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const [before, after] = [xOf(curve, axis, low - 1), xOf(curve, axis, low)];
  if (x > after) return x - after <= after - before ? low : undefined;
  return x - before < after - x ? low - 1 : low;
}

function leastRow(values: Float64Array): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((least, value, row) => (value < values[least] ? row : least), 0);
}
