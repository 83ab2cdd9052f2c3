/** Whether a component can be seen: its element in the window, and the page in front. */
import { type ReadonlySignal, signal, useComputed, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { followVisibility } from './visibility';

/** Whether the page itself is shown: not in a tab behind others. */
const isPageVisible = signal(document.visibilityState === 'visible');
document.addEventListener('visibilitychange', () => {
  isPageVisible.value = document.visibilityState === 'visible';
});

/** @returns a reference for the element, and whether it is in sight */
export function useInSight(): readonly [RefObject<HTMLDivElement | null>, ReadonlySignal<boolean>] {
  const ref = useRef<HTMLDivElement>(null);
  const isInWindow = useSignal(false);
  const isSeen = useComputed(() => isInWindow.value && isPageVisible.value);
  useEffect(() => {
    if (ref.current === null) return undefined;
    return followVisibility(ref.current, (value) => {
      isInWindow.value = value;
    });
  }, [isInWindow]);
  return [ref, isSeen];
}
