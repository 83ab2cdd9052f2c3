/** Python's `f'{value:.4f}'`. JavaScript's `toFixed` differs at ties, at zeros and at large values. */

/**
 * `value` with `digits` decimal places, rounded as Python does: on the exact binary value, ties to
 * the even digit; `nan`, `inf` and `-inf` where it is not finite.
 */
export function formatFixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + formatMagnitude(Math.abs(value), digits);
}

function formatMagnitude(value: number, digits: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  // From 1e21 on toFixed goes over to exponents; such a value is an integer.
  if (value >= 1e21)
    return digits === 0 ? `${BigInt(value)}` : `${BigInt(value)}.${'0'.repeat(digits)}`;
  const rounded = value.toFixed(digits);
  // A tie is value · 10^digits = n + ½, so value · 2^(digits + 1) is an odd integer, and the product
  // with a power of two is exact. toFixed took the larger neighbour: where that is odd, the even
  // one is one less, in the last digit alone.
  const isTie = (value * 2 ** (digits + 1)) % 2 === 1;
  const last = Number(rounded.at(-1));
  return isTie && last % 2 === 1 ? rounded.slice(0, -1) + String(last - 1) : rounded;
}
