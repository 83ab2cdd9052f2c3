/** `npm run train -- --save FILE`, then `--from FILE --from-layers N --freeze N`: what a run learned goes on in another. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/train';
import { setStartStore } from '../../src/training/files/start-file';

const folder = mkdtempSync(join(tmpdir(), 'shaderprop-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
writeFileSync(at('settings.json'), '{"epoch":3}');

async function run(...args: readonly string[]) {
  const printed: string[] = [];
  const warned: string[] = [];
  const status = await main(['--backend', 'cpu', '--threads', '1', '--epochs', '4', ...args], {
    print: (line) => printed.push(line),
    warn: (line) => warned.push(line),
  });
  return { status, printed: printed.join('\n'), warned: warned.join('\n') };
}

interface Saved {
  readonly network: object;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const saved = (name: string) => JSON.parse(readFileSync(at(name), 'utf8')) as Saved;
const NETWORK = ['--hidden', '6,4', '--init', 'he_normal'];
const SECOND = [...NETWORK, '--classes', '2,3,4', '--seed', '7', '--optimizer', 'adam'];

describe('a run that goes on in another', () => {
  it('is saved, and its frozen layers are still those of the file in the end', async () => {
    const first = await run(...NETWORK, '--scaling', 'unit', '--save', at('first.json'));
    expect(first).toMatchObject({ status: 0, warned: '' });
    const from = ['--from', at('first.json'), '--from-layers', '1', '--freeze', '1'];
    const second = await run(
      ...SECOND,
      '--scaling',
      'unit',
      ...from,
      '--save',
      at('second.json'),
      '--json',
    );
    expect(second.status).toBe(0);
    const [before, after] = [saved('first.json'), saved('second.json')];
    for (const name of ['W1', 'b1']) {
      expect(after.parameters[name], name).toEqual(before.parameters[name]);
    }
    expect(after.parameters.W2).not.toEqual(before.parameters.W2);

    const { config, history } = JSON.parse(second.printed) as Record<'config' | 'history', object>;
    expect(config).toMatchObject({
      from: expect.stringMatching(/^file:first\.json; bytes=\d+; sha256=[0-9a-f]{64}$/),
      ...{ from_layers: 1, freeze: 1 },
    });
    // The run's document asks for the file, by what is in it.
    setStartStore(async () => undefined);
    writeFileSync(at('run.json'), second.printed);
    const missing = await run('--config', at('run.json'));
    expect(missing.status).toBe(2);
    expect(missing.warned).toMatch(
      /^train: --from: This needs the file first\.json, of [\d,]+ bytes, with the SHA-256 \w{64}\. Give it with --from$/,
    );
    const other = await run('--config', at('run.json'), '--from', at('second.json'));
    expect(other.warned).toContain('this is another file, with the SHA-256');
    writeFileSync(at('renamed.json'), readFileSync(at('first.json')));
    const again = await run('--config', at('run.json'), '--from', at('renamed.json'), '--json');
    expect(JSON.parse(again.printed)).toMatchObject({ config, history });
  });

  it('says what is otherwise than where the layers come from', async () => {
    const from = ['--from', at('first.json'), '--from-layers', '2'];
    const { status, warned } = await run(...NETWORK, ...from);
    expect({ status, warned }).toEqual({
      status: 0,
      warned: 'train: Its layers were trained with the scaling unit; this run has standard.',
    });
  });

  it.each([
    [['--from', at('none.json'), '--from-layers', '1'], '--from "', 'there is no such file'],
    [['--from', at('first.json')], '--from-layers: 0 is not allowed; use an integer from 1 to 3'],
    [
      ['--from', at('first.json'), '--from-layers', '1', '--hidden', '7'],
      '--from: "layer 1: dense 6 sigmoid" is not allowed; this network has dense 7 sigmoid there',
    ],
    [
      ['--from', at('settings.json'), '--from-layers', '1'],
      'settings.json": epoch: 3 is not allowed; there is no such setting',
    ],
    [['--from', folder, '--from-layers', '1'], `--from "${folder}": it is a folder`],
    [['--freeze', '3'], '--freeze: 3 is not allowed; use at most 2'],
    [
      ['--from', 'preset:nothing', '--from-layers', '1'],
      '--from: "preset:nothing" is not allowed; there is no preset nothing',
    ],
    [['--preset', 'transfer'], 'Train it with --preset transfer-source --save FILE, and give'],
    [['--save', folder], '--save "', 'cannot be written: it is a folder'],
    [
      ['--from', at('first.json'), '--from-layers', '1', '--save', at('first.json')],
      '--save names the file of --from; give it another',
    ],
    [['--save', join(at('first.json'), 'x')], 'cannot be written: a part of its path is a file'],
    [['--preset', 'all', '--save', at('x.json')], '--save is not allowed with --preset all'],
  ])('is refused in one line: %j', async (args, ...words) => {
    const { status, warned } = await run(...args);
    expect(status).toBe(2);
    expect(warned.split('\n')).toHaveLength(1);
    for (const word of words) expect(warned).toContain(word);
  });
});
