/** The power that something grows with. */

/** A size and what was measured there; both above zero. */
export interface SizedValue {
  readonly size: number;
  readonly value: number;
}

/**
 * The exponent p of value ≈ c · size^p: the slope of the line through the logarithms that has the least
 * squares of differences; null where fewer than two sizes differ.
 */
export function fitExponent(points: readonly SizedValue[]): number | null {
  const xs = points.map(({ size }) => Math.log(size));
  const ys = points.map(({ value }) => Math.log(value));
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [xMean, yMean] = [mean(xs), mean(ys)];
  let xx = 0;
  let xy = 0;
  for (const [i, x] of xs.entries()) {
    xx += (x - xMean) ** 2;
    xy += (x - xMean) * (ys[i] - yMean);
  }
  return xx > 0 ? xy / xx : null;
}

/**
 * The upper half of the sizes, ascending: where what every size costs alike no longer rules. Of an odd
 * number the middle one belongs to it.
 */
export function upperHalf<Point extends { readonly size: number }>(
  points: readonly Point[],
): readonly Point[] {
  const ascending = [...points].sort((a, b) => a.size - b.size);
  return ascending.slice(ascending.length >> 1);
}
