/**
 * What it costs to keep images as bytes on the device: an epoch of `mnist` with bytes and with float32, in
 * rounds that take turns: `node tests/bench/bytes.mjs [--rounds 9] [--hardware]`.
 */
import { parseArgs } from 'node:util';
import { measureInPage, median } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    hardware: { type: 'boolean', default: false },
  },
});

/** @type {readonly import('./bytes-page').Row[]} */
const rows = await measureInPage(
  'bytes-page.ts',
  { rounds: Number(values.rounds) },
  values.hardware,
);

console.log(
  'kept as    MB on the device  ms an epoch (least, median, most)  loss of the first epoch',
);
for (const { kept, megabytes, milliseconds, loss } of rows) {
  const times = [Math.min(...milliseconds), median(milliseconds), Math.max(...milliseconds)];
  console.log(
    [
      kept.padEnd(10),
      megabytes.toFixed(1).padStart(16),
      ...times.map((ms) => ms.toFixed(1).padStart(10)),
      `${loss}`.padStart(26),
    ].join(' '),
  );
}
const [bytes, floats] = rows.map(({ milliseconds }) => median(milliseconds));
console.log(`float32 takes ${(floats / bytes).toFixed(3)} times as long as bytes`);
