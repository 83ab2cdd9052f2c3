/** A run of points is over before its boundary was seen to move: here it is trained once more, slowed down. */
import { Button } from '../../../components/button';
import { duration } from '../../../state/format';
import type { Run } from '../../../state/run';
import type { Store } from '../../../state/store';
import { useStore } from '../../../state/store-context';

/** Nobody follows a run that was trained in less. */
const WATCHABLE_MILLISECONDS = 2000;

/** Keeps its place where there is nothing to say: nothing moves. */
export function WatchSlowly({ run }: { readonly run: Run }) {
  const store = useStore();
  const words = wordsOf(store, run);
  const isSlow = isSlowed(store);
  return (
    <p class="watch-slowly">
      {words}
      {words !== undefined && (
        <Button onPress={() => (isSlow ? store.setPace(undefined) : watchSlowly(store))}>
          {isSlow ? 'Full speed' : 'Watch it slowly'}
        </Button>
      )}
    </p>
  );
}

/** What there is to say of the speed of a run; nothing where its boundary could be watched. */
export function wordsOf(store: Store, run: Run): string | undefined {
  if (isSlowed(store)) return 'Slow motion.';
  // Whoever has chosen a speed, or other settings, is asked nothing.
  if (!run.isOver || store.pace.value !== undefined || store.isChanged.value) return undefined;
  if (store.firstRun.state.value === 'over') return 'That was slow motion.';
  const took = run.trainMilliseconds.value;
  return took < WATCHABLE_MILLISECONDS ? `That took ${duration(took)}.` : undefined;
}

/** From the order to the end of the run: the button stays where it has the focus. */
function isSlowed({ firstRun, pace }: Store): boolean {
  const state = firstRun.state.value;
  return pace.value === undefined && (state === 'due' || state === 'under-way');
}

/** Trains a run that is over once more, as slowly as a visitor's first one. */
export function watchSlowly(store: Store): Promise<void> {
  store.firstRun.again();
  return store.start('Slow motion');
}
