/**
 * exp(x) for x ≤ 0, to about one unit in the last place on every device. WGSL's own exp may be off by
 * 3 + 2|x| units, and always to one side: over a thousand epochs of small gradients that adds up.
 */
import { wgsl } from 'wgsl-preprocessor';

/**
 * `fn exp_nonpositive(x)`: x = n·ln 2 + r with |r| ≤ ln 2 / 2 (ln 2 in two parts, Cody & Waite), then
 * the exponential series of r to the seventh power, and 2^n by its bits. Below -87 it stays at exp(-87).
 */
export const EXP_NONPOSITIVE = wgsl`fn exp_nonpositive(x: f32) -> f32 {
  let y = max(x, -87.0);
  let n = round(y * 1.44269504);
  let r = (y - n * 0.693359375) + n * 2.12194440e-4;
  let tail = r * r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0
    + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0))))));
  return (1.0 + (r + tail)) * bitcast<f32>(u32(i32(n) + 127) << 23u);
}`;
