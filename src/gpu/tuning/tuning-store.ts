/** What tuning found, kept by adapter, problem and kernels: where, is its owner's affair. */

/** A candidate and what it took; without a time where it could not win, and then why. */
export interface CandidateTiming {
  readonly variant: string;
  readonly msPerStep: number | null;
  readonly note: string;
  /** Milliseconds for compiling, checking and timing it, where it was tried. */
  readonly tookMs?: number;
}

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
  get(key: string): Promise<TuningRecord | undefined>;
  set(key: string, record: TuningRecord): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
}

/** Whether something read from a store has a record's form; stores are files and databases of users. */
export function isTuningRecord(value: unknown): value is TuningRecord {
  if (typeof value !== 'object' || value === null) return false;
  const isTime = (time: unknown) => time === undefined || typeof time === 'number';
  const { winner, timings, tookMs } = value as Partial<Record<keyof TuningRecord, unknown>>;
  return (
    typeof winner === 'string' &&
    isTime(tookMs) &&
    Array.isArray(timings) &&
    timings.every(
      (timing: Partial<CandidateTiming> | null) =>
        typeof timing?.variant === 'string' &&
        typeof timing.note === 'string' &&
        isTime(timing.tookMs) &&
        (timing.msPerStep === null || typeof timing.msPerStep === 'number'),
    )
  );
}
