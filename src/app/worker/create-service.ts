/** The training service as the worker has it: sessions by number, each with a backend of its own. */
import { loadRows } from '../../data/registry';
import { type AcquiredDevice, keptDevice } from '../../gpu/runtime/device';
import { type OpenOptions, openBackend } from '../../session/open-backend';
import type { Backend, BackendName } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import { configurationToJson } from '../../training/configuration/json';
import { type Prepared, prepare } from '../../training/prepare';
import { IndexedTuningStore } from './indexed-tuning-store';
import { makeLesson } from './make-lesson';
import { obstacleOf } from './obstacle-of';
import { Session } from './session';
import type { Obstacle, Progress, TrainingListener, TrainingService } from './training-service';

export function createTrainingService(): TrainingService {
  const sessions = new Map<number, Session>();
  let listener: TrainingListener | undefined;
  let last: { readonly key: string; readonly prepared: Prepared } | undefined;
  let isRunAllStopped = false;
  const tuningStore = new IndexedTuningStore();
  let lastSession = 0;

  // A lesson and the session that is opened after it are about the same configuration.
  const prepareAll = async (configuration: Configuration): Promise<Prepared> => {
    const rows = await loadRows(configuration.dataset);
    const key = JSON.stringify(configurationToJson(configuration));
    if (last?.key !== key) {
      last = undefined; // before the next one is drawn: it may be as large
      last = { key, prepared: prepare(configuration, rows) };
    }
    return last.prepared;
  };
  const sessionOf = (id: number): Session => {
    const session = sessions.get(id);
    if (session === undefined) throw new Error(`There is no session ${id} any more.`);
    return session;
  };

  return {
    listen(newListener) {
      listener = newListener;
    },
    async lesson(configuration) {
      return makeLesson(configuration, await prepareAll(configuration));
    },
    async open(configuration, wanted, planOptions) {
      const prepared = await prepareAll(configuration);
      const id = ++lastSession;
      const started = performance.now();
      const { promise: lost, resolve } = withResolver<Obstacle>();
      lost.then((reason) => listener?.onLost(id, reason));
      const onLost = (error: Error) => resolve(obstacleOf(error));
      const onTuning = (what: string, share: number) => listener?.onTuning({ what, share });
      const webgpu = { ...planOptions, tuningStore, onTuning };
      const options = { onLost, webgpu };
      const { backend, fallback } = await openOrFallBack(wanted, prepared, options);
      const setupMilliseconds = performance.now() - started;
      const onProgress = (progress: Progress) => listener?.onProgress(progress);
      const setup = { id, backend, prepared, configuration, onProgress, lost };
      sessions.set(id, new Session(setup));
      const { info, batchesPerEpoch } = backend;
      const plan = backend.describe();
      const opened = { session: id, info, setupMilliseconds, batchesPerEpoch, plan };
      return fallback === undefined ? opened : { ...opened, fallback };
    },
    run: (id, pace) => sessionOf(id).run(pace),
    pause: async (id) => sessionOf(id).pause(),
    step: (id, epochs) => sessionOf(id).step(epochs),
    stepBatch: (id) => sessionOf(id).stepBatch(),
    report: (id) => sessionOf(id).report(),
    predict: (id, features, count) => sessionOf(id).predict(features, count),
    parameters: (id) => sessionOf(id).parameters(),
    snapshot: (id) => sessionOf(id).snapshot(),
    deadUnits: (id) => sessionOf(id).deadUnits(),
    selfTest: (id) => sessionOf(id).selfTest(),
    setPace: async (id, pace) => sessionOf(id).setPace(pace),
    async runAll(backend, planOptions, { onProgress, onRow }) {
      isRunAllStopped = false;
      const { runAll } = await import('../../session/run-all');
      // Where there is no device, each row says so.
      const device = await deviceFor(backend).catch(() => undefined);
      return runAll({
        backend,
        webgpu: { ...planOptions, ...(device !== undefined && { device }) },
        onProgress,
        onRow,
        isCancelled: () => isRunAllStopped,
      });
    },
    async stopRunAll() {
      isRunAllStopped = true;
    },
    save: (id) => sessionOf(id).save(),
    restore: (id, saved) => sessionOf(id).restore(saved),
    async close(id) {
      sessions.get(id)?.close();
      sessions.delete(id);
    },
  };
}

/** A promise and the function that settles it. */
function withResolver<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The device that a backend needs: the worker's own, which outlives the sessions on it. */
async function deviceFor(backend: BackendName): Promise<AcquiredDevice | undefined> {
  return backend === 'webgpu' ? keptDevice() : undefined;
}

interface OpenedBackend {
  readonly backend: Backend;
  readonly fallback?: Obstacle;
}

/** The backend that was asked for, or the reference and the reason why. */
async function openOrFallBack(
  wanted: BackendName,
  { problem }: Prepared,
  options: OpenOptions,
): Promise<OpenedBackend> {
  try {
    const device = await deviceFor(wanted);
    const webgpu = { ...options.webgpu, ...(device !== undefined && { device }) };
    return { backend: await openBackend(wanted, problem, { ...options, webgpu }) };
  } catch (error) {
    const fallback = obstacleOf(error);
    return { backend: await openBackend('reference', problem), fallback };
  }
}
