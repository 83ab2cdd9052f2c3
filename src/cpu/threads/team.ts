/** Threads that share one memory and one kernel's work, slice by slice: who is done takes the next one. */
import { BackendUnavailableError } from '../../training/errors';
import type { Cores, Thread } from './cores';
import {
  BLOCK_BYTES,
  END,
  LEFT,
  SLOT,
  slotsOf,
  WORDS,
  waitForAnother,
  work,
} from './kernel-thread.mjs';

/** Arguments of a kernel for a part of its work. */
export type Slice = readonly number[];

/** Slices for each thread: cores that are slower, or have other work, take fewer of them. */
const SLICES_PER_THREAD = 4;

/** The most slices that `threads` share. */
export function slicesFor(threads: number): number {
  return threads > 1 ? SLICES_PER_THREAD * threads : 1;
}

/** Work that is not done after so long has died with its thread: no slice takes a tenth of that. */
const SILENCE_MS = 60_000;

export class Team {
  /** How many slices a kernel's work may be shared out into. */
  readonly slices: number;
  readonly #words: Int32Array;
  readonly #slots: readonly Float64Array[];
  #turn = 0;
  #isOver = false;

  /**
   * @param block - the first byte of the words that the team shares, `slots` that of its slices
   * @param threads - beside this one; they have joined
   */
  constructor(
    memory: WebAssembly.Memory,
    block: number,
    slots: number,
    private readonly threads: readonly Thread[],
    private readonly cores: Cores,
  ) {
    this.slices = slicesFor(this.size);
    this.#words = new Int32Array(memory.buffer, block, BLOCK_BYTES / 4);
    this.#slots = slotsOf(memory, slots, this.slices);
  }

  get size(): number {
    return this.threads.length + 1;
  }

  /**
   * Calls a kernel on all slices, on this thread and the others, and waits for all.
   *
   * @param kernel - its place in the order that the threads know
   * @returns whether no slice gave 0
   * @throws BackendUnavailableError where a thread has died
   */
  run(kernel: number, call: (...slice: number[]) => unknown, slices: readonly Slice[]): boolean {
    const words = this.#words;
    for (const [i, slice] of slices.entries()) {
      this.#slots[i][SLOT.LENGTH] = slice.length;
      this.#slots[i].set(slice, SLOT.ARGUMENTS);
    }
    words[WORDS.KERNEL] = kernel;
    words[WORDS.COUNT] = slices.length;
    Atomics.store(words, WORDS.DONE, 0);
    this.#offer(slices.length);
    work(words, this.#slots, () => call);
    let done = Atomics.load(words, WORDS.DONE);
    while (done < slices.length) {
      const before = done;
      done = waitForAnother(words, WORDS.DONE, done, SILENCE_MS);
      if (done === before) this.#die();
    }
    if (Atomics.load(words, WORDS.FAILED) !== 0) this.#die();
    return this.#slots.every((slot, i) => i >= slices.length || slot[SLOT.RESULT] !== 0);
  }

  /** Lets the threads go. Later calls do nothing. */
  dispose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#words[WORDS.KERNEL] = END;
    this.#offer(this.threads.length);
    this.cores.giveBack(this.threads);
  }

  #offer(slices: number): void {
    this.#turn = (this.#turn + 1) & LEFT;
    Atomics.store(this.#words, WORDS.WORK, (this.#turn << 16) | slices);
    Atomics.notify(this.#words, WORDS.WORK);
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
