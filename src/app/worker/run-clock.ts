/** How long a run has trained: pauses do not count, nor does the time in which the machine slept or the tab was frozen. */

/**
 * A thread that trains looks at its clock after every chunk. A gap that is longer than this, and far
 * longer than any chunk was, is no training.
 */
const LONG_GAP_MS = 2000;
const FAR_LONGER = 5;

export class RunClock {
  readonly #now: () => number;
  #milliseconds: number;
  /** When a chunk ended last, or training began; none while the clock stands. */
  #last: number | undefined;
  /** What the longest chunk took; none before the first. */
  #longest: number | undefined;

  /**
   * @param before - milliseconds that the run had trained already
   * @param now - milliseconds that never go back
   */
  constructor(before = 0, now: () => number = () => performance.now()) {
    this.#milliseconds = before;
    this.#now = now;
  }

  /** Milliseconds so far. */
  get milliseconds(): number {
    return this.#milliseconds + this.#sinceLast();
  }

  start(): void {
    this.stop();
    this.#last = this.#now();
  }

  stop(): void {
    this.#milliseconds = this.milliseconds;
    this.#last = undefined;
  }

  /** A chunk has ended. */
  tick(): void {
    const gap = this.#sinceLast();
    this.#longest = Math.max(this.#longest ?? 0, gap);
    this.start();
  }

  /** Milliseconds of training since the last look; 0 where they were none. */
  #sinceLast(): number {
    if (this.#last === undefined) return 0;
    const gap = this.#now() - this.#last;
    const longest = this.#longest ?? Number.POSITIVE_INFINITY;
    return gap > Math.max(LONG_GAP_MS, FAR_LONGER * longest) ? 0 : gap;
  }
}
