/**
 * How the time of an epoch grows with samples, width and depth, as a power of the size:
 * `node tests/bench/growth.mjs [--hardware]`. About a minute; nothing else should run beside it.
 */
import { parseArgs } from 'node:util';
import { measureInPage } from './in-page.mjs';

const { values } = parseArgs({ options: { hardware: { type: 'boolean', default: false } } });
/** @type {Awaited<ReturnType<typeof import('./growth-page').measure>>} */
const { points, skipped } = await measureInPage('growth-page.ts', undefined, values.hardware);

/**
 * The exponent p of value ≈ c · size^p by least squares on logarithms; NaN for fewer than two sizes.
 *
 * @param {readonly (readonly [size: number, value: number])[]} sized
 */
function exponentOf(sized) {
  const [xs, ys] = [0, 1].map((i) => sized.map((pair) => Math.log(pair[i])));
  const mean = (/** @type {readonly number[]} */ all) =>
    all.reduce((a, b) => a + b, 0) / all.length;
  const [x, y] = [mean(xs), mean(ys)];
  const slope = xs.reduce((sum, each, i) => sum + (each - x) * (ys[i] - y), 0);
  return slope / xs.reduce((sum, each) => sum + (each - x) ** 2, 0);
}

for (const axis of new Set(points.map((point) => point.axis))) {
  const along = points.filter((point) => point.axis === axis);
  console.log(`\n${axis}, ms per epoch, medians: ${along[0].title}`);
  for (const { size, medians } of along) {
    const times = Object.entries(medians).map(([name, ms]) => `${name} ${ms?.toFixed(3) ?? '–'}`);
    console.log(`${String(size).padStart(6)}  ${times.join('  ')}`);
  }
  for (const name of Object.keys(along[0].medians)) {
    const timed = along.flatMap(({ size, operations, medians }) =>
      typeof medians[name] === 'number' ? [{ size, operations, ms: medians[name] }] : [],
    );
    // Small sizes take what an epoch costs at any size.
    const upper = timed.slice(timed.length >> 1);
    const power = exponentOf(upper.map(({ size, ms }) => [size, ms])).toFixed(2);
    const all = exponentOf(timed.map(({ size, ms }) => [size, ms])).toFixed(2);
    const alone = exponentOf(upper.map(({ size, operations }) => [size, operations])).toFixed(2);
    console.log(
      `${name}: power ${power} from ${upper[0]?.size} on (${all} over all sizes, operations alone ${alone})`,
    );
  }
}
if (skipped.length > 0) console.log(`\nLeft out: ${skipped.join('; ')}`);
