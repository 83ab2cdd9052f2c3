/** The exponential moving average that TensorBoard draws, without its bias towards 0 at the start. */

/**
 * @param length - number of values
 * @param weight - of the past, from 0 (the values themselves) to below 1
 */
export function smooth(
  length: number,
  valueAt: (index: number) => number,
  weight: number,
): (index: number) => number {
  if (weight === 0) return valueAt;
  const smoothed = new Float64Array(length);
  let average = 0;
  let correction = 1;
  for (let index = 0; index < length; index++) {
    average = weight * average + (1 - weight) * valueAt(index);
    correction *= weight;
    smoothed[index] = average / (1 - correction);
  }
  return (index) => smoothed[index];
}
