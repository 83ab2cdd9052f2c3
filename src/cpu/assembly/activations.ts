/** What follows a product while its panel is still in the cache: bias, activation, derivative, dropout. */
import { sigmoid, tanh } from './arithmetic';
import { PANEL_BYTES } from './layout';

/** The numbers that src/cpu/wasm-network.ts gives the activations; 0 is the identity. */
const SIGMOID = 1;
const TANH = 2;
const RELU = 3;
const LEAKY_RELU = 4;

/**
 * a = f(z + b) · mask, in place, for one panel. `mask` is a panel like it, or 0 for none.
 *
 * @param step - bytes from a unit's bias to the next unit's; 0 where all have the same
 */
export function activatePanel(
  panel: usize,
  biases: usize,
  units: usize,
  activation: i32,
  slope: f32,
  mask: usize,
  step: usize,
): void {
  const end = panel + units * PANEL_BYTES;
  const zero = f32x4.splat(0);
  const factor = f32x4.splat(slope);
  for (let at = panel; at < end; at += PANEL_BYTES) {
    const bias = v128.load32_splat(biases);
    let low = f32x4.add(v128.load(at), bias);
    let high = f32x4.add(v128.load(at, 16), bias);
    if (activation === SIGMOID) {
      low = sigmoid(low);
      high = sigmoid(high);
    } else if (activation === RELU) {
      low = v128.and(low, f32x4.gt(low, zero));
      high = v128.and(high, f32x4.gt(high, zero));
    } else if (activation === TANH) {
      low = tanh(low);
      high = tanh(high);
    } else if (activation === LEAKY_RELU) {
      low = v128.bitselect(low, f32x4.mul(factor, low), f32x4.gt(low, zero));
      high = v128.bitselect(high, f32x4.mul(factor, high), f32x4.gt(high, zero));
    }
    v128.store(at, low);
    v128.store(at, high, 16);
    biases += step;
  }
  if (mask === 0) return;
  for (let at = panel; at < end; at += 16) {
    v128.store(at, f32x4.mul(v128.load(at), v128.load(mask + (at - panel))));
  }
}

/**
 * dZ = dA · f'(Z) · mask, in place, for one panel. f' is had from the activation f(Z), which dropout has
 * multiplied: `keep`, 1 / its factor, takes that back.
 */
export function differentiatePanel(
  panel: usize,
  activations: usize,
  units: usize,
  activation: i32,
  slope: f32,
  mask: usize,
  keep: f32,
): void {
  const end = panel + units * PANEL_BYTES;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const factor = f32x4.splat(slope);
  const undo = f32x4.splat(keep);
  for (let at = panel; at < end; at += 16) {
    let a = v128.load(activations + (at - panel));
    if (mask !== 0) a = f32x4.mul(a, undo);
    let derivative = one;
    if (activation === SIGMOID) derivative = f32x4.mul(a, f32x4.sub(one, a));
    else if (activation === RELU) derivative = v128.and(one, f32x4.gt(a, zero));
    else if (activation === TANH) derivative = f32x4.sub(one, f32x4.mul(a, a));
    else if (activation === LEAKY_RELU) {
      derivative = v128.bitselect(one, factor, f32x4.gt(a, zero));
    }
    if (mask !== 0) derivative = f32x4.mul(derivative, v128.load(mask + (at - panel)));
    v128.store(at, f32x4.mul(v128.load(at), derivative));
  }
}
