/** Sizes of the layouts called panels and blocks, as src/cpu/assembly/layout.ts has them. */

/** Samples in a panel. */
export const PANEL = 8;
/** Rows in a block. */
export const BLOCK = 4;

/** `count` rounded up to a multiple of `size`. */
export function roundUp(count: number, size: number): number {
  return Math.ceil(count / size) * size;
}
