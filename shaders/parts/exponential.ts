/**
 * exp and log(1 + x) to about one unit in the last place on every device. WGSL's own exp may be off by
 * 3 + 2|x| units, and always to one side: over a thousand epochs of small gradients that adds up.
 */
import { wgsl } from 'wgsl-preprocessor';
import { eachLane, type Lanes } from './lanes';

/** 1.5 · 2^23: added to a small float32, it rounds it to an integer. */
const ROUNDER = 1.5 * 2 ** 23;
/** Its bits as an integer: exponent 23 + 127, and a mantissa of one half. */
const BITS_OF_ROUNDER = (150 << 23) | (1 << 22);
/** Where 2^n is still a normal number. */
const LIMIT = '87.0';

/** WGSL of y - n·ln 2, ln 2 in two parts: the first has so few digits that n times it is exact. */
export const LN2_REMAINDER = '(y - n * 0.693359375) + n * 2.12194440e-4';

/**
 * `fn exp_limited(x)`: exp of x, which is limited to ±87. x = n·ln 2 + r with |r| ≤ ln 2 / 2 (ln 2 in two
 * parts, Cody & Waite), a polynomial of r to the sixth power, and 2^n by its bits.
 *
 * The polynomial is 1 + r + r²·q(r), with the q of degree 4 whose largest relative error is least: 0.03
 * units in the last place (fitted in float64 by iterated weights, Lawson's method).
 *
 * n is found by adding 1.5 · 2^23, behind which a float32 has no places: the sum's lowest bits are n,
 * and with 127 more they are the exponent of 2^n. It is cheaper than round(), and taken back as an
 * integer, since compilers may cancel (y + c) - c. A product shifts it into place: an adapter that runs
 * on a CPU without a shift of vectors would shift one number at a time. Limited by select, since max and
 * min must take care of NaN, and a NaN is welcome to pass.
 */
export function expLimited(lanes: Lanes = 'f32'): string {
  return eachLane(
    lanes,
    'exp_limited',
    (name) => wgsl`fn ${name}(x: f32) -> f32 {
  let y = select(select(x, ${LIMIT}, x > ${LIMIT}), -${LIMIT}, x < -${LIMIT});
  let bits = bitcast<u32>(y * 1.44269504 + ${ROUNDER + 127}.0);
  let n = f32(bitcast<i32>(bits) - ${BITS_OF_ROUNDER + 127});
  let r = ${LN2_REMAINDER};
  let q = 0.499999925 + r * (0.166665211 + r * (0.0416683936 + r * (0.00836872 + r * 0.00138146)));
  return (1.0 + (r + r * r * q)) * bitcast<f32>(bits * ${2 ** 23}u);
}`,
  );
}

/**
 * `fn log_1p(x)` for x ≥ 0: log(1 + x). WGSL's log may be off by 2^-21 near 1, where losses are;
 * 2·artanh(x / (2 + x)) as a series is good to float32 up to x = 1.
 */
export function log1p(lanes: Lanes = 'f32'): string {
  return eachLane(
    lanes,
    'log_1p',
    (name) => wgsl`fn ${name}(x: f32) -> f32 {
  let s = x / (2.0 + x);
  let t = s * s;
  let tail = t * (1.0 / 3.0 + t * (1.0 / 5.0 + t * (1.0 / 7.0 + t * (1.0 / 9.0
    + t * (1.0 / 11.0 + t * (1.0 / 13.0 + t * (1.0 / 15.0)))))));
  return select(2.0 * (s + s * tail), log(1.0 + x), x > 1.0);
}`,
  );
}
