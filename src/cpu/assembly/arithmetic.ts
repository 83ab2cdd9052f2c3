/** Four float32 at a time: multiply-add, exponential, logarithm and the 4 × 4 transposition. */

/** a · b + c, fused in the module that is compiled for relaxed SIMD. */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c + x · previous, a step of Horner's rule. */
function horner(c: f32, x: v128, previous: v128): v128 {
  return madd(x, previous, f32x4.splat(c));
}

/**
 * exp(x) for x ≤ 0, to about one unit in the last place and to no side: a biased one adds up over a
 * thousand epochs. x = n·ln 2 + r with |r| ≤ ln 2 / 2 (ln 2 in two parts, Cody & Waite), the series of
 * exp(r) to the seventh power, and 2^n by its bits. Below -87 it stays at exp(-87); NaN stays NaN.
 */
export function expNonpositive(x: v128): v128 {
  const y = f32x4.pmax(x, f32x4.splat(-87));
  // Adding 1.5 · 2^23 rounds to an integer and leaves it in the lowest bits.
  const shifted = madd(y, f32x4.splat(<f32>Math.LOG2E), f32x4.splat(12582912));
  const n = f32x4.sub(shifted, f32x4.splat(12582912));
  const r = madd(n, f32x4.splat(2.1219444e-4), madd(n, f32x4.splat(-0.693359375), y));
  let tail = f32x4.splat(1.0 / 5040.0);
  tail = horner(1.0 / 720.0, r, tail);
  tail = horner(1.0 / 120.0, r, tail);
  tail = horner(1.0 / 24.0, r, tail);
  tail = horner(1.0 / 6.0, r, tail);
  tail = horner(0.5, r, tail);
  const exponential = f32x4.add(f32x4.splat(1), madd(f32x4.mul(r, r), tail, r));
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(127 << 23));
  return f32x4.mul(exponential, power);
}

/**
 * log(1 + x) for x ≥ 0: fdlibm's log1pf. u = 1 + x is 2^k · (1 + f) with 1 + f between √½ and √2, and
 * what rounding u lost comes back as (x - (u - 1)) / u.
 */
export function log1p(x: v128): v128 {
  const u = f32x4.add(f32x4.splat(1), x);
  const lost = f32x4.div(f32x4.sub(x, f32x4.sub(u, f32x4.splat(1))), u);
  const bits = i32x4.add(u, i32x4.splat(0x3f800000 - 0x3f3504f3));
  const k = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(127)));
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x7fffff)), i32x4.splat(0x3f3504f3));
  const f = f32x4.sub(mantissa, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f32x4.splat(2), f));
  const z = f32x4.mul(s, s);
  let series = f32x4.splat(0.24279078841);
  series = horner(0.28498786688, z, series);
  series = horner(0.40000972152, z, series);
  series = horner(0.66666662693, z, series);
  const halfSquare = f32x4.mul(f32x4.splat(0.5), f32x4.mul(f, f));
  const low = madd(k, f32x4.splat(9.0580006145e-6), lost);
  const head = madd(s, madd(z, series, halfSquare), low);
  const rest = f32x4.sub(head, halfSquare);
  return madd(k, f32x4.splat(0.69313812256), f32x4.add(rest, f));
}

/** σ(z) for any z: exp only ever sees what is not positive. */
export function sigmoid(z: v128): v128 {
  const e = expNonpositive(f32x4.neg(f32x4.abs(z)));
  const one = f32x4.splat(1);
  const numerator = v128.bitselect(one, e, f32x4.ge(z, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, e));
}

/** tanh(z): Cephes' polynomial below 0.625, where 1 - e would cancel, and (1 - e) / (1 + e) above. */
export function tanh(z: v128): v128 {
  const one = f32x4.splat(1);
  const magnitude = f32x4.abs(z);
  const e = expNonpositive(f32x4.mul(f32x4.splat(-2), magnitude));
  const large = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const square = f32x4.mul(z, z);
  let series = f32x4.splat(-5.70498872745e-3);
  series = horner(2.06390887954e-2, square, series);
  series = horner(-5.37397155531e-2, square, series);
  series = horner(1.33314422036e-1, square, series);
  series = horner(-3.33332819422e-1, square, series);
  const small = madd(f32x4.mul(square, magnitude), series, magnitude);
  const value = v128.bitselect(small, large, f32x4.lt(magnitude, f32x4.splat(0.625)));
  return v128.bitselect(z, value, i32x4.splat(i32.MIN_VALUE));
}

/** Adds four float32 to two float64, always in the same order. */
export function addLanes(total: v128, x: v128): v128 {
  const high = v128.shuffle<f32>(x, x, 2, 3, 2, 3);
  return f64x2.add(total, f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(high)));
}

/** Transposes the rows a, b, c, d and stores the columns at `to`, `stride` bytes apart. */
export function storeTransposed(
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  to: usize,
  stride: usize,
): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + stride, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to + 2 * stride, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(to + 3 * stride, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}
