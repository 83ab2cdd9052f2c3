/** Points in the plane: where they lie, and that seed and noise decide it. */
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset';
import { circle, gauss, spiral, xor } from '../../src/data/plane';
import { loadRows } from '../../src/data/registry';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { whyIdle } from '../../src/training/configuration/idle';

const PLANES = [circle, xor, gauss, spiral];

interface Point {
  readonly x: number;
  readonly y: number;
  readonly label: number;
}

async function points(dataset: Dataset, noise = 0, splitSeed = 42): Promise<Point[]> {
  const { values, labels } = await dataset.load({ splitSeed, noise });
  return Array.from(labels, (label, row) => ({
    x: values[2 * row],
    y: values[2 * row + 1],
    label,
  }));
}

const deviation = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

describe.each(PLANES)('$name', (dataset) => {
  it('has 500 points, half of either class, the same for the same seed', async () => {
    const drawn = await points(dataset);
    expect(drawn).toHaveLength(500);
    expect(drawn.filter(({ label }) => label === 1)).toHaveLength(250);
    expect(await points(dataset)).toEqual(drawn);
    // A spiral has its place without any lot.
    const isDrawn = dataset !== spiral;
    expect(JSON.stringify(await points(dataset, 0, 7)) !== JSON.stringify(drawn)).toBe(isDrawn);
  });

  it('has noise that moves every point by that much, and none to another class', async () => {
    const still = await points(dataset);
    const noisy = await points(dataset, 0.5);
    expect(noisy.map(({ label }) => label)).toEqual(still.map(({ label }) => label));
    const moves = noisy.flatMap(({ x, y }, i) => [x - still[i].x, y - still[i].y]);
    expect(deviation(moves)).toBeGreaterThan(0.46);
    expect(deviation(moves)).toBeLessThan(0.54);
    const noisier = await points(dataset, 1);
    expect(noisier[0].x - still[0].x).toBeCloseTo(2 * moves[0], 12);
  });
});

describe('a point’s class', () => {
  it('of a circle is how far it is from the middle', async () => {
    const drawn = await points(circle);
    for (const { x, y, label } of drawn) {
      const r = Math.hypot(x, y);
      expect(label === 1 ? r < 2.5 : r >= 3.5 && r < 5).toBe(true);
    }
    // np.random.RandomState(42).uniform(0, 2.5)
    expect(Math.hypot(drawn[0].x, drawn[0].y)).toBeCloseTo(2.5 * 0.3745401188473625, 12);
  });

  it('of the exclusive or is whether its coordinates have the same sign', async () => {
    for (const { x, y, label } of await points(xor)) {
      expect(x * y > 0).toBe(label === 1);
      expect(Math.min(Math.abs(x), Math.abs(y))).toBeGreaterThanOrEqual(0.3);
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(5.3);
    }
  });

  it('of two clouds is the centre that it lies about', async () => {
    for (const label of [0, 1]) {
      const cloud = (await points(gauss)).filter((point) => point.label === label);
      for (const values of [cloud.map(({ x }) => x), cloud.map(({ y }) => y)]) {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(Math.abs(mean - (label === 1 ? 2 : -2))).toBeLessThan(0.15);
        expect(Math.abs(deviation(values) - Math.sqrt(0.5))).toBeLessThan(0.08);
      }
    }
  });

  it('of a spiral is its arm, which goes around one and three quarter times', async () => {
    const drawn = await points(spiral);
    const [arm, other] = [drawn.slice(0, 250), drawn.slice(250)];
    for (const [i, { x, y, label }] of arm.entries()) {
      expect(label).toBe(1);
      expect(Math.hypot(x, y)).toBeCloseTo(i / 50, 12);
      const angle = (1.75 * i * 2 * Math.PI) / 250;
      expect(x).toBeCloseTo((i / 50) * Math.sin(angle), 12);
      expect(other[i].x).toBeCloseTo(-x, 12);
      expect(other[i].y).toBeCloseTo(-y, 12);
    }
  });
});

describe('the noise', () => {
  it('draws other points', async () => {
    const settings = { ...DEFAULTS, dataset: 'xor' } as const;
    const rows = await loadRows(settings);
    expect((await loadRows({ ...settings, noise: 0.25 })).values).not.toEqual(rows.values);
    expect(whyIdle('noise', settings)).toBeUndefined();
  });
});
