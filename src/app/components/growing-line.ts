/**
 * A long series with few points, kept up as it grows: what is new is looked at once, so that drawing
 * takes the same time at any length.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Values in a row, of which the least and the greatest are drawn, so that no spike gets lost. */
interface Bucket {
  readonly from: number;
  least: Point;
  greatest: Point;
}

export class GrowingLine {
  readonly #column: readonly number[];
  readonly #mostBuckets: number;
  #buckets: Bucket[] = [];
  /** Values in a full bucket. */
  #size = 1;
  #length = 0;
  #first: Point | undefined;
  #last: Point | undefined;
  /** The last value before it was smoothed. */
  #lastValue = Number.NaN;
  #average = 0;
  #correction = 1;

  /**
   * @param column - the values, to which more are added; the one at index i is drawn at x = i + 1
   * @param most - points at most, at least 6
   * @param weight - of the past in an exponential moving average, from 0 (the values themselves) to
   *   below 1, without its bias towards 0 at the start, as TensorBoard draws it
   */
  constructor(
    column: readonly number[],
    most: number,
    readonly weight = 0,
  ) {
    this.#column = column;
    // Even, so that full buckets merge in pairs; two points are the ends.
    this.#mostBuckets = 2 * Math.floor((most - 2) / 4);
  }

  /** The points in order; the first and the last value are among them. */
  points(): readonly Point[] {
    const { length } = this.#column;
    const isContinued =
      length >= this.#length &&
      (this.#length === 0 || Object.is(this.#column[this.#length - 1], this.#lastValue));
    if (!isContinued) this.#clear();
    for (let index = this.#length; index < length; index++) this.#add(index);
    const points = [
      this.#first,
      ...this.#buckets.flatMap(({ least, greatest }) =>
        least.x < greatest.x ? [least, greatest] : [greatest, least],
      ),
      this.#last,
    ].filter((point) => point !== undefined);
    return points.filter(({ x }, position) => position === 0 || x > points[position - 1].x);
  }

  #clear(): void {
    this.#buckets = [];
    [this.#size, this.#length, this.#average, this.#correction] = [1, 0, 0, 1];
    this.#first = undefined;
    this.#last = undefined;
  }

  #add(index: number): void {
    const value = this.#column[index];
    this.#average = this.weight * this.#average + (1 - this.weight) * value;
    this.#correction *= this.weight;
    const y = this.weight === 0 ? value : this.#average / (1 - this.#correction);
    const point = { x: index + 1, y };
    const bucket = this.#buckets[this.#buckets.length - 1];
    if (bucket === undefined || index - bucket.from >= this.#size) {
      if (this.#buckets.length === this.#mostBuckets) this.#mergePairs();
      this.#buckets.push({ from: index, least: point, greatest: point });
    } else {
      if (isLess(point, bucket.least)) bucket.least = point;
      if (isLess(bucket.greatest, point)) bucket.greatest = point;
    }
    this.#first ??= point;
    [this.#last, this.#lastValue, this.#length] = [point, value, index + 1];
  }

  #mergePairs(): void {
    const merged: Bucket[] = [];
    for (let i = 0; i < this.#buckets.length; i += 2) {
      const [one, other] = [this.#buckets[i], this.#buckets[i + 1]];
      merged.push({
        from: one.from,
        least: isLess(other.least, one.least) ? other.least : one.least,
        greatest: isLess(one.greatest, other.greatest) ? other.greatest : one.greatest,
      });
    }
    this.#buckets = merged;
    this.#size *= 2;
  }
}

/** What is no number is never the extreme one where there is a number. */
function isLess(one: Point, other: Point): boolean {
  return one.y < other.y || (Number.isNaN(other.y) && !Number.isNaN(one.y));
}

/** Points of a line in a chart, which is not much wider. */
const MOST_POINTS = 400;

const lines = new WeakMap<readonly number[], GrowingLine>();

/** The points of a column that is drawn again and again; its line is forgotten with it. */
export function pointsOf(column: readonly number[], weight = 0): readonly Point[] {
  const known = lines.get(column);
  const line = known?.weight === weight ? known : new GrowingLine(column, MOST_POINTS, weight);
  lines.set(column, line);
  return line.points();
}
