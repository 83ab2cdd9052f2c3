/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): random words as a
 * function of a counter and a key, and not as a stream, so that whoever computes draws the same ones in any
 * order. Dropout and augmentation are drawn from it.
 */

export const PHILOX_ROUNDS = 10;
export const PHILOX_MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
/** Weyl increments of the key, from the golden ratio and √3 - 1. */
export const PHILOX_KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;

/** High word of the 64-bit product of two 32-bit words. */
export function multiplyHigh(a: number, b: number): number {
  const low = (a & 0xffff) * (b & 0xffff);
  const middle = (a >>> 16) * (b & 0xffff) + (low >>> 16);
  const other = (a & 0xffff) * (b >>> 16) + (middle & 0xffff);
  return ((a >>> 16) * (b >>> 16) + Math.floor(middle / 65_536) + Math.floor(other / 65_536)) >>> 0;
}

/** Four pseudo-random words for a counter of four words and a key of two. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [x, y, z, w] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < PHILOX_ROUNDS; round++) {
    const [m0, m1] = PHILOX_MULTIPLIERS;
    const high0 = multiplyHigh(m0, x);
    const high1 = multiplyHigh(m1, z);
    const nextX = (high1 ^ y ^ k0) >>> 0;
    const nextZ = (high0 ^ w ^ k1) >>> 0;
    y = Math.imul(m1, z) >>> 0;
    w = Math.imul(m0, x) >>> 0;
    x = nextX;
    z = nextZ;
    k0 = (k0 + PHILOX_KEY_STEPS[0]) >>> 0;
    k1 = (k1 + PHILOX_KEY_STEPS[1]) >>> 0;
  }
  return [x, y, z, w];
}
