/** One memory, the plan of its regions, and the kernels that work on it. */
import type { Kernels } from './kernels';

/** WebAssembly addresses 32 bits. */
export const MOST_BYTES = 2 ** 32;
export const PAGE_BYTES = 65_536;

export interface Region {
  readonly name: string;
  /** First byte. */
  readonly offset: number;
  readonly bytes: number;
}

export interface MemoryPlan {
  readonly regions: readonly Region[];
  /** Samples that the activations have room for, a multiple of eight. */
  readonly rows: number;
  /** Parameters before the first that is trained: they have no gradients. */
  readonly frozen: number;
  readonly pages: number;
  /** Whether the samples lie in the memory before it is a workspace. */
  readonly hasSamples?: boolean;
}

export class Workspace {
  readonly floats: Float32Array;
  readonly bytes: Uint8Array;
  readonly integers: Int32Array;
  readonly #doubles: Float64Array;
  readonly #offsets: ReadonlyMap<string, number>;

  /** @param memory - at least the plan's pages, all zeros; it must not grow */
  constructor(
    readonly plan: MemoryPlan,
    readonly kernels: Kernels,
    memory: WebAssembly.Memory,
  ) {
    this.floats = new Float32Array(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
    this.integers = new Int32Array(memory.buffer);
    this.#doubles = new Float64Array(memory.buffer);
    this.#offsets = new Map(plan.regions.map(({ name, offset }) => [name, offset]));
  }

  /** The first byte of a region. */
  address(name: string): number {
    const offset = this.#offsets.get(name);
    if (offset === undefined) throw new RangeError(`the memory has no region ${name}`);
    return offset;
  }

  /** The first byte of a region, or 0 where the plan has none. */
  addressOrZero(name: string): number {
    return this.#offsets.get(name) ?? 0;
  }

  /** The byte of the gradient that belongs to the parameter at `offset` of the flat array. */
  gradientAt(offset: number): number {
    return this.address('gradients') + 4 * (offset - this.plan.frozen);
  }

  /** The first `length` float32 of a region. */
  view(name: string, length: number): Float32Array {
    const from = this.address(name) / 4;
    return this.floats.subarray(from, from + length);
  }

  /** What a loss kernel left: Σ loss and the number of correct samples. */
  lossSums(): { readonly loss: number; readonly correct: number } {
    const at = this.address('sums') / 8;
    return { loss: this.#doubles[at], correct: this.#doubles[at + 1] };
  }
}
