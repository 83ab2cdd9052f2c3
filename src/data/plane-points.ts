/** Draws the points of `plane.ts` by NumPy's generator. */
import { RandomState } from '../numpy/random-state';
import type { DataSettings, Rows } from './dataset';

const POINTS = 500;
const RADIUS = 5;
/** Of a cloud of `gauss`: Playground's variance of 0.5 where there is no noise. */
const CLOUD = Math.sqrt(0.5);
/** Between the quadrants of `xor`, on either side of an axis. */
const PADDING = 0.3;
/** Times that a `spiral` goes around. */
const TURNS = 1.75;

type Point = readonly [x: number, y: number];

/** A point of a class, the `index`-th of `count`. */
type DrawPoint = (random: RandomState, label: 0 | 1, index: number, count: number) => Point;

/** Class 1 within half the radius, class 0 around it. */
const drawCircle: DrawPoint = (random, label) => {
  const r = label === 1 ? random.uniform(0, 0.5 * RADIUS) : random.uniform(0.7 * RADIUS, RADIUS);
  const angle = random.uniform(0, 2 * Math.PI);
  return [r * Math.sin(angle), r * Math.cos(angle)];
};

/** Class 1 where both coordinates have the same sign. */
const drawXor: DrawPoint = (random, label) => {
  const padded = () => {
    const value = random.uniform(-RADIUS, RADIUS);
    return value + (value > 0 ? PADDING : -PADDING);
  };
  const [x, y] = [padded(), padded()];
  // Playground draws the class as well; here each has its half of the points.
  return x * y >= 0 === (label === 1) ? [x, y] : [x, -y];
};

/** A cloud about (2, 2) is class 1, one about (-2, -2) class 0. */
const drawGauss: DrawPoint = (random, label) => {
  const centre = label === 1 ? 2 : -2;
  return [centre + CLOUD * random.randn(), centre + CLOUD * random.randn()];
};

/** Two arms, each the other one turned by half a circle. */
const drawSpiral: DrawPoint = (_, label, index, count) => {
  const r = (index / count) * RADIUS;
  const angle = ((TURNS * index) / count) * 2 * Math.PI + (label === 1 ? 0 : Math.PI);
  return [r * Math.sin(angle), r * Math.cos(angle)];
};

const DRAWN = {
  circle: drawCircle,
  xor: drawXor,
  gauss: drawGauss,
  spiral: drawSpiral,
} as const satisfies Readonly<Record<string, DrawPoint>>;

export type PlaneName = keyof typeof DRAWN;

/**
 * Draws the points of class 1, then those of class 0, then the noise of each coordinate.
 *
 * @param settings - `noise` in the units of the plane
 */
export function drawPoints(
  name: PlaneName,
  { splitSeed, noise }: DataSettings,
): Rows<Float64Array> {
  const draw = DRAWN[name];
  const random = new RandomState(splitSeed);
  const values = new Float64Array(2 * POINTS);
  const labels = new Uint8Array(POINTS);
  const half = POINTS / 2;
  for (let row = 0; row < POINTS; row++) {
    const label = row < half ? 1 : 0;
    labels[row] = label;
    values.set(draw(random, label, row % half, half), 2 * row);
  }
  // More noise moves the same points further.
  if (noise > 0) for (let i = 0; i < values.length; i++) values[i] += noise * random.randn();
  return { values, labels, count: POINTS, features: 2 };
}
