/** The runs that others begin with, in the browser's IndexedDB: for the runs of this visit and of later ones. */
import { openDB } from 'idb';
import type { StartRun } from '../../training/files/start-run';

/** A database of its own: another version of it never waits for a tab that trains. */
const DATABASE = 'shaderprop-starts';
const RUNS = 'runs';
/** The last so many are kept. */
const MOST_KEPT = 5;

interface Kept {
  readonly run: StartRun;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Keeps a run, in the place of the one that has been kept for longest where there are too many.
 *
 * @param sha256 - of its file
 */
export async function keepStart(sha256: string, run: StartRun): Promise<void> {
  const database = await open();
  try {
    const transaction = database.transaction(RUNS, 'readwrite');
    const runs = transaction.objectStore(RUNS);
    const names = (await runs.getAllKeys()) as string[];
    const ages = (await runs.getAll()) as Kept[];
    const tooOld = names
      .map((name, i) => ({ name, at: ages[i].at }))
      .filter(({ name }) => name !== sha256)
      .sort((a, b) => b.at - a.at)
      .slice(MOST_KEPT - 1);
    const kept: Kept = { run, at: Date.now() };
    await Promise.all([
      ...tooOld.map(({ name }) => runs.delete(name)),
      runs.put(kept, sha256),
      transaction.done,
    ]);
  } finally {
    database.close();
  }
}

/** A run that is kept, if it is. */
export async function keptStart(sha256: string): Promise<StartRun | undefined> {
  const database = await open();
  try {
    return ((await database.get(RUNS, sha256)) as Kept | undefined)?.run;
  } finally {
    database.close();
  }
}

function open() {
  return openDB(DATABASE, 1, {
    upgrade: (database) => {
      database.createObjectStore(RUNS);
    },
  });
}
