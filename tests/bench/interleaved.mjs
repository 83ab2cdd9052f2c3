/**
 * Two checkouts of this project side by side: `node tests/bench/interleaved.mjs ../before [--runs 3]
 * [--only notebook,image] [--quick]`. Runs the benchmark of each in turns (before, after, after, before, …). A machine's
 * pace moves by more within minutes than most changes are worth, so two neighbouring runs are a pair, and what
 * counts is the ratio of each pair: printed are their median and spread for each contender, and whether
 * the pairs agree on which side is faster. A run takes three minutes, with --quick one; nothing else should
 * run beside it.
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

/** Medians of all runs in milliseconds, by workload and contender, in the order of the pairs; null where there is none. */
const medians = /** @type {Map<string, Record<Side, (number | null)[]>>} */ (new Map());

/**
 * @param {Side} side
 * @param {number} pair
 */
function run(side, pair) {
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
      both[side][pair] = median_ms;
      medians.set(key, both);
    }
  }
  return adapter;
}

/** @param {readonly number[]} values */
function spread(values) {
  if (values.length === 0) return { least: Number.NaN, most: Number.NaN, words: '–' };
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const median = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  const [middle, from, to] = [median, least, most].map((value) => value.toPrecision(3));
  return { least, most, words: `${middle} (${from}–${to})` };
}

/** @param {readonly number[]} ratios */
function verdict(ratios) {
  const { least, most } = spread(ratios);
  if (ratios.length === 0) return '–';
  if (ratios.length === 1) return 'one pair has no spread';
  if (least > 1) return 'faster in every pair';
  return most < 1 ? 'slower in every pair' : 'within its spread';
}

let adapter = '';
for (let pair = 0; pair < runs; pair++) {
  /** @type {readonly Side[]} */
  const turn = pair % 2 === 0 ? ['before', 'after'] : ['after', 'before'];
  for (const side of turn) {
    console.error(`pair ${pair + 1} of ${runs}: ${side}`);
    adapter = run(side, pair);
  }
}
console.log(
  `${adapter}; ${runs} pairs of runs: median (least–most); ms, and before / after by pairs`,
);
const row = (/** @type {readonly string[]} */ [name, ...cells]) =>
  console.log(`${name.padEnd(32)}${cells.map((cell) => cell.padEnd(26)).join('')}`.trimEnd());
row(['', 'before', 'after', 'before / after', 'difference']);
/** @param {readonly (number | null)[]} list */
const known = (list) => list.filter((ms) => typeof ms === 'number');
for (const [name, { before, after }] of medians) {
  const ratios = before.flatMap((ms, pair) => {
    const other = after[pair] ?? null;
    return ms === null || other === null ? [] : [ms / other];
  });
  row([
    name,
    spread(known(before)).words,
    spread(known(after)).words,
    spread(ratios).words,
    verdict(ratios),
  ]);
}
