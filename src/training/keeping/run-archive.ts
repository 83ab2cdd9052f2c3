/**
 * Where kept runs lie: two generations of each, and the full blocks of its history. A write that was
 * cut short costs the newer generation at most.
 */

import {
  BLOCK_EPOCHS,
  type KeptRun,
  type KeptSummary,
  type ReadRun,
  sealBlocks,
  sealRun,
  sealSummary,
  unsealRun,
  unsealSummary,
} from './kept-run';
import { DamagedRecordError } from './sealed-record';

type Bytes = Uint8Array<ArrayBuffer>;

/** A store of bytes by keys: IndexedDB in the page, memory in tests. */
export interface RunStorage {
  get(key: string): Promise<Bytes | undefined>;
  /** All keys that begin with `prefix`. */
  keys(prefix: string): Promise<readonly string[]>;
  put(entries: ReadonlyMap<string, Bytes>): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

/** A run as it was read, and in which of its generations it lay. */
export interface ArchivedRun extends ReadRun {
  readonly generation: number;
}

export interface FoundRun extends KeptSummary {
  readonly id: string;
}

const GENERATIONS = 2;

/** Keeps one run, as it grows. */
export class RunKeeper {
  readonly #storage: RunStorage;
  readonly #id: string;
  #generation = 0;
  /** Full blocks that are written, and still what the history says. */
  #blocks = 0;

  /**
   * @param id - names the run in the storage, and no other one
   * @param from - what lies there already and goes on: it stays as it is until the next copy is written
   */
  constructor(storage: RunStorage, id: string, from?: Pick<ArchivedRun, 'generation' | 'saved'>) {
    this.#storage = storage;
    this.#id = id;
    if (from === undefined) return;
    this.#generation = (from.generation + 1) % GENERATIONS;
    this.#blocks = Math.floor(from.saved.state.epoch / BLOCK_EPOCHS);
  }

  /** The history was taken back to its first `epochs` epochs, and may go on otherwise. */
  truncated(epochs: number): void {
    this.#blocks = Math.min(this.#blocks, Math.floor(epochs / BLOCK_EPOCHS));
  }

  /** Keeps the run as it is now, in place of the older of its two generations. */
  async keep(run: KeptRun): Promise<void> {
    const [record, summary, blocks] = await Promise.all([
      sealRun(run),
      sealSummary(run),
      sealBlocks(run, this.#blocks),
    ]);
    const entries = new Map([
      ...[...blocks].map(([block, bytes]) => [blockKey(this.#id, block), bytes] as const),
      [generationKey(this.#id, this.#generation), record],
      [summaryKey(this.#id), summary],
    ]);
    await this.#storage.put(entries);
    this.#generation = (this.#generation + 1) % GENERATIONS;
    this.#blocks += blocks.size;
  }

  forget(): Promise<void> {
    return forgetRun(this.#storage, this.#id);
  }
}

/** The runs that are kept, the newest first; what cannot be read is left out. */
export async function findRuns(storage: RunStorage): Promise<readonly FoundRun[]> {
  const ids = new Set((await storage.keys('')).map((key) => key.slice(0, key.indexOf('/'))));
  const found = await Promise.all(
    [...ids].map(async (id) => {
      const summary = await summaryOf(storage, id).catch(() => undefined);
      return summary === undefined ? undefined : { id, ...summary };
    }),
  );
  return found.filter((run) => run !== undefined).sort((a, b) => b.keptAt - a.keptAt);
}

/**
 * The summary of a run, from the run itself where the write of the summary was torn.
 *
 * @throws DamagedRecordError where neither can be read
 */
async function summaryOf(storage: RunStorage, id: string): Promise<KeptSummary> {
  const bytes = await storage.get(summaryKey(id));
  const summary = bytes && (await unsealSummary(bytes).catch(() => undefined));
  if (summary !== undefined) return summary;
  const { configuration, backend, saved, keptAt } = await readRun(storage, id);
  return { configuration, backend, epoch: saved.state.epoch, keptAt };
}

/**
 * The newest generation of a run that is whole.
 *
 * @throws DamagedRecordError where none is
 */
export async function readRun(storage: RunStorage, id: string): Promise<ArchivedRun> {
  const blockOf = (block: number) => storage.get(blockKey(id, block));
  const generations = await Promise.allSettled(
    Array.from({ length: GENERATIONS }, async (_, generation) => {
      const bytes = await storage.get(generationKey(id, generation));
      if (bytes === undefined) throw new DamagedRecordError('This generation was never written.');
      return { ...(await unsealRun(bytes, blockOf)), generation };
    }),
  );
  const whole = generations.flatMap((read) => (read.status === 'fulfilled' ? [read.value] : []));
  // A run only gets further, whatever the clock of the machine says.
  const [newest] = whole.sort(
    ({ saved: { state: a } }, { saved: { state: b } }) => b.epoch - a.epoch || b.batch - a.batch,
  );
  if (newest === undefined) throw new DamagedRecordError('The kept run cannot be read any more.');
  return newest;
}

export async function forgetRun(storage: RunStorage, id: string): Promise<void> {
  await storage.delete(await storage.keys(`${id}/`));
}

function generationKey(id: string, generation: number): string {
  return `${id}/generation-${generation}`;
}

function blockKey(id: string, block: number): string {
  return `${id}/history-${block}`;
}

function summaryKey(id: string): string {
  return `${id}/summary`;
}
