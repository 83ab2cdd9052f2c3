/** Comparing rows of numbers. A value that is not a number makes every comparison fail. */

/** The largest |a - b|; NaN where the lengths differ or a value is not a number. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

/** |a - b| / |b| in the L2 norm; NaN where the lengths differ or a value is not a number. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / size);
}
