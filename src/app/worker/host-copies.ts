/** The copies of a run's state outside its backend: when the next one is due, and the last one. */
import type { Backend } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import type { History } from '../../training/history';
import type { SavedRun } from '../../training/trainer';

/** The state is copied this often at most while it trains, and so seldom that it costs less than 2 %. */
const KEEP_MILLISECONDS = 5000;
/** The first copy comes sooner: nothing stands behind it. */
const FIRST_KEEP_MILLISECONDS = 1000;
const KEEP_SHARE = 0.015;
/** Handing a copy out is mostly packing it, about a third of what a copy costs this thread: `node tests/bench/keeping.mjs`. */
const COPY_BY_PACKING = 3;

/** A run as it is kept outside its backend. */
export interface HostCopy {
  readonly configuration: Configuration;
  readonly saved: Omit<SavedRun, 'history'>;
  readonly history: History;
  readonly trainMilliseconds: number;
  /** Who computed it. */
  readonly backend: Backend;
}

export class HostCopies {
  readonly #keep: (copy: HostCopy) => void;
  readonly #milliseconds: number | undefined;
  #last: HostCopy | undefined;
  #copiedAt = performance.now();
  #interval: number;

  /**
   * @param keep - takes a copy that outlives the worker
   * @param milliseconds - the time between two copies; by default 5 s, and more where a copy takes long
   */
  constructor(keep: (copy: HostCopy) => void, milliseconds?: number) {
    this.#keep = keep;
    this.#milliseconds = milliseconds;
    this.#interval = milliseconds ?? FIRST_KEEP_MILLISECONDS;
  }

  /** None before the first. */
  get last(): HostCopy | undefined {
    return this.#last;
  }

  /** Training begins: the first copy is due a while after that. */
  begin(): void {
    if (this.#last === undefined) this.#copiedAt = performance.now();
  }

  isDue(): boolean {
    const now = performance.now();
    if (now - this.#copiedAt < this.#interval) return false;
    // Or the next chunk, which is sent before this copy has come, would be due as well.
    this.#copiedAt = now;
    return true;
  }

  take(copy: HostCopy): void {
    this.#last = copy;
    const began = performance.now();
    this.#keep(copy);
    this.#copiedAt = performance.now();
    const cost = COPY_BY_PACKING * (this.#copiedAt - began);
    this.#interval = this.#milliseconds ?? Math.max(KEEP_MILLISECONDS, cost / KEEP_SHARE);
  }
}
