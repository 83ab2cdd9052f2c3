/** The training service as the worker has it: runs by number, each with a backend of its own. */
import { fileReadLast, loadRows } from '../../data/registry';
import type { WebGpuOptions } from '../../gpu/backend';
import { keptDevice } from '../../session/page-device';
import type { BackendName } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import { configurationToJson } from '../../training/configuration/json';
import { loadStart } from '../../training/files/start-file';
import type { ArchivedRun, RunStorage } from '../../training/keeping/run-archive';
import { type Prepared, prepare } from '../../training/prepare';
import { BackendsOfRun } from './backends-of-run';
import { handedOver, handOver } from './files-here';
import { IndexedRunStorage } from './indexed-run-storage';
import { IndexedTuningStore } from './indexed-tuning-store';
import { makeLesson } from './make-lesson';
import { lookOf } from './make-look';
import { obstacleOf } from './obstacle-of';
import { RunHost } from './run-host';
import { type KeptHere, RunSafe } from './run-safe';
import { SpotChecks } from './spot-checks';
import type { TrainingListener, TrainingService } from './training-service';

export interface ServiceOptions {
  /** Where runs are kept; by default in the browser's IndexedDB. */
  readonly storage?: RunStorage;
  /** The time between two copies of a run that trains; by default 5 s, and more where a copy takes long. */
  readonly keepMilliseconds?: number;
  /** The time between two checks of a run against float64. */
  readonly checkMilliseconds?: number;
  /** The waits before each try to have a device again after a loss, in milliseconds. */
  readonly retryMilliseconds?: readonly number[];
}

/** A run that is open. */
interface Held {
  readonly host: RunHost;
  readonly kept: KeptHere;
  readonly prepared: Prepared;
}

