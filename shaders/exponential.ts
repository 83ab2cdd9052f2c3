/**
 * exp(x) for x ≤ 0, to about one unit in the last place on every device. WGSL's own exp may be off by
 * 3 + 2|x| units, and always to one side: over a thousand epochs of small gradients that adds up.
 */
import { wgsl } from 'wgsl-preprocessor';
import { type Lanes, typesOf } from './lanes';

/** 1.5 · 2^23: added to a small float32, it rounds it to an integer. */
const ROUNDER = 1.5 * 2 ** 23;
/** Its bits as an integer: exponent 23 + 127, and a mantissa of one half. */
const BITS_OF_ROUNDER = (150 << 23) | (1 << 22);

/**
 * `fn exp_nonpositive(x)`: x = n·ln 2 + r with |r| ≤ ln 2 / 2 (ln 2 in two parts, Cody & Waite), then
 * the exponential series of r to the seventh power, and 2^n by its bits. Below -87 it stays at exp(-87).
 *
 * n is found by adding 1.5 · 2^23, behind which a float32 has no places: the sum's lowest bits are n,
 * and with 127 more they are the exponent of 2^n. It is cheaper than round(), and taken back as an
 * integer, since compilers may cancel (y + c) - c. A product shifts it into place: an adapter that runs
 * on a CPU without a shift of vectors would shift one number at a time.
 */
export function expNonpositive(lanes: Lanes = 'f32'): string {
  const { float, int, uint } = typesOf(lanes);
  return wgsl`fn exp_nonpositive(x: ${float}) -> ${float} {
  let y = max(x, ${float}(-87.0));
  let bits = bitcast<${uint}>(y * 1.44269504 + ${ROUNDER + 127}.0);
  let n = ${float}(bitcast<${int}>(bits) - ${int}(${BITS_OF_ROUNDER + 127}));
  let r = (y - n * 0.693359375) + n * 2.12194440e-4;
  let tail = r * r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0
    + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0))))));
  return (1.0 + (r + tail)) * bitcast<${float}>(bits * ${uint}(${2 ** 23}u));
}`;
}

/**
 * `fn log_1p(x)` for x ≥ 0: log(1 + x). WGSL's log may be off by 2^-21 near 1, where losses are;
 * 2·artanh(x / (2 + x)) as a series is good to float32 up to x = 1.
 */
export function log1p(lanes: Lanes = 'f32'): string {
  const { float } = typesOf(lanes);
  return wgsl`fn log_1p(x: ${float}) -> ${float} {
  let s = x / (2.0 + x);
  let t = s * s;
  let tail = t * (1.0 / 3.0 + t * (1.0 / 5.0 + t * (1.0 / 7.0 + t * (1.0 / 9.0
    + t * (1.0 / 11.0 + t * (1.0 / 13.0 + t * (1.0 / 15.0)))))));
  return select(2.0 * (s + s * tail), log(1.0 + x), x > ${float}(1.0));
}`;
}
