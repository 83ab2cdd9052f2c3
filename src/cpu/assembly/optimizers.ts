/**
 * The update rules over flat arrays of float32, whose length is a multiple of four with zeros at the
 * end. Each tells whether every gradient and every new parameter was finite.
 */
import { madd } from './arithmetic';

/** Stays 0 for finite x, turns NaN with the first infinite one or NaN: 0 · ∞ is NaN. */
function watch(seen: v128, x: v128): v128 {
  return f32x4.add(seen, f32x4.mul(x, f32x4.splat(0)));
}

function isZero(seen: v128): bool {
  return i32x4.all_true(f32x4.eq(seen, f32x4.splat(0)));
}

/** target += factor · source, over any length: weight decay. */
export function addScaled(target: usize, source: usize, length: usize, factor: f32): void {
  for (let at: usize = 0; at < 4 * length; at += 4) {
    store<f32>(target + at, load<f32>(target + at) + factor * load<f32>(source + at));
  }
}

/** w -= rate · g; with momentum v = momentum · v + g, and w -= rate · (nesterov ? g + momentum · v : v). */
export function sgdUpdate(
  parameters: usize,
  gradients: usize,
  velocity: usize,
  length: usize,
  rate: f32,
  momentum: f32,
  nesterov: bool,
): bool {
  const back = f32x4.splat(-rate);
  const carry = f32x4.splat(momentum);
  let seen = f32x4.splat(0);
  for (let at: usize = 0; at < 4 * length; at += 16) {
    const g = v128.load(gradients + at);
    let direction = g;
    if (velocity !== 0) {
      const v = madd(carry, v128.load(velocity + at), g);
      v128.store(velocity + at, v);
      direction = nesterov ? madd(carry, v, g) : v;
    }
    const w = madd(back, direction, v128.load(parameters + at));
    v128.store(parameters + at, w);
    seen = watch(watch(seen, g), w);
  }
  return isZero(seen);
}

/** v = alpha · v + (1 - alpha) · g²; w -= rate · g / (√v + epsilon). */
export function rmspropUpdate(
  parameters: usize,
  gradients: usize,
  squareAverage: usize,
  length: usize,
  rate: f32,
  alpha: f32,
  rest: f32,
  epsilon: f32,
): bool {
  let seen = f32x4.splat(0);
  for (let at: usize = 0; at < 4 * length; at += 16) {
    const g = v128.load(gradients + at);
    const square = f32x4.mul(f32x4.splat(rest), f32x4.mul(g, g));
    const v = madd(f32x4.splat(alpha), v128.load(squareAverage + at), square);
    v128.store(squareAverage + at, v);
    const root = f32x4.add(f32x4.sqrt(v), f32x4.splat(epsilon));
    const change = f32x4.div(f32x4.mul(f32x4.splat(rate), g), root);
    const w = f32x4.sub(v128.load(parameters + at), change);
    v128.store(parameters + at, w);
    seen = watch(watch(seen, g), w);
  }
  return isZero(seen);
}

/**
 * m = β1 · m + (1 - β1) · g; v = β2 · v + (1 - β2) · g²; w -= stepSize · m / (√v · inverseRoot + epsilon).
 * The corrections of the moments are in `stepSize` and `inverseRoot`.
 */
export function adamUpdate(
  parameters: usize,
  gradients: usize,
  first: usize,
  second: usize,
  length: usize,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  stepSize: f32,
  inverseRoot: f32,
  epsilon: f32,
): bool {
  let seen = f32x4.splat(0);
  for (let at: usize = 0; at < 4 * length; at += 16) {
    const g = v128.load(gradients + at);
    const share = f32x4.mul(f32x4.splat(rest1), g);
    const m = madd(f32x4.splat(beta1), v128.load(first + at), share);
    const square = f32x4.mul(f32x4.splat(rest2), f32x4.mul(g, g));
    const v = madd(f32x4.splat(beta2), v128.load(second + at), square);
    v128.store(first + at, m);
    v128.store(second + at, v);
    const root = madd(f32x4.sqrt(v), f32x4.splat(inverseRoot), f32x4.splat(epsilon));
    const change = f32x4.div(f32x4.mul(f32x4.splat(stepSize), m), root);
    const w = f32x4.sub(v128.load(parameters + at), change);
    v128.store(parameters + at, w);
    seen = watch(watch(seen, g), w);
  }
  return isZero(seen);
}

/** Σ x², summed in float64. */
export function sumOfSquares(values: usize, length: usize): f64 {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < 4 * length; at += 8) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(values + at));
    sum = f64x2.add(sum, f64x2.mul(x, x));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
