/** What tuning found, kept by adapter, driver and problem: where, is its owner's affair. */

/** A candidate and what it took; without a time where it could not win, and then why. */
export interface CandidateTiming {
  readonly variant: string;
  readonly msPerStep: number | null;
  readonly note: string;
}

export interface TuningRecord {
  /** Name of the winner among the candidates. */
  readonly winner: string;
  readonly timings: readonly CandidateTiming[];
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
  const { winner, timings } = value as Partial<Record<keyof TuningRecord, unknown>>;
  return (
    typeof winner === 'string' &&
    Array.isArray(timings) &&
    timings.every(
      (timing: Partial<CandidateTiming> | null) =>
        typeof timing?.variant === 'string' &&
        typeof timing.note === 'string' &&
        (timing.msPerStep === null || typeof timing.msPerStep === 'number'),
    )
  );
}

/** A store that lasts as long as its owner. */
export class MemoryTuningStore implements TuningStore {
  readonly #records = new Map<string, TuningRecord>();

  async get(key: string): Promise<TuningRecord | undefined> {
    return this.#records.get(key);
  }

  async set(key: string, record: TuningRecord): Promise<void> {
    this.#records.set(key, record);
  }

  async clear(): Promise<void> {
    this.#records.clear();
  }
}
