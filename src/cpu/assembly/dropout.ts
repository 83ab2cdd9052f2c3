/**
 * Dropout's factors: the same words of Philox as in src/training/dropout.ts, for four samples at once. A
 * call gives the words of four units, so a step fills four units of half a panel.
 */
import { PANEL_BYTES } from './layout';
import { philox, word0, word1, word2, word3 } from './philox';

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
  const z = i32x4.splat(<i32>step);
  const w = i32x4.splat(<i32>layer);
  for (let half: usize = 0; half < 2 * panels; half++) {
    const row = i32x4.add(i32x4.splat(<i32>(firstRow + 4 * <u32>half)), i32x4(0, 1, 2, 3));
    for (let unit: usize = 0; unit < units; unit += 4) {
      philox(i32x4.splat(<i32>(unit >> 2)), row, z, w, seed, 0);
      const to = mask + (half >> 1) * stride + (half & 1) * 16 + unit * PANEL_BYTES;
      v128.store(to, factorOf(word0, threshold, scale));
      v128.store(to, factorOf(word1, threshold, scale), 32);
      v128.store(to, factorOf(word2, threshold, scale), 64);
      v128.store(to, factorOf(word3, threshold, scale), 96);
    }
  }
}
