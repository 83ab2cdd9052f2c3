/**
 * What it costs training that the run is kept: pairs of runs with and without, in turns, and what a copy
 * of a state is made of. `node tests/bench/keeping.mjs [--pairs 10] [--seconds 12] [--only notebook,…]
 * [--backends webgpu,cpu] [--hardware]`; where other things run beside it, only the median says something.
 */
import { parseArgs } from 'node:util';
import { measureInPage, median } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '12' },
    only: { type: 'string', default: 'notebook,ten digits,wide,copies' },
    backends: { type: 'string', default: 'webgpu,cpu' },
    hardware: { type: 'boolean', default: false },
  },
});
const CLASSES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const relu = { activation: 'relu', init: 'he_normal', learningRate: 0.01 };
const NETWORKS = {
  notebook: {},
  'ten digits': { classes: CLASSES, hidden: [64, 32], ...relu },
  wide: { classes: CLASSES, hidden: [512, 512], ...relu },
};
const only = values.only.split(',');

if (only.includes('copies')) {
  const sizes = [1000, 10_000, 100_000, 1_000_000, 3_000_000];
  /** @type {import('./keeping-page.ts').CopyCost[]} */
  const costs = await measureInPage('keeping-page.ts', sizes, values.hardware, 'measureCopies');
  console.log('ms of a copy, median of 9: numbers, widen, check, pack, blocked; ns a number');
  for (const { numbers, widen, check, pack, written, blocked } of costs) {
    const thread = widen + check + pack + blocked;
    const times = [widen, check, pack, blocked].map((time) => time.toFixed(2).padStart(8));
    console.log(
      `${String(numbers).padStart(10)} ${times.join(' ')}; ${((1e6 * thread) / numbers).toFixed(0)} ns; on the disk after ${written.toFixed(0)} ms`,
    );
  }
}
for (const [name, configuration] of Object.entries(NETWORKS)) {
  if (!only.includes(name)) continue;
  for (const backend of values.backends.split(',')) {
    const request = {
      ...{ backend, configuration, pairs: Number(values.pairs) },
      milliseconds: 1000 * Number(values.seconds),
    };
    /** @type {import('./keeping-page.ts').Pair[]} */
    const pairs = await measureInPage('keeping-page.ts', request, values.hardware);
    for (const clock of /** @type {const} */ (['wall', 'cpu'])) {
      const costs = pairs.map(({ kept, alone }) => 100 * (kept[clock] / alone[clock] - 1));
      const epoch = median(pairs.map(({ alone }) => alone[clock]));
      const all = costs.map((cost) => cost.toFixed(1)).join(' ');
      console.log(
        `${name}, ${backend}, ${clock}: ${epoch.toPrecision(3)} ms an epoch; kept ${median(costs).toFixed(2)} % more (${all})`,
      );
    }
  }
}
