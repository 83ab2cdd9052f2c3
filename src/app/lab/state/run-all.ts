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
    await this.#store.attempt(() => this.#trainAll());
    this.progress.value = undefined;
    this.isRunning.value = false;
  }

  /** Ends it amid the preset under way, which gets no row. */
  stop(): void {
    this.isStopping.value = true;
    this.#store.attempt(() => this.#store.service.stopRunAll());
  }

  /** On the selected backend; the run under way pauses. */
  async #trainAll(): Promise<void> {
    const { service, announcer, backend, planOptions } = this.#store;
    await this.#store.pause();
    // The worker would take a new run of all for one that nobody has stopped.
    if (this.isStopping.value) return;
    announcer.say('Training every challenge in turn.');
    const rows = await service.runAll(backend.value, planOptions.value, {
      onProgress: (progress) => {
        this.progress.value = progress;
      },
      onRow: (row) => {
        this.rows.value = [...this.rows.value, row];
      },
    });
    announcer.say(`${rows.length} challenges are trained.`);
  }
}

const states = new WeakMap<Store, RunAllState>();

/** The one state that belongs to a store. */
export function runAllOf(store: Store): RunAllState {
  const state = states.get(store) ?? new RunAllState(store);
  states.set(store, state);
  return state;
}
