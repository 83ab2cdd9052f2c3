/**
 * Reads from the selected run's backend whenever what it gives may have changed: one reading at a
 * time, not too often, and only while somebody looks.
 */
import { effect, type ReadonlySignal } from '@preact/signals';
import { messageOf } from '../../../../training/errors';
import type { Run } from '../../../state/run';

/** While a run trains, readings take this share of the time at most, as training may wait for them. */
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
  /** Reads the signals, beside the run's own, that make another reading necessary. */
  readonly watch?: (() => void) | undefined;
  /**
   * Least milliseconds from the beginning of a reading to the next while a run trains; by default so many that
   * readings take a twentieth of the time.
   */
  readonly pauseAfter?: ((value: T) => number) | undefined;
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
  { read, milliseconds, watch, pauseAfter }: ReadOptions<T>,
  onRead: (readback: Readback<T>) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;
  let isOutdated = false;
  let isOver = false;
  let startedAt = Number.NEGATIVE_INFINITY;
  let took = 0;
  let last: T | undefined;

  const readNow = async () => {
    const run = selected.peek();
    if (run === undefined || isOver) return;
    [isReading, isOutdated, startedAt] = [true, false, performance.now()];
    const result = await read(run).then(
      (value): Readback<T> => ({ run, value }),
      (error): Readback<T> => ({ run, problem: messageOf(error) }),
    );
    [isReading, took, last] = [false, performance.now() - startedAt, result.value];
    if (isOver) return;
    // A run that was replaced or lost in the meantime is nobody's concern any more.
    if (selected.peek() === run) onRead(result);
    if (isOutdated) schedule();
  };
  const pause = () =>
    pauseAfter !== undefined && last !== undefined ? pauseAfter(last) : took / MOST_SHARE;
  const schedule = () => {
    if (isReading) {
      isOutdated = true;
      return;
    }
    // Anew: a run that has paused meanwhile is no longer to be waited for.
    clearTimeout(timer);
    const isBusy = selected.peek()?.isBusy ?? false;
    const least = isBusy ? Math.max(milliseconds, pause()) : milliseconds;
    timer = setTimeout(readNow, Math.max(0, startedAt + least - performance.now()));
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
