/** A run storage in memory, whose bytes tests can cut and spoil. */
import type { RunStorage } from '../../src/training/keeping/run-archive';

export class MemoryRunStorage implements RunStorage {
  readonly entries = new Map<string, Uint8Array<ArrayBuffer>>();

  async get(key: string) {
    return this.entries.get(key);
  }

  async keys(prefix: string) {
    return [...this.entries.keys()].filter((key) => key.startsWith(prefix));
  }

  async put(entries: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {
    for (const [key, bytes] of entries) this.entries.set(key, bytes);
  }

  async delete(keys: readonly string[]) {
    for (const key of keys) this.entries.delete(key);
  }
}
