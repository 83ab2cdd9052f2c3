/** Threads that share one memory and call one kernel together, each on its slice. */
import { BackendUnavailableError } from '../../training/errors';
import type { Cores, Thread } from './cores';
import { END, SLOT, SLOT_BYTES, WORDS, waitForAnother } from './kernel-thread.mjs';

/** Arguments of a kernel for one thread. */
export type Slice = readonly number[];

/** A slice that takes longer has died with its thread: no kernel works for a tenth of that. */
const SILENCE_MS = 60_000;

export class Team {
  readonly #words: Int32Array;
  readonly #slots: readonly Float64Array[];
  #isOver = false;

  /**
   * @param block - the first byte of the words that the team shares, `slots` that of its slots
   * @param threads - beside this one; they have joined
   */
  constructor(
    memory: WebAssembly.Memory,
    block: number,
    slots: number,
    private readonly threads: readonly Thread[],
    private readonly cores: Cores,
  ) {
    this.#words = new Int32Array(memory.buffer, block, Object.keys(WORDS).length);
    this.#slots = threads.map(
      (_, i) => new Float64Array(memory.buffer, slots + i * SLOT_BYTES, SLOT.LENGTH),
    );
  }

  get size(): number {
    return this.threads.length + 1;
  }

  /**
   * Calls a kernel on all slices at once, the first one on this thread, and waits for all.
   *
   * @param kernel - its place in the order that the threads know
   * @param slices - one a thread at the most
   * @returns whether no slice gave 0
   * @throws BackendUnavailableError where a thread has died
   */
  run(kernel: number, call: (...slice: number[]) => unknown, slices: readonly Slice[]): boolean {
    for (const [i, slot] of this.#slots.entries()) {
      const slice = slices[i + 1];
      slot[SLOT.COUNT] = slice === undefined ? -1 : slice.length;
      if (slice !== undefined) slot.set(slice, SLOT.ARGUMENTS);
    }
    this.#words[WORDS.KERNEL] = kernel;
    Atomics.store(this.#words, WORDS.PENDING, this.threads.length);
    this.#wake();
    let isWhole = call(...slices[0]) !== 0;
    let pending = Atomics.load(this.#words, WORDS.PENDING);
    while (pending > 0) {
      const before = pending;
      pending = waitForAnother(this.#words, WORDS.PENDING, pending, SILENCE_MS);
      if (pending === before) this.#die();
    }
    if (Atomics.load(this.#words, WORDS.FAILED) !== 0) this.#die();
    for (const slot of this.#slots) {
      if (slot[SLOT.COUNT] >= 0 && slot[SLOT.RESULT] === 0) isWhole = false;
    }
    return isWhole;
  }

  /** Lets the threads go. Later calls do nothing. */
  dispose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#words[WORDS.KERNEL] = END;
    this.#wake();
    this.cores.giveBack(this.threads);
  }

  #wake(): void {
    Atomics.add(this.#words, WORDS.TURN, 1);
    Atomics.notify(this.#words, WORDS.TURN);
  }

  #die(): never {
    this.#isOver = true;
    for (const thread of this.threads) thread.terminate();
    throw new BackendUnavailableError(
      'unsupported',
      'A thread of the backend cpu has died. Start again; with one thread it may do better.',
    );
  }
}
