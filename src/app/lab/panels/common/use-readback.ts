/**
 * Reads from the selected run's backend whenever what it gives may have changed: one reading at a
 * time, not too often, and only while somebody looks.
 */
import { effect, type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Run } from '../../../state/run';
import { useStore } from '../../../state/store-context';

/** While a run trains, readings take at most this share of the time, as training may wait for them. */
const MOST_SHARE = 0.05;

export interface Readback<T> {
  readonly run: Run;
  /** The last value that was read. */
  readonly value?: T;
  /** Why the last reading gave none. */
  readonly problem?: string;
}

interface ReadbackOptions<T> {
  /** Reads; must be the same function at every render. */
  readonly read: (run: Run) => Promise<T>;
  readonly isVisible: ReadonlySignal<boolean>;
  /** Least time between the beginnings of two readings. */
  readonly milliseconds: number;
  /** Reads the signals, beside the run's epochs, that make another reading necessary. */
  readonly watch?: () => void;
}

export function useReadback<T>({
  read,
  isVisible,
  milliseconds,
  watch,
}: ReadbackOptions<T>): ReadonlySignal<Readback<T> | undefined> {
  const store = useStore();
  const readback = useSignal<Readback<T> | undefined>(undefined);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isReading = false;
    let isOutdated = false;
    let isOver = false;
    let startedAt = Number.NEGATIVE_INFINITY;
    let took = 0;

    const readNow = async () => {
      const run = store.run.peek();
      if (run === undefined || isOver) return;
      [isReading, isOutdated, startedAt] = [true, false, performance.now()];
      const result = await read(run).then(
        (value): Readback<T> => ({ run, value }),
        (error): Readback<T> => ({ run, problem: String(error) }),
      );
      [isReading, took] = [false, performance.now() - startedAt];
      if (isOver) return;
      // A run that was replaced or lost in the meantime is nobody's concern any more.
      if (store.run.peek() === run) readback.value = result;
      if (isOutdated) schedule();
    };
    const schedule = () => {
      if (isReading) {
        isOutdated = true;
        return;
      }
      // Anew: a run that has paused meanwhile is no longer to be waited for.
      clearTimeout(timer);
      const isBusy = store.run.peek()?.isBusy ?? false;
      const pause = isBusy ? Math.max(milliseconds, took / MOST_SHARE) : milliseconds;
      timer = setTimeout(readNow, Math.max(0, startedAt + pause - performance.now()));
    };
    const stop = effect(() => {
      watch?.();
      const run = store.run.value;
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
  }, [store, read, isVisible, milliseconds, watch, readback]);
  return readback;
}
