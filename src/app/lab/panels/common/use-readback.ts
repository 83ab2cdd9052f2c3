/** What a component reads from the selected run's backend, while it can be seen. */
import { type ReadonlySignal, signal, useComputed, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { followVisibility } from '../../../components/visibility';
import { useStore } from '../../../state/store-context';
import { followRun, type Readback, type ReadOptions } from './follow-run';

/** Whether the page itself is shown: not in a tab behind others. */
const isPageVisible = signal(document.visibilityState === 'visible');
document.addEventListener('visibilitychange', () => {
  isPageVisible.value = document.visibilityState === 'visible';
});

/**
 * The options must be the same at every render.
 *
 * @returns a reference for the element that has to be in sight, what was read of the selected run, and
 *   whether the element is in sight
 */
export function useReadback<T>(
  options: ReadOptions<T>,
): readonly [RefObject<HTMLDivElement | null>, Readback<T> | undefined, ReadonlySignal<boolean>] {
  const { run } = useStore();
  const { read, milliseconds, mostShare, watch, costOf } = options;
  const ref = useRef<HTMLDivElement>(null);
  const readback = useSignal<Readback<T> | undefined>(undefined);
  const isInWindow = useSignal(false);
  const isVisible = useComputed(() => isInWindow.value && isPageVisible.value);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const stops = [
      followVisibility(element, (value) => {
        isInWindow.value = value;
      }),
      followRun(run, isVisible, { read, milliseconds, mostShare, watch, costOf }, (value) => {
        readback.value = value;
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [run, read, milliseconds, mostShare, watch, costOf, readback, isInWindow, isVisible]);
  return [ref, readback.value?.run === run.value ? readback.value : undefined, isVisible];
}
