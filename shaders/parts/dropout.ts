/**
 * Dropout in WGSL: a unit's mask is one word of Philox4x32-10, keyed by seed, step, layer, row and unit. The
 * same integers as src/training/dropout.ts, so the same mask on every backend, forwards and backwards.
 */
import { wgsl } from 'wgsl-preprocessor';
import { philox } from './philox';

/** Dropout of one layer; seed and rate come with the step. */
export interface DropoutShape {
  readonly layer: number;
}

/** `fn dropout_words(row, four, layer)`: the words of units `4 * four` to `4 * four + 3`, from one call of Philox. */
function dropoutWords(): string {
  return wgsl`${philox()}
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
