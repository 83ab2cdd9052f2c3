/** The page without anything to see in which `npm run train` trains on WebGPU. */
import type { PlanOptions } from '../gpu/plan/choices';
import type { TuningRecord, TuningStore } from '../gpu/tuning/tuning-store';
import { outcomeOf, type PageOutcome } from '../session/page-outcome';
import { runSession, type SessionOptions } from '../session/run';
import { type RunAllOptions, runAll } from '../session/run-all';

/** What a run needs, as it crosses from Node into the page. */
export interface HeadlessOptions
  extends Pick<SessionOptions, 'configuration' | 'backend' | 'printEvery' | 'kernelTimes'> {
  readonly webgpu: PlanOptions;
}

/** What a run of all presets needs. */
export interface HeadlessRunAllOptions extends Pick<RunAllOptions, 'backend' | 'settings'> {
  readonly webgpu: PlanOptions;
}

declare global {
  /** Put here for Node to call. */
  var trainHeadless: (options: HeadlessOptions) => Promise<PageOutcome>;
  /** Put here for Node to call. */
  var runAllHeadless: (options: HeadlessRunAllOptions) => Promise<PageOutcome>;
  /** Put here by Node: a record of tuning, unchecked. */
  var readTuning: (key: string) => Promise<unknown>;
  /** Put here by Node: keeps a record of tuning. */
  var writeTuning: (key: string, record: TuningRecord) => Promise<void>;
}

/** What tuning measured is kept by Node, in a file. */
const tuningStore: TuningStore = {
  get: (key) => globalThis.readTuning(key),
  set: (key, record) => globalThis.writeTuning(key, record),
  clear: () => Promise.reject(new Error('the command line clears its own file')),
};

globalThis.trainHeadless = ({ webgpu, ...options }) =>
  outcomeOf((onLine) => runSession({ ...options, webgpu: { ...webgpu, tuningStore }, onLine }));

globalThis.runAllHeadless = ({ webgpu, ...options }) =>
  outcomeOf((onLine) => runAll({ ...options, webgpu: { ...webgpu, tuningStore }, onLine }));
