/** What a component shows of the selected run as it is, of the same step as all others that look. */
import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useInSight } from '../components/use-in-sight';
import type { Readback } from '../lab/panels/common/follow-run';
import { useStore } from '../state/store-context';
import { useDrawCost } from './draw-cost';
import { type Looker, lookTogether, type Seen } from './looks';

/**
 * The options must be the same at every render.
 *
 * @returns a reference for the element that has to be in sight, what was seen of the selected run, and
 *   whether the element is in sight
 */
export function useLook({
  ask,
  watch,
  mostShare,
}: Pick<Looker, 'ask' | 'watch' | 'mostShare'>): readonly [
  RefObject<HTMLDivElement | null>,
  Readback<Seen | undefined> | undefined,
  ReadonlySignal<boolean>,
] {
  const store = useStore();
  const [ref, isSeen] = useInSight();
  const drawing = useRef(0);
  const readback = useSignal<Readback<Seen | undefined> | undefined>(undefined);
  useEffect(
    () =>
      lookTogether(store, {
        ...{ ask, watch, mostShare, isSeen, drawing },
        onSeen: (value) => {
          readback.value = value;
        },
      }),
    [store, ask, watch, mostShare, isSeen, readback],
  );
  const seen = readback.value?.run === store.run.value ? readback.value : undefined;
  useDrawCost(seen?.value, drawing);
  return [ref, seen, isSeen];
}
