// Compares the histories of two checkouts bit by bit: every fixture's configuration, on every backend.
//   node tests/bench/histories.mjs FOLDER    another checkout, for instance of the commit before:
//   git worktree add --detach ../before COMMIT && node tests/bench/histories.mjs ../before
// JSON gives each number in the fewest digits that read back as the same float64, so equal text means
// equal bits. Exit status 1 where a number differs.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURES = join(ROOT, 'tests/fixtures');

/** Who computes, as flags of the command. Tuning is off: it may choose another plan each time. */
const WAYS = {
  reference: ['--backend', 'reference'],
  cpu: ['--backend', 'cpu'],
  webgpu: ['--backend', 'webgpu', '--tune', 'off'],
  'webgpu, layered': ['--backend', 'webgpu', '--schedule-kind', 'layered'],
};

/**
 * What a checkout's command line gives for a configuration, less who computed and how long it took.
 *
 * @param {string} root
 * @param {string} config path of the configuration
 * @param {readonly string[]} flags
 */
async function runOf(root, config, flags) {
  const args = ['src/cli/launch.mjs', 'train', '--config', config, '--json', ...flags];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (complaint += text));
  const status = await new Promise((done) => child.once('close', done));
  if (status !== 0) throw new Error(`${root}: ${flags.join(' ')}: ${complaint.slice(-500)}`);
  const { history, final } = JSON.parse(output);
  return { history, final };
}

/**
 * The places at which two documents differ, as paths; a number is as good as its text.
 *
 * @param {unknown} before
 * @param {unknown} after
 * @param {string} path
 * @returns {string[]}
 */
function differences(before, after, path = '') {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null)
    return Object.is(before, after) ? [] : [`${path}: ${before} → ${after}`];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    differences(Reflect.get(before, key), Reflect.get(after, key), path ? `${path}.${key}` : key),
  );
}

const other = process.argv[2];
if (other === undefined) {
  process.stderr.write('histories: name the folder of another checkout\n');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'shaderprop-histories-'));
let passed = 0;
let failed = 0;
try {
  // Those in folders have other forms.
  for (const file of readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const { config } = JSON.parse(readFileSync(join(FIXTURES, file), 'utf8'));
    const path = join(folder, file);
    writeFileSync(path, JSON.stringify(config));
    for (const [name, flags] of Object.entries(WAYS)) {
      const [before, after] = await Promise.all([
        runOf(resolve(other), path, flags),
        runOf(ROOT, path, flags),
      ]);
      const found = differences(before, after);
      if (found.length === 0) passed++;
      else failed++;
      const epochs = after.history.loss.length;
      const verdict = found.length === 0 ? 'equal' : `${found.length} differ; first ${found[0]}`;
      process.stdout.write(`${file.replace('.json', '')}, ${name}: ${epochs} epochs, ${verdict}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
