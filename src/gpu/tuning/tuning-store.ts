/** What tuning found, kept by adapter, problem and kernels: where, is its owner's affair. */
import * as v from 'valibot';
import type { CandidateTiming } from '../../training/plan-description';

export interface TuningRecord {
  /** Name of the winner among the candidates. */
  readonly winner: string;
  readonly timings: readonly CandidateTiming[];
  /** Milliseconds for all of it. */
  readonly tookMs?: number;
}

/** A time as it is kept: tenths of a millisecond are below what a clock in a browser tells. */
export function roundedMs(ms: number): number {
  return Math.round(10 * ms) / 10;
}

/** Keeps records: IndexedDB in the page, a file for the command line, memory in tests. */
export interface TuningStore {
  /** What was kept, unchecked: stores are files and databases of users. */
  get(key: string): Promise<unknown>;
  set(key: string, record: TuningRecord): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
}

const TIMING = v.object({
  candidate: v.string(),
  msPerStep: v.nullable(v.number()),
  note: v.string(),
  tookMs: v.exactOptional(v.number()),
});

/** Records had `variant` for `candidate` once. */
const OLD_TIMING = v.pipe(
  v.object({ ...v.omit(TIMING, ['candidate']).entries, variant: v.string() }),
  v.transform(({ variant, ...timing }) => ({ candidate: variant, ...timing })),
);

const RECORD = v.object({
  winner: v.string(),
  timings: v.array(v.union([TIMING, OLD_TIMING])),
  tookMs: v.exactOptional(v.number()),
});

/** The record that a store gave; undefined where it gave something else. */
export function tuningRecordOf(value: unknown): TuningRecord | undefined {
  const { success, output } = v.safeParse(RECORD, value);
  return success ? output : undefined;
}
