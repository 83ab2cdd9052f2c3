/** Files that somebody brought, in the browser's IndexedDB: for the runs of this visit and of later ones. */
import { openDB } from 'idb';
import type { FileDatasetName, FileDescription } from '../../data/file-dataset';
import type { BroughtFile } from '../../data/registry';

/** A database of its own: another version of it never waits for a tab that trains. */
const DATABASE = 'shaderprop-files';
const DESCRIPTIONS = 'descriptions';
const ROWS = 'rows';
/** The last so many are kept. */
const MOST_KEPT = 3;

interface Described {
  readonly description: FileDescription;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Keeps a file, in the place of the one that has been kept for longest where there are too many. */
export async function keepFile({ description, rows }: BroughtFile): Promise<void> {
  const database = await open();
  try {
    const transaction = database.transaction([DESCRIPTIONS, ROWS], 'readwrite');
    const descriptions = transaction.objectStore(DESCRIPTIONS);
    const others = ((await descriptions.getAll()) as Described[])
      .filter((other) => other.description.name !== description.name)
      .sort((a, b) => b.at - a.at);
    const tooOld = others.slice(MOST_KEPT - 1).map((other) => other.description.name);
    const described: Described = { description, at: Date.now() };
    await Promise.all([
      ...tooOld.flatMap((name) => [
        descriptions.delete(name),
        transaction.objectStore(ROWS).delete(name),
      ]),
      descriptions.put(described, description.name),
      transaction.objectStore(ROWS).put(rows, description.name),
      transaction.done,
    ]);
  } finally {
    database.close();
  }
}

/** A file that is kept, if it is. */
export async function keptFile(name: FileDatasetName): Promise<BroughtFile | undefined> {
  const database = await open();
  try {
    const [described, rows] = await Promise.all([
      database.get(DESCRIPTIONS, name) as Promise<Described | undefined>,
      database.get(ROWS, name) as Promise<BroughtFile['rows'] | undefined>,
    ]);
    return described && rows && { description: described.description, rows };
  } finally {
    database.close();
  }
}

function open() {
  return openDB(DATABASE, 1, {
    upgrade: (database) => {
      database.createObjectStore(DESCRIPTIONS);
      database.createObjectStore(ROWS);
    },
  });
}
