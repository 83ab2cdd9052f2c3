/** The history of a run as the page has it: when each epoch ended, which was the best, and word when it grows. */
import { signal } from '@preact/signals';
import { History } from '../../training/history';
import { JUDGED_METRICS, type JudgedKey } from '../../training/metrics';
import type { Progress } from '../worker/training-service';

/** What is kept of a run that is over, a value a row. */
export type KeptColumns = Readonly<Record<JudgedKey | 'epoch' | 'milliseconds', readonly number[]>>;

export class RunHistory extends History {
  /** The epoch of each row, from 1: every one, but for a run that was kept from an earlier visit. */
  readonly epochs: number[] = [];
  /** Milliseconds of training up to the end of each row's epoch. */
  readonly milliseconds: number[] = [];
  /** Epochs of which no time is known: those of a run that was loaded from a file. */
  unmeasured = 0;
  readonly #length = signal(0);
  #best = 0;

  /** @param batchesPerEpoch - updates of the parameters in an epoch */
  constructor(readonly batchesPerEpoch: number) {
    super();
  }

  /** Number of rows; reading it follows a run that grows. */
  override get length(): number {
    return this.#length.value;
  }

  /** The row with the least test loss. */
  get bestRow(): number | undefined {
    return this.length === 0 ? undefined : this.#best;
  }

  /** Takes a report in, in the place of what was known from its first epoch on. Its epochs share its time. */
  report({ from, epochs, trainMilliseconds }: Progress): void {
    this.truncate(from);
    const before = this.milliseconds.at(-1) ?? 0;
    const each = (trainMilliseconds - before) / epochs.length;
    for (const i of epochs.keys()) {
      this.epochs.push(from + i + 1);
      this.milliseconds.push(before + (i + 1) * each);
    }
    this.append(epochs);
    this.#changed(from);
  }

  /** Takes in a run that was kept: only its columns, and of them the rows that are known. */
  recall(kept: KeptColumns): void {
    this.epochs.push(...kept.epoch);
    this.milliseconds.push(...kept.milliseconds);
    this.unmeasured = kept.milliseconds.filter((time) => time === 0).length;
    for (const { key } of JUDGED_METRICS) this.columns[key].push(...kept[key]);
    this.#changed(0);
  }

  /** Milliseconds an epoch, of those that were measured; nothing where none was. */
  perEpoch(trainMilliseconds: number): number | undefined {
    const measured = this.length - this.unmeasured;
    return measured > 0 ? trainMilliseconds / measured : undefined;
  }

  override truncate(length: number): void {
    super.truncate(length);
    for (const column of [this.epochs, this.milliseconds]) {
      column.length = Math.min(length, column.length);
    }
  }

  #changed(from: number): void {
    const { valLoss } = this.columns;
    // The new rows are enough, unless the best one was cut off.
    const first = from > this.#best ? from : 0;
    if (first === 0) this.#best = 0;
    for (let row = first; row < valLoss.length; row++) {
      if (valLoss[row] < valLoss[this.#best]) this.#best = row;
    }
    this.#length.value = this.epochs.length;
  }
}
