/** Median and spread of a few timings. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The median (of an even number of values, the mean of the middle two), the least and the largest.
 *
 * @throws RangeError where there are none
 */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('no values to take the median of');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}
