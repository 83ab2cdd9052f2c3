/** The page without anything to see in which `npm run train` trains on WebGPU. */
import type { FileDescription } from '../data/file-dataset';
import { setFileStore } from '../data/registry';
import type { PlanOptions } from '../gpu/plan/choices';
import type { TuningRecord, TuningStore } from '../gpu/tuning/tuning-store';
import { outcomeOf, type PageOutcome } from '../session/page-outcome';
import { runSession, type SessionOptions } from '../session/run';
import { type RunAllOptions, runAll } from '../session/run-all';
import { readStart } from '../training/files/read-start';
import { parametersFile } from '../training/files/run-files';
import { setStartStore } from '../training/files/start-file';

/** What a run needs, as it crosses from Node into the page. */
export interface HeadlessOptions
  extends Pick<SessionOptions, 'configuration' | 'backend' | 'printEvery' | 'kernelTimes'> {
  /** Whether its document is to have a file with the parameters. */
  readonly savesParameters: boolean;
  readonly webgpu: PlanOptions;
}

/** What a run of all presets needs. */
export interface HeadlessRunAllOptions extends Pick<RunAllOptions, 'backend' | 'settings'> {
  readonly webgpu: PlanOptions;
}

/** What Node says of the rows of a file. */
interface BroughtRows {
  readonly description: FileDescription;
  readonly count: number;
  readonly features: number;
  readonly areBytes: boolean;
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

/** The rows of a file are where the page comes from. */
setFileStore(async (name) => {
  const answer = await fetch('/brought/rows.json');
  if (!answer.ok) return undefined;
  const { description, count, features, areBytes } = (await answer.json()) as BroughtRows;
  if (description.name !== name) return undefined;
  const bytesOf = async (part: string) => (await fetch(`/brought/${part}`)).arrayBuffer();
  const [values, labels] = await Promise.all([bytesOf('values'), bytesOf('labels')]);
  const rows = {
    values: areBytes ? new Uint8Array(values) : new Float64Array(values),
    ...{ labels: new Uint8Array(labels), count, features },
  };
  return { description, rows };
});

/** And so is the file that a run begins with. */
setStartStore(async (sha256) => {
  const answer = await fetch(`/brought/start-${sha256}`);
  if (!answer.ok) return undefined;
  return readStart('the file', new Uint8Array(await answer.arrayBuffer()));
});

/** What tuning measured is kept by Node, in a file. */
const tuningStore: TuningStore = {
  get: (key) => globalThis.readTuning(key),
  set: (key, record) => globalThis.writeTuning(key, record),
  clear: () => Promise.reject(new Error('the command line clears its own file')),
};

globalThis.trainHeadless = ({ webgpu, savesParameters, ...options }) =>
  outcomeOf((onLine) =>
    runSession({
      ...options,
      webgpu: { ...webgpu, tuningStore },
      onLine,
      ...(savesParameters && { parametersFile }),
    }),
  );

globalThis.runAllHeadless = ({ webgpu, ...options }) =>
  outcomeOf((onLine) => runAll({ ...options, webgpu: { ...webgpu, tuningStore }, onLine }));
