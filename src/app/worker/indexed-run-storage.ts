/** Kept runs in the browser's IndexedDB. */
import { type IDBPDatabase, openDB } from 'idb';
import type { RunStorage } from '../../training/keeping/run-archive';

/** A database of its own: another version of it never waits for a tab that measures plans. */
const DATABASE = 'shaderprop-runs';
const STORE = 'records';

export class IndexedRunStorage implements RunStorage {
  #opening: Promise<IDBPDatabase> | undefined;

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const value: unknown = await (await this.#database()).get(STORE, key);
    // Whatever else lies there was not put there by this page.
    return value instanceof Uint8Array ? new Uint8Array(value) : undefined;
  }

  async keys(prefix: string): Promise<readonly string[]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    return (await (await this.#database()).getAllKeys(STORE, range)).map(String);
  }

  /** All of them or none; on the disk when the promise resolves. */
  async put(entries: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Promise<void> {
    const database = await this.#database();
    const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
    await Promise.all([
      ...Array.from(entries, ([key, bytes]) => transaction.store.put(bytes, key)),
      transaction.done,
    ]);
  }

  async delete(keys: readonly string[]): Promise<void> {
    const transaction = (await this.#database()).transaction(STORE, 'readwrite');
    await Promise.all([...keys.map((key) => transaction.store.delete(key)), transaction.done]);
  }

  /** The database, opened anew after the browser closed it or another tab wants to upgrade it. */
  #database(): Promise<IDBPDatabase> {
    if (this.#opening !== undefined) return this.#opening;
    const forget = () => {
      this.#opening = undefined;
    };
    const opening = openDB(DATABASE, 1, {
      upgrade: (database) => {
        database.createObjectStore(STORE);
      },
      blocking: (_current, _wanted, event) => {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated: forget,
    });
    this.#opening = opening;
    opening.catch(forget);
    return opening;
  }
}
