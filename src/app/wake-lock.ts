/** Keeps the screen awake while a run that trains is in sight. */
import { effect } from '@preact/signals';
import type { Store } from './state/store';

/** Asks for a wake lock whenever there is something to stay awake for; a browser without any does without. */
export function followWakeLock(store: Store): void {
  const { wakeLock }: Partial<Navigator> = navigator;
  if (wakeLock === undefined) return;
  let held: Promise<WakeLockSentinel | undefined> | undefined;
  const update = () => {
    const isWanted = store.run.value?.isBusy === true && document.visibilityState === 'visible';
    if (isWanted) held ??= wakeLock.request('screen').catch(() => undefined);
    else {
      held?.then((lock) => lock?.release());
      held = undefined;
    }
  };
  effect(update);
  // A page that is hidden loses its lock, and asks again when it is back.
  document.addEventListener('visibilitychange', update);
}
