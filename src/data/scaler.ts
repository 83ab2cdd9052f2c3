/**
 * scikit-learn's StandardScaler: each column minus its mean, divided by its standard deviation, in
 * float64. Whoever computes in float32 casts afterwards.
 */

/** Mean and scale of each column, of the training set alone. */
export interface StandardScaler {
  readonly mean: Float64Array;
  /** Population standard deviation; 1 where a column does not vary. */
  readonly scale: Float64Array;
}

/**
 * Learns mean and scale of each column.
 *
 * @param values - (count × columns), row-major, at least one row
 */
export function fitScaler(
  values: ArrayLike<number>,
  count: number,
  columns: number,
): StandardScaler {
  const mean = new Float64Array(columns);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < columns; column++) mean[column] += values[row * columns + column];
  }
  for (let column = 0; column < columns; column++) mean[column] /= count;

  const scale = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    let squares = 0;
    let correction = 0;
    for (let row = 0; row < count; row++) {
      const deviation = values[row * columns + column] - mean[column];
      squares += deviation * deviation;
      correction += deviation;
    }
    // The mean is rounded, so the deviations do not quite sum to zero; scikit-learn takes that out.
    const variance = (squares - (correction * correction) / count) / count;
    scale[column] = isConstant(variance, mean[column], count) ? 1 : Math.sqrt(variance);
  }
  return { mean, scale };
}

/** True where a variance is no more than rounding can make of a constant column (scikit-learn's bound). */
function isConstant(variance: number, mean: number, count: number): boolean {
  const rounding = count * mean * Number.EPSILON;
  return variance <= count * Number.EPSILON * variance + rounding * rounding;
}

/**
 * Standardizes rows.
 *
 * @param values - (count × columns), row-major, with the scaler's number of columns
 * @returns (count × columns), row-major
 */
export function standardize(scaler: StandardScaler, values: ArrayLike<number>): Float64Array {
  const columns = scaler.mean.length;
  const standardized = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const column = i % columns;
    standardized[i] = (values[i] - scaler.mean[column]) / scaler.scale[column];
  }
  return standardized;
}
