/** `--clear-tuning` of train and bench: the stored measurements are gone, and nothing else is done. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { main as bench } from '../../src/cli/bench';
import { main as train } from '../../src/cli/train';
import { readTuning, writeTuning } from '../../src/cli/tuning-file';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shaderprop-clear-'));
  file = join(folder, 'tuning.json');
  vi.stubEnv('SHADERPROP_TUNING', file);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const COMMANDS = {
  train,
  bench: (args, output) =>
    bench(args, output, async () => {
      throw new Error('measures');
    }),
} satisfies Record<string, typeof train>;

async function run(command: keyof typeof COMMANDS, ...args: string[]) {
  const printed: string[] = [];
  const warned: string[] = [];
  const status = await COMMANDS[command](args, {
    print: (text) => printed.push(text),
    warn: (text) => warned.push(text),
  });
  return { status, printed, warned };
}

describe.each(['train', 'bench'] as const)('npm run %s', (command) => {
  test('clears the file and names it', async () => {
    await writeTuning(file, 'a', { winner: 'layered', timings: [] });
    const { status, printed, warned } = await run(command, '--clear-tuning');
    expect({ status, warned }).toEqual({ status: 0, warned: [] });
    expect(printed).toEqual([`The stored tuning is cleared: ${file}`]);
    expect(existsSync(file)).toBe(false);
  });

  test('clears nothing quietly where nothing is stored', async () => {
    expect((await run(command, '--clear-tuning')).status).toBe(0);
  });

  test('refuses other flags beside it, and leaves the file alone', async () => {
    await writeTuning(file, 'a', 1);
    const { status, printed, warned } = await run(command, '--json', '--clear-tuning');
    expect({ status, printed }).toEqual({ status: 2, printed: [] });
    expect(warned).toEqual([
      `${command}: --json is not allowed with --clear-tuning, which does nothing else`,
    ]);
    expect(await readTuning(file, 'a')).toBe(1);
  });

  test('says in its help where the file is', async () => {
    await writeTuning(file, 'a', 1);
    const { printed } = await run(command, '--clear-tuning', '--help');
    expect(printed.join()).toMatch(/\n {2}--clear-tuning [^-]*\sshaderprop\/tuning\.json /);
    expect(printed.join()).toContain('SHADERPROP_TUNING');
    expect(await readTuning(file, 'a')).toBe(1);
  });
});
