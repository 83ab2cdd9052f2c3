/**
 * Keeps runs beyond the life of the worker. Each run that trains here holds a lock of its name, so that
 * another tab, or the next visit, sees which kept runs nobody trains any more.
 */
import { messageOf } from '../../training/errors';
import {
  type ArchivedRun,
  type FoundRun,
  findRuns,
  forgetRun,
  RunKeeper,
  type RunStorage,
  readRun,
} from '../../training/keeping/run-archive';
import { DamagedRecordError } from '../../training/keeping/sealed-record';
import type { HostCopy } from './host-copies';

/** Kept runs that nobody trains; older ones are forgotten. */
const MOST_ORPHANS = 3;

/** Why nothing is kept, in words for the user. */
type OnProblem = (message: string) => void;

/** One run in the safe. */
export class KeptHere {
  readonly #keeper: RunKeeper;
  readonly #onProblem: OnProblem;
  /** The copy that waits while another is written; a newer one takes its place. */
  #waiting: HostCopy | undefined;
  #isWriting = false;
  /** Resolves when nothing is being written. */
  #written: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;
  #isOver = false;

  constructor(
    storage: RunStorage,
    readonly id: string,
    onProblem: OnProblem,
    from?: ArchivedRun,
  ) {
    this.#keeper = new RunKeeper(storage, id, from);
    this.#onProblem = onProblem;
    const held = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    navigator.locks?.request(lockOf(id), () => held).catch(() => undefined);
  }

  /** Takes a copy; it is written soon, and training does not wait for it. */
  keep(copy: HostCopy): void {
    if (this.#isOver) return;
    this.#waiting = copy;
    if (!this.#isWriting) this.#written = this.#write();
  }

  /** The run went on from an earlier epoch, and may go another way from there. */
  truncated(epochs: number): void {
    this.#keeper.truncated(epochs);
  }

  /** It stays as it is, for whoever takes it up. */
  leave(): void {
    this.#isOver = true;
    this.#release();
  }

  /** Nobody wants it any more. */
  async forget(): Promise<void> {
    this.#isOver = true;
    await this.#written;
    await this.#keeper.forget().catch(() => undefined);
    this.#release();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting !== undefined && !this.#isOver) {
      const { configuration, saved, history, trainMilliseconds, backend } = this.#waiting;
      this.#waiting = undefined;
      const { name, plan } = backend.info;
      try {
        await this.#keeper.keep({
          ...{ configuration, backend: name, saved, history },
          ...(plan !== undefined && { plan: plan.candidate }),
          ...{ trainMilliseconds, keptAt: Date.now() },
        });
      } catch (error) {
        // Full, forbidden or private: it trains all the same.
        this.#isOver = true;
        this.#onProblem(messageOf(error));
      }
    }
    this.#isWriting = false;
  }
}

/** All runs of this browser that are kept. */
export class RunSafe {
  readonly #storage: RunStorage;
  readonly #onProblem: OnProblem;

  /** @param onProblem - called once for each run that cannot be kept */
  constructor(storage: RunStorage, onProblem: OnProblem) {
    this.#storage = storage;
    this.#onProblem = onProblem;
  }

  /** Room for a new run. */
  open(): KeptHere {
    return new KeptHere(this.#storage, crypto.randomUUID(), this.#onProblem);
  }

  /** Room for a kept run, as it was read. */
  reopen(id: string, kept: ArchivedRun): KeptHere {
    return new KeptHere(this.#storage, id, this.#onProblem, kept);
  }

  /** The kept runs that nobody trains, the newest first; of the others but a few the records go. */
  async orphans(): Promise<readonly FoundRun[]> {
    const { held = [] } = await navigator.locks.query();
    const locked = new Set(held.map(({ name }) => name));
    const found = (await findRuns(this.#storage)).filter(
      ({ id, epoch }) => epoch > 0 && !locked.has(lockOf(id)),
    );
    for (const { id } of found.slice(MOST_ORPHANS)) await this.forget(id);
    return found.slice(0, MOST_ORPHANS);
  }

  /** @throws DamagedRecordError where no generation of it is whole; it is forgotten then */
  async read(id: string): Promise<ArchivedRun> {
    try {
      return await readRun(this.#storage, id);
    } catch (error) {
      if (error instanceof DamagedRecordError) await this.forget(id);
      throw error;
    }
  }

  forget(id: string): Promise<void> {
    return forgetRun(this.#storage, id);
  }
}

function lockOf(id: string): string {
  return `shaderprop-run-${id}`;
}
