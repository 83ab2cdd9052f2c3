/** A run storage that fills up, and whose last write a crash tears. */
import { MemoryRunStorage } from '../support/memory-run-storage';

type Bytes = Uint8Array<ArrayBuffer>;

export class FaultyStorage extends MemoryRunStorage {
  isFull = false;
  /** Writes that succeeded. */
  writes = 0;
  #last: readonly string[] = [];

  override async put(entries: ReadonlyMap<string, Bytes>) {
    if (this.isFull) throw new DOMException('no room', 'QuotaExceededError');
    await super.put(entries);
    this.#last = [...entries.keys()];
    this.writes++;
  }

  /**
   * What lies there when the browser is gone: whoever wrote to this storage writes on unseen.
   *
   * @param tear - what became of each record of the last write; by default it is whole
   */
  afterCrash(tear: (bytes: Bytes) => Bytes = (bytes) => bytes): FaultyStorage {
    const left = new FaultyStorage();
    for (const [key, bytes] of this.entries) {
      left.entries.set(key, this.#last.includes(key) ? tear(bytes) : bytes);
    }
    return left;
  }
}
