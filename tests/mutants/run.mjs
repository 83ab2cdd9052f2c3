/**
 * Plants bugs one by one and asks whether the tests named for each see it: `npm run test:mutants`, with
 * ids or parts of file names behind it for some only. A file is changed in place and put back, also when
 * the run is interrupted. Exits with 1 where a bug survives or its line is no longer there.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { MUTANTS } from './mutants.mjs';
import { placesOf, ROOT } from './places.mjs';

/**
 * Files as they were, by path, while they are changed.
 *
 * @type {Map<string, string>}
 */
const originals = new Map();
/**
 * The run of tests under way.
 *
 * @type {import('node:child_process').ChildProcess | null}
 */
let child = null;

function putBack() {
  for (const [path, text] of originals) writeFileSync(path, text);
  originals.clear();
}

process.on('exit', putBack);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    child?.kill();
    process.exit(130);
  });
}

/**
 * Changes the one place of a mutant; false where there is none, or more than one.
 *
 * @param {import('./mutants.mjs').Mutant} mutant
 */
function plant(mutant) {
  const [path, ...others] = placesOf(mutant);
  if (path === undefined || others.length > 0) return false;
  const text = readFileSync(path, 'utf8');
  originals.set(path, text);
  writeFileSync(
    path,
    text.replace(mutant.before, () => mutant.after),
  );
  return true;
}

/**
 * Whether tests fail; undefined where none ran.
 *
 * @param {string} test - `unit/trainer`, or `parity/candidates > norms` for those of a name only
 */
async function fails(test) {
  const [file, name] = test.split(' > ');
  const project = file.split('/')[0];
  const options = ['run', '--project', `${project}*`, '--bail', '1', `tests/${file}.test.ts`];
  /** @type {Buffer[]} */
  const log = [];
  const run = spawn('npx', ['vitest', ...options, ...(name === undefined ? [] : ['-t', name])], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = run;
  run.stdout.on('data', (data) => log.push(data));
  run.stderr.on('data', (data) => log.push(data));
  const code = await new Promise((done) => run.on('close', done));
  const text = Buffer.concat(log).toString();
  // A run that dies, or finds no test, says nothing about the bug.
  if (!/\d+ (passed|failed)/.test(text)) return undefined;
  return code !== 0;
}

const wanted = process.argv.slice(2);
const chosen = MUTANTS.filter(
  ({ id, file }) => wanted.length === 0 || wanted.some((part) => id === part || file === part),
);

let bad = 0;
const started = Date.now();
/** @param {string} id @param {string} result */
const say = (id, result) => console.log(`${id.padEnd(5)} ${result}`);

// What fails on the code as it is would count as catching everything.
for (const test of new Set(chosen.flatMap(({ tests }) => tests))) {
  const isFailing = await fails(test);
  if (isFailing === false) continue;
  say('', `${test} ${isFailing === undefined ? 'did not run' : 'fails without a bug'}`);
  bad++;
}
for (const mutant of bad === 0 ? chosen : []) {
  const { id, file, change, tests } = mutant;
  try {
    if (!plant(mutant)) {
      say(id, `NO LONGER APPLIES: ${file}: ${change}`);
      bad++;
      continue;
    }
    /** @type {string[]} */
    const missed = [];
    for (const test of tests) if (!(await fails(test))) missed.push(test);
    if (missed.length > 0) bad++;
    const result = missed.length === 0 ? 'caught' : `SURVIVES ${missed.join(', ')}`;
    say(id, `${result}: ${file}: ${change}`);
  } finally {
    putBack();
  }
}
const seconds = Math.round((Date.now() - started) / 1000);
console.log(`${chosen.length} bugs in ${seconds} s; ${bad === 0 ? 'all caught' : `${bad} not`}`);
process.exitCode = bad === 0 ? 0 : 1;
