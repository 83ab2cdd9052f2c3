/** Philox4x32-10, the same words as src/data/philox.ts, for four counters at once. */

const MULTIPLIER_0: i32 = <i32>0xd2511f53;
const MULTIPLIER_1: i32 = <i32>0xcd9e8d57;
const KEY_STEP_0: u32 = 0x9e3779b9;
const KEY_STEP_1: u32 = 0xbb67ae85;

/** What `philox` leaves: a word of each of the four counters in each of these. */
export let word0: v128 = i32x4.splat(0);
export let word1: v128 = i32x4.splat(0);
export let word2: v128 = i32x4.splat(0);
export let word3: v128 = i32x4.splat(0);

/** High words of the four 64-bit products. */
function multiplyHigh(a: v128, b: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(a, b);
  const high = i64x2.extmul_high_i32x4_u(a, b);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}

/** The words of four counters (x, y, z, w) under one key. */
export function philox(x: v128, y: v128, z: v128, w: v128, key0: u32, key1: u32): void {
  const m0 = i32x4.splat(MULTIPLIER_0);
  const m1 = i32x4.splat(MULTIPLIER_1);
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(x, m0);
    const high1 = multiplyHigh(z, m1);
    const nextX = v128.xor(v128.xor(high1, y), i32x4.splat(<i32>key0));
    const nextZ = v128.xor(v128.xor(high0, w), i32x4.splat(<i32>key1));
    y = i32x4.mul(z, m1);
    w = i32x4.mul(x, m0);
    x = nextX;
    z = nextZ;
    key0 += KEY_STEP_0;
    key1 += KEY_STEP_1;
  }
  word0 = x;
  word1 = y;
  word2 = z;
  word3 = w;
}

/** Each word's place among `parts` equal parts of all words, from 0. */
export function partOf(words: v128, parts: u32): v128 {
  return multiplyHigh(words, i32x4.splat(<i32>parts));
}
