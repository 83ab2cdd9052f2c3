/**
 * Memory that samples are read into, and that the kernels then read where it lies: all of MNIST is 55 MB,
 * which a process that trains on the backend cpu need not hold twice.
 */
import type { Problem } from '../training/backend';
import { MOST_BYTES, PAGE_BYTES } from './workspace';

/** The samples do not begin at 0, which stands for a pointer that is not there. */
const START = 64;

/** Memories with samples in them, by their buffers, until a workspace takes one over. */
const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/** Room for the samples of one problem. Where there is no shared memory, it is any other. */
export function sampleMemory(bytes: number): Uint8Array {
  try {
    const memory = new WebAssembly.Memory({
      initial: Math.ceil((START + bytes) / PAGE_BYTES),
      maximum: MOST_BYTES / PAGE_BYTES,
      shared: true,
    });
    memories.set(memory.buffer, memory);
    return new Uint8Array(memory.buffer, START, bytes);
  } catch {
    return new Uint8Array(bytes);
  }
}

/** Where samples lie that a workspace is put behind. */
export interface Lying {
  readonly memory: WebAssembly.Memory;
  /** Addresses in bytes. */
  readonly train: number;
  readonly test: number;
  /** The first byte behind them. */
  readonly end: number;
}

/** Where the samples of a problem lie, if that is in such a memory; the next workspace copies them. */
export function takeMemoryOf({ train, test }: Problem): Lying | undefined {
  const { buffer } = train.values;
  const memory = memories.get(buffer);
  if (memory === undefined || test.values.buffer !== buffer) return undefined;
  memories.delete(buffer);
  return {
    memory,
    train: train.values.byteOffset,
    test: test.values.byteOffset,
    end: buffer.byteLength,
  };
}
