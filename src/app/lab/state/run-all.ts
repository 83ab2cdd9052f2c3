/** A run of all presets as the page shows it; it goes on while other panels are looked at. */
import { signal } from '@preact/signals';
import type { RunAllProgress, RunAllRow } from '../../../session/run-all';
import type { Store } from '../../state/store';

class RunAllState {
  readonly rows = signal<readonly RunAllRow[]>([]);
  /** While it runs. */
  readonly progress = signal<RunAllProgress | undefined>(undefined);
  readonly isRunning = signal(false);
  readonly isStopping = signal(false);
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async start(): Promise<void> {
    if (this.isRunning.value) return;
    this.isRunning.value = true;
    this.isStopping.value = false;
    this.rows.value = [];
    await this.#store.runAll({
      onProgress: (progress) => {
        this.progress.value = progress;
      },
      onRow: (row) => {
        this.rows.value = [...this.rows.value, row];
      },
    });
    this.progress.value = undefined;
    this.isRunning.value = false;
  }

  stop(): void {
    this.isStopping.value = true;
    this.#store.stopRunAll();
  }
}

const states = new WeakMap<Store, RunAllState>();

/** The one state that belongs to a store. */
export function runAllOf(store: Store): RunAllState {
  const state = states.get(store) ?? new RunAllState(store);
  states.set(store, state);
  return state;
}
