/** The line of a small curve, in units of its own; a style sheet gives it its size. */
import type { Point } from '../components/growing-line';

export const SPARK = { width: 200, height: 60 };

/**
 * The line through points as an SVG path; what is no number leaves a gap.
 *
 * @param epochs - at the right end
 * @param most - value at the top; 0 is at the bottom
 */
export function sparkPath(points: readonly Point[], epochs: number, most: number): string {
  let path = '';
  let isDown = false;
  for (const { x, y } of points) {
    if (!Number.isFinite(y)) {
      isDown = false;
      continue;
    }
    const across = (SPARK.width * x) / epochs;
    const down = SPARK.height * (1 - y / most);
    const place = `${across.toFixed(1)} ${down.toFixed(1)}`;
    // A point alone is a line of no length, whose round ends make it a dot.
    path += isDown ? `L${place}` : `M${place}h0`;
    isDown = true;
  }
  return path;
}

/** The top of an axis that grows with its values by doubling, so that it does not tremble. */
export function sparkTop(points: readonly Point[], least: number): number {
  let top = least;
  for (const { y } of points) {
    while (Number.isFinite(y) && y > top) top *= 2;
  }
  return top;
}
