/** What is known of kernels on this device, kept in the browser's IndexedDB from one visit to the next. */
import type { TuningStore } from '../../gpu/tuning/tuning-store';
import type { SoundStore } from './spot-checks';

const DATABASE = 'shaderprop';
const STORE = 'tuning';

export class IndexedTuningStore implements TuningStore, SoundStore {
  get(key: string): Promise<unknown> {
    return this.#in<unknown>('readonly', (store) => store.get(key));
  }

  async set(key: string, record: unknown): Promise<void> {
    await this.#in('readwrite', (store) => store.put(record, key));
  }

  async clear(): Promise<void> {
    await this.#in('readwrite', (store) => store.clear());
  }

  async #in<T>(
    mode: IDBTransactionMode,
    use: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = await resultOf(opening);
    try {
      return await resultOf(use(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
