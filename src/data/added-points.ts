/**
 * Points that somebody adds to data in the plane, as a configuration has them: `1.5 -2 0; 3 2 1` is two
 * points, each its x, its y and the number of its class. They join the training set, at its end.
 */
import type { Values } from './dataset';

export interface AddedPoint {
  /** In the units of the data's first feature. */
  readonly x: number;
  /** In those of its second one. */
  readonly y: number;
  /** Index of its class in the data set's `classNames`. */
  readonly label: number;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Points from text, in its order.
 *
 * @returns undefined where the text is none
 */
export function parsePoints(text: string): readonly AddedPoint[] | undefined {
  if (text.trim() === '') return [];
  const points = text.split(';').map((part) => {
    const [x, y, label, ...more] = part.trim().split(/\s+/);
    const isPoint = NUMBER.test(x) && NUMBER.test(y ?? '') && /^\d{1,2}$/.test(label ?? '');
    // There is one zero: -0 would be written as another.
    const point = { x: Number(x) || 0, y: Number(y) || 0, label: Number(label) };
    const isAnywhere = Number.isFinite(point.x) && Number.isFinite(point.y);
    return isPoint && isAnywhere && more.length === 0 ? point : undefined;
  });
  return points.every((point) => point !== undefined) ? points : undefined;
}

/** How a point is written, for people. */
export function pointUsage(): string {
  return 'its x, its y and the number of its class, such as 1.5 -2 0';
}

/** Points as text that `parsePoints` reads back. */
export function formatPoints(points: readonly AddedPoint[]): string {
  return points.map(({ x, y, label }) => `${x} ${y} ${label}`).join('; ');
}

/** The values of samples in the plane, (count × 2), with those of points behind them. */
export function withPoints(values: Values, points: readonly AddedPoint[]): Float64Array {
  const joined = new Float64Array(values.length + 2 * points.length);
  joined.set(values);
  for (const [i, { x, y }] of points.entries()) joined.set([x, y], values.length + 2 * i);
  return joined;
}
