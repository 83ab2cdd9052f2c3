/** A store of tuning records that lasts as long as its owner. */
import type { TuningRecord, TuningStore } from '../../src/gpu/tuning/tuning-store';

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
