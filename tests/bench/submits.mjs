/**
 * The longest submit of every preset on WebGPU, and of single samples through 512, 512 units, where ten
 * pauses are timed as well: `node tests/bench/submits.mjs [--seconds 3] [--hardware]`. Nothing else
 * should run beside it.
 */
import { parseArgs } from 'node:util';
import { measureInPage, median } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    hardware: { type: 'boolean', default: false },
  },
});

const rows = await measureInPage(
  'submits-page.ts',
  { milliseconds: 1000 * Number(values.seconds) },
  values.hardware,
);

console.log(
  `${'configuration'.padEnd(34)} submits  median ms  longest ms  first at ms  ms to pause`,
);
for (const { name, submits, pauses } of rows) {
  const longest = Math.max(...submits);
  console.log(
    [
      name.padEnd(34),
      String(submits.length).padStart(7),
      median(submits).toFixed(1).padStart(10),
      longest.toFixed(1).padStart(11),
      `#${submits.indexOf(longest) + 1}`.padStart(12),
      pauses.length > 0
        ? `${Math.min(...pauses).toFixed(0)} to ${Math.max(...pauses).toFixed(0)}`
        : '',
    ].join(' '),
  );
}
