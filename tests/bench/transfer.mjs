/**
 * Transfer learning: what 100 images of the digits 5 to 9 give, with the convolutions of a network that knows
 * 0 to 4 and without, seed by seed; the same images each time. On the backend cpu.
 * `node tests/bench/transfer.mjs [--seeds 1,2,3,4,5] [--source-epochs 3]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3,4,5' },
    'source-epochs': { type: 'string', default: '3' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'shaderprop-transfer-'));
const source = join(folder, 'source.json');

/**
 * The test accuracy in the end.
 *
 * @param {readonly string[]} flags
 */
function train(flags) {
  const command = ['src/cli/launch.mjs', 'train', '--backend', 'cpu', '--json', ...flags];
  const output = execFileSync('node', command, { stdio: ['ignore', 'pipe', 'ignore'] });
  return /** @type {{ final: { accuracy: number } }} */ (JSON.parse(output.toString())).final
    .accuracy;
}

const FORMS = {
  'frozen convolutions': ['--from', source],
  'the same, trained on': ['--from', source, '--freeze', '0'],
  'all layers anew': ['--from', '', '--freeze', '0'],
};
try {
  /** @type {Record<string, number[]>} */
  const found = Object.fromEntries(Object.keys(FORMS).map((name) => [name, []]));
  for (const seed of values.seeds.split(',')) {
    const of = ['--seed', seed];
    const epochs = ['--epochs', values['source-epochs']];
    const before = train(['--preset', 'transfer-source', '--save', source, ...epochs, ...of]);
    const row = Object.entries(FORMS).map(([name, flags]) => {
      const accuracy = train(['--preset', 'transfer', ...flags, ...of]);
      found[name].push(accuracy);
      return `${name} ${accuracy.toFixed(4)}`;
    });
    console.log(`seed ${seed}: 0 to 4 ${before.toFixed(4)}; 5 to 9: ${row.join(', ')}`);
  }
  for (const [name, accuracies] of Object.entries(found)) {
    const mean = accuracies.reduce((sum, one) => sum + one, 0) / accuracies.length;
    const [least, most] = [Math.min(...accuracies), Math.max(...accuracies)];
    console.log(`${name}: mean ${mean.toFixed(4)}, ${least.toFixed(4)} to ${most.toFixed(4)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
