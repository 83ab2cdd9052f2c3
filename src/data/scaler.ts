/**
 * Scales values before a network sees them: each column minus its mean, divided by its scale, in
 * float64. Whoever computes in float32 casts afterwards.
 */

/** What is subtracted from each column, and what it is divided by. */
export interface Scaler {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/**
 * `standard`: each column by its own mean and deviation; `unit`: divided by the largest value that the
 * data may have; `global`: one mean and one deviation over all values.
 */
export const SCALINGS = ['standard', 'unit', 'global'] as const;
export type Scaling = (typeof SCALINGS)[number];

/**
 * The scaler of a training set.
 *
 * @param values - (count × columns), row-major, at least one row
 * @param top - the largest magnitude that the data may have
 */
export function fitScaler(
  scaling: Scaling,
  values: ArrayLike<number>,
  columns: number,
  top: number,
): Scaler {
  const everywhere = (mean: number, scale: number): Scaler => ({
    mean: new Float64Array(columns).fill(mean),
    scale: new Float64Array(columns).fill(scale),
  });
  switch (scaling) {
    case 'standard':
      return fitStandardScaler(values, values.length / columns, columns);
    case 'unit':
      return everywhere(0, top);
    case 'global': {
      const { mean, scale } = fitStandardScaler(values, values.length, 1);
      return everywhere(mean[0], scale[0]);
    }
    default:
      return scaling satisfies never;
  }
}

/**
 * scikit-learn's StandardScaler: mean and population standard deviation of each column, the latter 1
 * where a column does not vary.
 */
function fitStandardScaler(values: ArrayLike<number>, count: number, columns: number): Scaler {
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
 * Scales rows.
 *
 * @param values - (count × columns), row-major, with the scaler's number of columns
 * @returns (count × columns), row-major
 */
export function scaleRows(scaler: Scaler, values: ArrayLike<number>): Float64Array {
  const columns = scaler.mean.length;
  const scaled = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const column = i % columns;
    scaled[i] = (values[i] - scaler.mean[column]) / scaler.scale[column];
  }
  return scaled;
}

/**
 * Finds a value that, once it is scaled, no float32 holds: cpu and WebGPU would see infinity where the
 * reference sees a number. A deviation whose squares overflow float64 is told by the same sign.
 *
 * @param values - (count × columns), row-major, with the scaler's number of columns
 * @returns the first column with such a value, and its largest one, which may have drawn the mean so far away;
 *   undefined where there is none
 */
export function overflowOf(
  { mean, scale }: Scaler,
  values: ArrayLike<number>,
): { readonly column: number; readonly value: number } | undefined {
  const columns = mean.length;
  for (let i = 0; i < values.length; i++) {
    const column = i % columns;
    const scaled = Math.fround((values[i] - mean[column]) / scale[column]);
    if (Number.isFinite(scaled)) continue;
    let value = values[i];
    for (let at = column; at < values.length; at += columns) {
      if (Math.abs(values[at]) > Math.abs(value)) value = values[at];
    }
    return { column, value };
  }
  return undefined;
}
