/** Runs that stood somewhere before, and may go on: of an earlier visit, put aside for another one, or saved to a file. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { isFileDataset } from '../../data/file-dataset';
import type { PlanOptions } from '../../gpu/plan/choices';
import type { BackendInfo, BackendName } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import type { FoundRun } from '../../training/keeping/run-archive';
import type { SavedRun } from '../../training/trainer';
import type { TrainingService } from '../worker/training-service';
import type { Announcer } from './announcer';
import type { Failure } from './failures';
import { integer } from './format';
import { Run } from './run';
import type { Settings } from './settings';

/** What is held on to of a run that another has taken the place of. */
export interface PutAside extends Pick<Run, 'configuration' | 'history'> {
  readonly info: Pick<BackendInfo, 'name'>;
  readonly saved?: Run['saved'];
}

/** What they need of the store whose runs they take the place of. */
interface Present {
  readonly service: TrainingService;
  readonly announcer: Announcer;
  readonly settings: Settings;
  readonly backend: ReadonlySignal<BackendName>;
  readonly planOptions: ReadonlySignal<PlanOptions>;
  adopt(run: Run): Promise<void>;
  openBeside(configuration: Configuration, wanted: BackendName): Promise<Run>;
  attempt(action: () => Promise<unknown>, what: Failure): Promise<void>;
}

export class EarlierRuns {
  /** A run of an earlier visit that may go on. */
  readonly offered = signal<FoundRun | undefined>(undefined);
  readonly #store: Present;

  constructor(store: Present) {
    this.#store = store;
  }

  /** Looks for a run of an earlier visit to offer; where nothing can be kept there is none. */
  async find(): Promise<void> {
    const [newest] = await this.#store.service.keptRuns().catch(() => []);
    this.offered.value = newest;
  }

  /** Brings back the run that is offered, as it stood; false where it cannot be had. */
  async goOn(): Promise<boolean> {
    const store = this.#store;
    const kept = this.offered.value;
    if (kept === undefined) return false;
    this.offered.value = undefined;
    let isBack = false;
    await store.attempt(async () => {
      const { opened, configuration, history, trainMilliseconds } = await store.service.goOn(
        kept.id,
      );
      const run = new Run(configuration, opened, store.planOptions.value);
      run.recall(history, trainMilliseconds);
      await store.adopt(run);
      store.announcer.say(`The run of the last visit stands at epoch ${history.length}.`);
      isBack = true;
    }, 'bringBack');
    if (!isBack && isFileDataset(kept.configuration.dataset)) {
      // The settings ask for its file; once that is here, the run can still go on.
      store.settings.replace(kept.configuration);
      this.offered.value = kept;
    }
    return isBack;
  }

  /** Forgets the run that is offered. */
  async forget(): Promise<void> {
    const store = this.#store;
    const kept = this.offered.value;
    this.offered.value = undefined;
    if (kept !== undefined) await store.attempt(() => store.service.forgetKept(kept.id), 'forget');
  }

  /**
   * A run that was replaced goes on where it stood, with its settings and parameters, in the place of the
   * present one.
   */
  async bringBack({ configuration, history, info, saved }: PutAside): Promise<void> {
    const store = this.#store;
    await store.attempt(async () => {
      const found = await saved;
      if (found === undefined) {
        const title = 'The parameters of that run are no longer there';
        return store.announcer.report({ title, text: 'Its settings can be trained again.' });
      }
      const run = await this.openRestored(configuration, found, info.name);
      run.recall(found.history, history.milliseconds[found.history.length - 1] ?? 0);
      run.inPlaceOf = history;
      await store.adopt(run);
      store.announcer.say(`The run is back at epoch ${integer(run.history.length)}.`);
    }, 'bringBack');
  }

  /** Opens a run beside the present one, and has it stand where `saved` does; nothing is left of one that does not fit. */
  async openRestored(
    configuration: Configuration,
    saved: SavedRun,
    backend = this.#store.backend.value,
  ): Promise<Run> {
    const { service } = this.#store;
    const run = await this.#store.openBeside(configuration, backend);
    try {
      await service.restore(run.id, saved);
    } catch (error) {
      await service.close(run.id);
      throw error;
    }
    return run;
  }
}
