/**
 * Dropout in WGSL: a unit's mask is one word of Philox4x32-10 (Salmon et al., "Parallel random
 * numbers: as easy as 1, 2, 3", 2011), keyed by seed, step, layer, row and unit. The same integers
 * as src/training/dropout.ts, so the same mask on every backend, forwards and backwards.
 */
import { wgsl } from 'wgsl-preprocessor';
import { PHILOX_KEY_STEPS, PHILOX_MULTIPLIERS, PHILOX_ROUNDS } from '../../src/training/dropout';

/** Dropout of one layer; seed and rate come with the step. */
export interface DropoutShape {
  readonly layer: number;
}

/** `fn dropout_words(row, four, layer)`: the words of units `4 * four` to `4 * four + 3`, from one call of Philox. */
function dropoutWords(): string {
  const [m0, m1] = PHILOX_MULTIPLIERS;
  const [k0, k1] = PHILOX_KEY_STEPS;
  return wgsl`
// High and low word of a 32 x 32 bit product, by halves: WGSL has no 64-bit integers.
fn multiply_wide(a: u32, b: u32) -> vec2<u32> {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return vec2((a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u), a * b);
}
fn philox(start: vec4<u32>, start_key: vec2<u32>) -> vec4<u32> {
  var counter = start;
  var key = start_key;
  for (var round = 0u; round < ${PHILOX_ROUNDS}u; round++) {
    let p0 = multiply_wide(${m0}u, counter.x);
    let p1 = multiply_wide(${m1}u, counter.z);
    counter = vec4(p1.x ^ counter.y ^ key.x, p1.y, p0.x ^ counter.w ^ key.y, p0.y);
    key += vec2(${k0}u, ${k1}u);
  }
  return counter;
}
fn dropout_words(row: u32, four: u32, layer: u32) -> vec4<u32> {
  return philox(vec4(four, row, step.step, layer), vec2(step.seed, 0u));
}`;
}

/** `fn dropout_scale_of(row, unit, layer)`: 0 for a dropped unit, 1 / (1 - rate) for a kept one. */
export function dropoutScaleOf(): string {
  return wgsl`${dropoutWords()}
fn dropout_scale_of(row: u32, unit: u32, layer: u32) -> f32 {
  let word = dropout_words(row, unit >> 2u, layer)[unit & 3u];
  return select(step.dropout_scale, 0.0, word < step.dropout_threshold);
}`;
}

/** `fn dropout_scales(row, unit)`: those of four units of one layer, from `unit` on, a multiple of four. */
export function dropoutScales({ layer }: DropoutShape): string {
  return wgsl`${dropoutWords()}
fn dropout_scales(row: u32, unit: u32) -> vec4<f32> {
  let is_dropped = dropout_words(row, unit >> 2u, ${layer}u) < vec4(step.dropout_threshold);
  return select(vec4(step.dropout_scale), vec4(0.0), is_dropped);
}`;
}
