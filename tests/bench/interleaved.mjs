/**
 * Two checkouts of this project side by side: `node tests/bench/interleaved.mjs ../before [--runs 3]
 * [--only notebook,image] [--quick]`. Runs the benchmark of each in turns (before, after, after, before, …), so that a
 * machine that grows slower does so for both, and prints each contender's median of the runs' medians
 * with their spread. A run takes three minutes, with --quick one; nothing else should run beside it.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: 'notebook,image' },
    quick: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
if (positionals.length !== 1 || !(Number.isInteger(runs) && runs > 0)) {
  console.error(
    'usage: node tests/bench/interleaved.mjs PATH [--runs N] [--only WORKLOADS] [--quick]',
  );
  process.exit(2);
}
const CHECKOUTS = {
  before: resolve(positionals[0]),
  after: fileURLToPath(new URL('../..', import.meta.url)),
};
/** @typedef {keyof typeof CHECKOUTS} Side */

/** Medians of all runs in milliseconds, by workload and contender, a list a side. */
const medians = /** @type {Map<string, Record<Side, number[]>>} */ (new Map());

/** @param {Side} side */
function run(side) {
  const flags = ['--json', '--only', values.only, ...(values.quick ? ['--quick'] : [])];
  const printed = execFileSync(process.execPath, ['src/cli/launch.mjs', 'bench', ...flags], {
    cwd: CHECKOUTS[side],
    encoding: 'utf8',
    // What it says of its progress is shown only where it fails.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {import('../../src/bench/results').BenchDocument} */
  const { workloads, adapter } = JSON.parse(printed);
  for (const { name: workload, contenders } of workloads) {
    for (const { name, median_ms } of contenders) {
      const key = `${workload} ${name}`;
      const both = medians.get(key) ?? { before: [], after: [] };
      if (median_ms !== null) both[side].push(median_ms);
      medians.set(key, both);
    }
  }
  return adapter;
}

/** @param {readonly number[]} times */
function spread(times) {
  if (times.length === 0) return { median: Number.NaN, words: '–' };
  const sorted = [...times].sort((a, b) => a - b);
  const median = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  const [middle, least, most] = [median, sorted[0], sorted[sorted.length - 1]].map((ms) =>
    ms.toPrecision(3),
  );
  return { median, words: `${middle} (${least}–${most})` };
}

let adapter = '';
for (let i = 0; i < runs; i++) {
  /** @type {readonly Side[]} */
  const turn = i % 2 === 0 ? ['before', 'after'] : ['after', 'before'];
  for (const side of turn) {
    console.error(`run ${i + 1} of ${runs}: ${side}`);
    adapter = run(side);
  }
}
console.log(`${adapter}; ${runs} runs each, ms: median of the runs’ medians (least–most)`);
const row = (/** @type {readonly string[]} */ [name, ...cells]) =>
  console.log(name.padEnd(32) + cells.map((cell) => cell.padEnd(28)).join(''));
row(['', 'before', 'after', 'before / after']);
for (const [name, { before, after }] of medians) {
  const [was, is] = [spread(before), spread(after)];
  const ratio = was.median / is.median;
  row([name, was.words, is.words, Number.isNaN(ratio) ? '–' : ratio.toFixed(2)]);
}
