/** The page without anything to see in which `npm run train` trains on WebGPU. */
import type { PlanOptions } from '../gpu/plan/choices';
import type { TuningRecord, TuningStore } from '../gpu/tuning/tuning-store';
import { runSession } from '../session/run';
import { type RunAllOptions, runAll } from '../session/run-all';
import type { BackendName } from '../training/backend';
import type { Configuration } from '../training/configuration/fields';
import {
  BackendUnavailableError,
  InvalidInputError,
  messageOf,
  type UnavailableCause,
} from '../training/errors';

/** What a run needs, as it crosses from Node into the page. */
export interface HeadlessOptions {
  readonly configuration: Configuration;
  readonly backend: BackendName;
  readonly webgpu: Partial<PlanOptions>;
  readonly printEvery: number;
  readonly kernelTimes: boolean;
}

/** What a run of all presets needs. */
export type HeadlessRunAllOptions = Pick<RunAllOptions, 'backend' | 'webgpu' | 'settings'>;

/** What came of it: the document as JSON text, or an error in parts, since classes do not cross. */
export type HeadlessOutcome =
  | { readonly kind: 'done'; readonly document: string }
  | { readonly kind: 'invalid-input'; readonly field: string; value: string; allowed: string }
  | { readonly kind: 'unavailable'; readonly reason: UnavailableCause; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

declare global {
  /** Put here for Node to call. */
  var trainHeadless: (options: HeadlessOptions) => Promise<HeadlessOutcome>;
  /** Put here for Node to call. */
  var runAllHeadless: (options: HeadlessRunAllOptions) => Promise<HeadlessOutcome>;
  /** Put here by Node: takes a printed line. */
  var reportLine: (line: string) => Promise<void>;
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

/** Runs `task`, which may report lines, to its document or its error. */
async function outcomeOf(
  task: (onLine: (line: string) => void) => Promise<unknown>,
): Promise<HeadlessOutcome> {
  const reports: Promise<void>[] = [];
  const onLine = (line: string) => {
    reports.push(globalThis.reportLine(line));
  };
  try {
    const document = await task(onLine);
    // Every line has arrived before the document does.
    await Promise.all(reports);
    return { kind: 'done', document: JSON.stringify(document) };
  } catch (error) {
    if (error instanceof InvalidInputError) {
      const { field, value, allowed } = error;
      return { kind: 'invalid-input', field, value: JSON.stringify(value) ?? '', allowed };
    }
    if (error instanceof BackendUnavailableError) {
      return { kind: 'unavailable', reason: error.reason, message: error.message };
    }
    return { kind: 'failed', message: messageOf(error) };
  }
}
