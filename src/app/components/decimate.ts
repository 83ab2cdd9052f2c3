/** A copy of a long series with few points, so that drawing it takes the same time at any length. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * At most `most` points of a series: of each bucket the least and the greatest value, in order, so
 * that no spike gets lost.
 *
 * @param length - number of values; value i is drawn at x = i + 1
 * @param valueAt - the value at index i
 */
export function decimate(
  length: number,
  valueAt: (index: number) => number,
  most: number,
): Point[] {
  const pointAt = (index: number): Point => ({ x: index + 1, y: valueAt(index) });
  if (length <= most) return Array.from({ length }, (_, index) => pointAt(index));
  const points = [pointAt(0)];
  const buckets = Math.max(1, Math.floor((most - 2) / 2));
  const size = (length - 2) / buckets;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor(bucket * size);
    const to = 1 + Math.floor((bucket + 1) * size);
    let least = from;
    let greatest = from;
    for (let index = from; index < to; index++) {
      if (valueAt(index) < valueAt(least)) least = index;
      if (valueAt(index) > valueAt(greatest)) greatest = index;
    }
    const [first, second] = least < greatest ? [least, greatest] : [greatest, least];
    points.push(pointAt(first));
    if (second !== first) points.push(pointAt(second));
  }
  points.push(pointAt(length - 1));
  return points;
}
