/**
 * Reads from the selected run's backend whenever what it gives may have changed: one reading at a
 * time, not too often, and only while somebody looks.
 */
import { effect, type ReadonlySignal } from '@preact/signals';
import { messageOf } from '../../../../training/errors';
import type { Run } from '../../../state/run';

/** While a run trains, readings take this share of the time at most by default, as training may wait for them. */
const MOST_SHARE = 0.05;

export interface Readback<T> {
  readonly run: Run;
  /** The last value that was read. */
  readonly value?: T;
  /** Why the last reading gave none. */
  readonly problem?: string;
}

export interface ReadOptions<T> {
  readonly read: (run: Run) => Promise<T>;
  /** Least time between the beginnings of two readings. */
  readonly milliseconds: number;
  /** While a run trains, readings take at most this share of the time. */
  readonly mostShare?: number | undefined;
  /** Reads the signals, beside the run's own, that make another reading necessary. */
  readonly watch?: (() => void) | undefined;
  /** Milliseconds that a reading took from the training; by default all until it came. */
  readonly costOf?: ((value: T) => number) | undefined;
}

/**
 * Reads and reads again until the function that it returns is called.
 *
 * @param selected - the run to read from
 * @param isVisible - whether somebody looks
 */
export function followRun<T>(
  selected: ReadonlySignal<Run | undefined>,
  isVisible: ReadonlySignal<boolean>,
  { read, milliseconds, mostShare = MOST_SHARE, watch, costOf }: ReadOptions<T>,
  onRead: (readback: Readback<T>) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;
  let isOutdated = false;
  let isOver = false;
  let startedAt = Number.NEGATIVE_INFINITY;
  let took = 0;

  const readNow = async () => {
    const run = selected.peek();
    if (run === undefined || isOver) return;
    [isReading, isOutdated, startedAt] = [true, false, performance.now()];
    const result = await read(run).then(
      (value): Readback<T> => ({ run, value }),
      (error): Readback<T> => ({ run, problem: messageOf(error) }),
    );
    const isCosted = costOf !== undefined && result.value !== undefined;
    took = isCosted ? costOf(result.value) : performance.now() - startedAt;
    isReading = false;
    if (isOver) return;
    // A run that was replaced or lost in the meantime is nobody's concern any more.
    if (selected.peek() === run) onRead(result);
    if (isOutdated) schedule();
  };
  const schedule = () => {
    if (isReading) {
      isOutdated = true;
      return;
    }
    // Anew: a run that has paused meanwhile is no longer to be waited for.
    clearTimeout(timer);
    const isBusy = selected.peek()?.isBusy ?? false;
    const pause = isBusy ? Math.max(milliseconds, took / mostShare) : milliseconds;
    timer = setTimeout(readNow, Math.max(0, startedAt + pause - performance.now()));
  };
  const stop = effect(() => {
    watch?.();
    const run = selected.value;
    if (!isVisible.value || run === undefined) return;
    run.history.length;
    run.underway.value;
    run.status.value;
    schedule();
  });
  return () => {
    isOver = true;
    stop();
    clearTimeout(timer);
  };
}
