/** What a component reads from the selected run's backend, while it can be seen. */
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { useInSight } from '../../../components/use-in-sight';
import { useStore } from '../../../state/store-context';
import { followRun, type Readback, type ReadOptions } from './follow-run';

/**
 * The options must be the same at every render.
 *
 * @returns a reference for the element that has to be in sight, and what was read of the selected run
 */
export function useReadback<T>(
  options: ReadOptions<T>,
): readonly [RefObject<HTMLDivElement | null>, Readback<T> | undefined] {
  const { run } = useStore();
  const { read, milliseconds, watch } = options;
  const [ref, isSeen] = useInSight();
  const readback = useSignal<Readback<T> | undefined>(undefined);
  useEffect(
    () =>
      followRun(run, isSeen, { read, milliseconds, watch }, (value) => {
        readback.value = value;
      }),
    [run, read, milliseconds, watch, readback, isSeen],
  );
  return [ref, readback.value?.run === run.value ? readback.value : undefined];
}
