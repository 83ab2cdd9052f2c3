/** Lines with few points of long series: no spike is lost, and no value is looked at twice. */
import { describe, expect, test } from 'vitest';
import { GrowingLine } from '../../src/app/components/growing-line';

const MOST = 40;

/** Values that wander, the same at every run. */
function wandering(length: number): number[] {
  return Array.from({ length }, (_, i) => Math.sin(i / 7) + Math.cos(i * i));
}

describe('GrowingLine', () => {
  test('draws every value of a short series', () => {
    const values = wandering(12);
    const line = new GrowingLine(values, MOST);
    expect(line.points()).toEqual(values.map((y, i) => ({ x: i + 1, y })));
    expect(new GrowingLine([], MOST).points()).toEqual([]);
  });

  test.each([41, 100, 1000, 12_345])('keeps ends and extremes of %i values', (length) => {
    const values = wandering(length);
    values[Math.floor(length / 3)] = 50;
    values[Math.floor(length / 2)] = -50;
    const points = new GrowingLine(values, MOST).points();
    expect(points.length).toBeLessThanOrEqual(MOST);
    expect(points.length).toBeGreaterThan(MOST / 4);
    expect(points[0]).toEqual({ x: 1, y: values[0] });
    expect(points.at(-1)).toEqual({ x: length, y: values[length - 1] });
    expect(points.map(({ y }) => y)).toEqual(expect.arrayContaining([50, -50]));
    for (const { x, y } of points) expect(y).toBe(values[x - 1]);
    expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).sort((a, b) => a - b));
  });

  test('comes to the same in steps as at once, and looks at each value once', () => {
    const values = wandering(5000);
    const column: number[] = [];
    let looks = 0;
    const watched = new Proxy(column, {
      get(target, name) {
        if (name !== 'length') looks += 1;
        return Reflect.get(target, name);
      },
    });
    const line = new GrowingLine(watched, MOST);
    let draws = 0;
    for (let from = 0; from < 5000; from += 17) {
      column.push(...values.slice(from, from + 17));
      line.points();
      draws += 1;
    }
    expect(line.points()).toEqual(new GrowingLine(values, MOST).points());
    expect(looks).toBeGreaterThanOrEqual(5000);
    // One look more at each drawing, to see whether the series goes on from where it was.
    expect(looks).toBeLessThanOrEqual(5000 + draws + 1);
  });

  test('starts over where the series was cut or written anew', () => {
    const values = wandering(300);
    const line = new GrowingLine(values, MOST);
    line.points();
    values.length = 5;
    expect(line.points()).toEqual(values.map((y, i) => ({ x: i + 1, y })));
    values.splice(0, 5, 1, 2, 3, 4, 5, 6);
    expect(line.points()[0]).toEqual({ x: 1, y: 1 });
  });

  test('smooths without a bias towards 0', () => {
    const values = [4, 4, 4, 10];
    const points = new GrowingLine(values, MOST, 0.9).points();
    for (const { y } of points.slice(0, 3)) expect(y).toBeCloseTo(4, 12);
    // (0.1·10 + 0.9·4·(1 − 0.9³)) / (1 − 0.9⁴)
    expect(points[3].y).toBeCloseTo((1 + 3.6 * (1 - 0.729)) / (1 - 0.6561), 12);
  });

  test('a number is drawn beside what is none', () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? Number.NaN : i));
    const points = new GrowingLine(values, MOST).points();
    expect(points.filter(({ y }) => !Number.isNaN(y)).length).toBeGreaterThan(10);
  });
});
