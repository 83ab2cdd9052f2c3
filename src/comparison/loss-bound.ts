/** How far losses that are right may be apart. */

/**
 * How far a float32 loss may be from the float64 reference: the bound of a fixed-order sum of `count`
 * terms, 2·n·2⁻²³·Σ|terms|, on the mean of the samples' losses.
 */
export function lossBound(loss: number, count: number): number {
  return 2 * count * 2 ** -23 * Math.abs(loss);
}
