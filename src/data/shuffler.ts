/**
 * The order of the samples in each epoch of mini-batches: one permutation(m) at the start of every
 * epoch, from a generator of its own, as the notebook's Challenge 6 shuffles.
 */
import { RandomState } from '../numpy/random-state';

/** Epochs between two kept positions of the generator. */
const STRIDE = 256;

/** Permutations by epoch. The epoch is the generator's position: going back re-draws from a kept one. */
export class Shuffler {
  readonly #count: number;
  readonly #kept: RandomState[] = [];
  #random: RandomState;
  #next = 0;
  /** The epoch drawn last, which is asked for again and again while it is under way. */
  #last: { readonly epoch: number; readonly order: Uint32Array } | undefined;

  constructor(count: number, seed: number) {
    this.#count = count;
    this.#random = new RandomState(seed);
  }

  /** The order of epoch `epoch`, from 0: indices of the `count` samples, which nobody may change. */
  permutationOf(epoch: number): Uint32Array {
    if (this.#last?.epoch === epoch) return this.#last.order;
    if (epoch < this.#next) {
      const from = Math.floor(epoch / STRIDE);
      this.#random = this.#kept[from].clone();
      this.#next = from * STRIDE;
    }
    while (this.#next < epoch) this.#draw();
    const order = this.#draw();
    this.#last = { epoch, order };
    return order;
  }

  #draw(): Uint32Array {
    if (this.#next % STRIDE === 0) this.#kept[this.#next / STRIDE] = this.#random.clone();
    this.#next++;
    return this.#random.permutation(this.#count);
  }
}
