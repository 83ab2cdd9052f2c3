/**
 * Dropout's factors: Philox4x32-10, the same words as src/training/dropout.ts, for four samples at once.
 * A call of Philox gives the words of four units, so a step fills four units of half a panel.
 */
import { PANEL_BYTES } from './layout';

const MULTIPLIER_0: i32 = <i32>0xd2511f53;
const MULTIPLIER_1: i32 = <i32>0xcd9e8d57;
const KEY_STEP_0: u32 = 0x9e3779b9;
const KEY_STEP_1: u32 = 0xbb67ae85;

/** High words of the four 64-bit products. */
function multiplyHigh(a: v128, b: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(a, b);
  const high = i64x2.extmul_high_i32x4_u(a, b);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}

function factorOf(word: v128, threshold: u32, scale: f32): v128 {
  return v128.andnot(f32x4.splat(scale), i32x4.lt_u(word, i32x4.splat(<i32>threshold)));
}

/**
 * Factors of one layer: 0 where a unit is dropped, else `scale`.
 *
 * @param mask - panels of (units × 8), `stride` bytes apart; units up to a multiple of four are written
 * @param firstRow - the first sample's place in its batch
 */
export function maskPanels(
  mask: usize,
  stride: usize,
  panels: usize,
  units: usize,
  firstRow: u32,
  step: u32,
  layer: u32,
  seed: u32,
  threshold: u32,
  scale: f32,
): void {
  const m0 = i32x4.splat(MULTIPLIER_0);
  const m1 = i32x4.splat(MULTIPLIER_1);
  for (let half: usize = 0; half < 2 * panels; half++) {
    const row = i32x4.add(i32x4.splat(<i32>(firstRow + 4 * <u32>half)), i32x4(0, 1, 2, 3));
    for (let unit: usize = 0; unit < units; unit += 4) {
      let x = i32x4.splat(<i32>(unit >> 2));
      let y = row;
      let z = i32x4.splat(<i32>step);
      let w = i32x4.splat(<i32>layer);
      let k0 = seed;
      let k1: u32 = 0;
      for (let round = 0; round < 10; round++) {
        const high0 = multiplyHigh(x, m0);
        const high1 = multiplyHigh(z, m1);
        const nextX = v128.xor(v128.xor(high1, y), i32x4.splat(<i32>k0));
        const nextZ = v128.xor(v128.xor(high0, w), i32x4.splat(<i32>k1));
        y = i32x4.mul(z, m1);
        w = i32x4.mul(x, m0);
        x = nextX;
        z = nextZ;
        k0 += KEY_STEP_0;
        k1 += KEY_STEP_1;
      }
      const to = mask + (half >> 1) * stride + (half & 1) * 16 + unit * PANEL_BYTES;
      v128.store(to, factorOf(x, threshold, scale));
      v128.store(to, factorOf(y, threshold, scale), 32);
      v128.store(to, factorOf(z, threshold, scale), 64);
      v128.store(to, factorOf(w, threshold, scale), 96);
    }
  }
}
