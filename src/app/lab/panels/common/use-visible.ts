/** Whether an element can be seen: in the window, and in a tab that is shown. */
import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** The reference goes to the element. */
export function useVisible(): readonly [RefObject<HTMLDivElement | null>, ReadonlySignal<boolean>] {
  const ref = useRef<HTMLDivElement>(null);
  const isVisible = useSignal(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    let isInWindow = false;
    const update = () => {
      isVisible.value = isInWindow && document.visibilityState === 'visible';
    };
    const observer = new IntersectionObserver((entries) => {
      isInWindow = entries.at(-1)?.isIntersecting ?? false;
      update();
    });
    observer.observe(element);
    document.addEventListener('visibilitychange', update);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', update);
    };
  }, [isVisible]);
  return [ref, isVisible];
}
