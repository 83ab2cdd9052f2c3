/** The training service as the worker has it: runs by number, each with a backend of its own. */
import { loadRows } from '../../data/registry';
import type { WebGpuOptions } from '../../gpu/backend';
import { type AcquiredDevice, keptDevice } from '../../gpu/runtime/device';
import { openBackend } from '../../session/open-backend';
import type { Backend, BackendName } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import { configurationToJson } from '../../training/configuration/json';
import { type Prepared, prepare } from '../../training/prepare';
import { IndexedTuningStore } from './indexed-tuning-store';
import { makeLesson } from './make-lesson';
import { obstacleOf } from './obstacle-of';
import { RunHost } from './run-host';
import type { Obstacle, Progress, TrainingListener, TrainingService } from './training-service';

export function createTrainingService(): TrainingService {
  const hosts = new Map<number, RunHost>();
  let listener: TrainingListener | undefined;
  let last: { readonly key: string; readonly prepared: Prepared } | undefined;
  let isRunAllStopped = false;
  const tuningStore = new IndexedTuningStore();
  let lastId = 0;

  // A lesson and the run that is opened after it are about the same configuration.
  const prepareAll = async (configuration: Configuration): Promise<Prepared> => {
    const rows = await loadRows(configuration.dataset);
    const key = JSON.stringify(configurationToJson(configuration));
    if (last?.key !== key) {
      last = undefined; // before the next one is drawn: it may be as large
      last = { key, prepared: prepare(configuration, rows) };
    }
    return last.prepared;
  };
  const hostOf = (id: number): RunHost => {
    const host = hosts.get(id);
    if (host === undefined) throw new Error(`There is no run ${id} any more.`);
    return host;
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
      const id = ++lastId;
      const started = performance.now();
      const { promise: lost, resolve } = withResolver<Obstacle>();
      lost.then((reason) => listener?.onLost(id, reason));
      const onLost = (error: Error) => resolve(obstacleOf(error));
      const onTuning = (what: string, share: number) => listener?.onTuning({ what, share });
      const webgpu = { ...planOptions, tuningStore, onTuning, onLost };
      const { backend, fallback } = await openOrFallBack(wanted, prepared, webgpu);
      const setupMilliseconds = performance.now() - started;
      const onProgress = (progress: Progress) => listener?.onProgress(progress);
      const setup = { id, backend, prepared, configuration, onProgress, lost };
      hosts.set(id, new RunHost(setup));
      const { info, batchesPerEpoch } = backend;
      const plan = backend.describe();
      const opened = { id, info, setupMilliseconds, batchesPerEpoch, plan };
      return fallback === undefined ? opened : { ...opened, fallback };
    },
    run: (id, pace) => hostOf(id).run(pace),
    pause: async (id) => hostOf(id).pause(),
    step: (id, epochs) => hostOf(id).step(epochs),
    stepBatch: (id) => hostOf(id).stepBatch(),
    report: (id) => hostOf(id).report(),
    predict: (id, features, count) => hostOf(id).predict(features, count),
    parameters: (id) => hostOf(id).parameters(),
    snapshot: (id) => hostOf(id).snapshot(),
    deadUnits: (id) => hostOf(id).deadUnits(),
    selfTest: (id) => hostOf(id).selfTest(),
    setPace: async (id, pace) => hostOf(id).setPace(pace),
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
    save: (id) => hostOf(id).save(),
    restore: (id, saved) => hostOf(id).restore(saved),
    async close(id) {
      hosts.get(id)?.close();
      hosts.delete(id);
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

/** The device that a backend needs: the worker's own, which outlives the runs on it. */
async function deviceFor(backend: BackendName): Promise<AcquiredDevice | undefined> {
  return backend === 'webgpu' ? keptDevice() : undefined;
}

/** The backend that was asked for, or the reference and the reason why. */
async function openOrFallBack(
  wanted: BackendName,
  { problem }: Prepared,
  options: WebGpuOptions,
): Promise<{ readonly backend: Backend; readonly fallback?: Obstacle }> {
  try {
    const device = await deviceFor(wanted);
    const webgpu = { ...options, ...(device !== undefined && { device }) };
    return { backend: await openBackend(wanted, problem, webgpu) };
  } catch (error) {
    const fallback = obstacleOf(error);
    return { backend: await openBackend('reference', problem), fallback };
  }
}
