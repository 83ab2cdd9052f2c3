/** A run of all presets as the page shows it; it goes on while other panels are looked at. */
import { signal } from '@preact/signals';
import type { RunAllProgress, RunAllRow } from '../../../session/run-all';
import type { Store } from '../../state/store';

export const rows = signal<readonly RunAllRow[]>([]);
/** While it runs. */
export const progress = signal<RunAllProgress | undefined>(undefined);
export const isRunning = signal(false);
export const isStopping = signal(false);

export async function start(store: Store): Promise<void> {
  if (isRunning.value) return;
  isRunning.value = true;
  isStopping.value = false;
  rows.value = [];
  await store.attempt(() => trainAll(store), 'runAll');
  progress.value = undefined;
  isRunning.value = false;
}

/** Ends it amid the preset under way, which gets no row. */
export function stop(store: Store): void {
  isStopping.value = true;
  store.attempt(() => store.service.stopRunAll(), 'stopRunAll');
}

/** On the selected backend; the run under way pauses. */
async function trainAll(store: Store): Promise<void> {
  const { service, announcer, backend, planOptions } = store;
  await store.pause();
  // The worker would take a new run of all for one that nobody has stopped.
  if (isStopping.value) return;
  announcer.say('Training every challenge in turn.');
  const trained = await service.runAll(backend.value, planOptions.value, {
    onProgress: (now) => {
      progress.value = now;
    },
    onRow: (row) => {
      rows.value = [...rows.value, row];
    },
  });
  announcer.say(`${trained.length} challenges are trained.`);
}