export function createTrainingService({
  storage = new IndexedRunStorage(),
  checkMilliseconds,
  retryMilliseconds,
  ...pace
}: ServiceOptions = {}): TrainingService {
  const hosts = new Map<number, Held>();
  let listener: TrainingListener | undefined;
  let last: { readonly key: string; readonly prepared: Prepared } | undefined;
  let isRunAllStopped = false;
  let tuning = new AbortController();
  const tuningStore = new IndexedTuningStore();
  const safe = new RunSafe(storage, (message) => listener?.onNotKept(message));
  let lastId = 0;

  // A lesson and the run that is opened after it are about the same configuration.
  const prepareAll = async (configuration: Configuration): Promise<Prepared> => {
    const rows = await loadRows(configuration, (share) => listener?.onLoading(share));
    const start = await loadStart(configuration);
    const key = JSON.stringify(configurationToJson(configuration));
    if (last?.key !== key) {
      last = undefined; // before the next one is drawn: it may be as large
      last = { key, prepared: prepare(configuration, rows, start) };
    }
    return last.prepared;
  };
  const heldOf = (id: number): Held => {
    const found = hosts.get(id);
    if (found === undefined) throw new Error(`There is no run ${id} any more.`);
    return found;
  };
  const hostOf = (id: number): RunHost => heldOf(id).host;
  /** Opens a run, from the beginning or with what it had trained already. */
  const open = async (
    configuration: Configuration,
    wanted: BackendName,
    options: Partial<WebGpuOptions>,
    earlier?: { readonly keptId: string; readonly kept: ArchivedRun },
  ) => {
    const prepared = await prepareAll(configuration);
    const id = ++lastId;
    const started = performance.now();
    const onTuning = (what: string, share: number) => listener?.onTuning({ what, share });
    const webgpu = { ...options, tuningStore, onTuning, cancelTuning: tuning.signal };
    const backends = new BackendsOfRun(prepared.problem, webgpu, retryMilliseconds);
    const { fallback, ...opened } = await backends.first(wanted);
    const setupMilliseconds = performance.now() - started;
    const kept = earlier === undefined ? safe.open() : safe.reopen(earlier.keptId, earlier.kept);
    const host = new RunHost({
      ...{ ...pace, id, opened, prepared, configuration },
      ...(earlier !== undefined && { trainedMilliseconds: earlier.kept.trainMilliseconds }),
      onProgress: (progress) => listener?.onProgress(progress),
      reopen: (epoch) => backends.next(epoch),
      change: (problem, epoch) => backends.changed(problem, epoch),
      onRewound: (epochs) => kept.truncated(epochs),
      onMoved: (moved) => {
        kept.truncated(moved.wentOnFrom);
        return listener?.onMoved(moved);
      },
      onLost: (error) => listener?.onLost(id, obstacleOf(error)),
      keep: (copy) => kept.keep(copy),
      checksOf: ({ backend: { info }, device }, problem) =>
        device && new SpotChecks(device, info, problem, tuningStore, checkMilliseconds),
      onFinding: (finding) => listener?.onFinding(id, finding),
    });
    hosts.set(id, { host, kept, prepared });
    const { info, batchesPerEpoch } = opened.backend;
    const plan = opened.backend.describe();
    const answer = { id, info, setupMilliseconds, batchesPerEpoch, plan };
    return { host, answer: fallback === undefined ? answer : { ...answer, fallback } };
  };

  const close = async (id: number): Promise<void> => {
    const found = hosts.get(id);
    hosts.delete(id);
    found?.host.close();
    await found?.kept.forget();
  };

  return {
    listen(newListener) {
      listener = newListener;
    },
    bring: async (file) => handOver(file),
    brought: async (name) => handedOver(name) ?? fileReadLast(name),
    async lesson(configuration) {
      return makeLesson(configuration, await prepareAll(configuration));
    },
    async open(configuration, wanted, planOptions) {
      return (await open(configuration, wanted, planOptions ?? {})).answer;
    },
    async cancelTuning() {
      tuning.abort();
      // Runs that are opened from now on are measured again.
      tuning = new AbortController();
    },
    keptRuns: () => safe.orphans(),
    forgetKept: (keptId) => safe.forget(keptId),
    async goOn(keptId) {
      // Another tab may have taken it since it was offered.
      const isFree = (await safe.orphans()).some(({ id }) => id === keptId);
      if (!isFree) throw new Error('That run goes on in another tab, or was not kept.');
      const kept = await safe.read(keptId);
      const { configuration, backend, plan, saved, trainMilliseconds } = kept;
      const samePlan = plan === undefined ? {} : { candidate: plan };
      const { host, answer } = await open(configuration, backend, samePlan, { keptId, kept });
      try {
        await host.restore(saved);
      } catch (error) {
        host.close();
        hosts.get(answer.id)?.kept.leave();
        hosts.delete(answer.id);
        throw error;
      }
      return { opened: answer, configuration, history: saved.history, trainMilliseconds };
    },
    run: (id, pace) => hostOf(id).run(pace),
    change: (id, values) => hostOf(id).change(values),
    lengthen: (id, epochs) => hostOf(id).lengthen(epochs),
    pause: async (id) => hostOf(id).pause(),
    step: (id, epochs) => hostOf(id).step(epochs),
    stepBatch: (id) => hostOf(id).stepBatch(),
    report: (id) => hostOf(id).report(),
    predict: (id, features, count) => hostOf(id).predict(features, count),
    parameters: (id) => hostOf(id).parameters(),
    snapshot: (id) => hostOf(id).snapshot(),
    async look(id, question) {
      const { host, prepared } = heldOf(id);
      return lookOf(prepared, host, question);
    },
    async planePoints(id) {
      const { prepared } = heldOf(id);
      const { planePointsOf } = await import('./make-boundary');
      return planePointsOf(prepared);
    },
    deadUnits: (id) => hostOf(id).deadUnits(),
    selfTest: (id) => hostOf(id).selfTest(),
    setPace: async (id, pace) => hostOf(id).setPace(pace),
    async runAll(backend, planOptions, { onProgress, onRow }) {
      isRunAllStopped = false;
      const { runAll } = await import('../../session/run-all');
      return runAll({
        ...{ backend, webgpu: planOptions, device: keptDevice },
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
    async putAside(id) {
      // A run whose device is lost has nothing more to give.
      const saved = await hosts
        .get(id)
        ?.host.putAside()
        .catch(() => undefined);
      await close(id);
      return saved;
    },
    close,
  };
}
