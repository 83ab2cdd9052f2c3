/** `npm run train -- --data FILE`: a table from the disk to the report, and back by what the run's document says of it. */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { fashionMnistFolder } from '../../src/cli/fashion-mnist';
import { main } from '../../src/cli/train';
import type { TrainDocument } from '../../src/session/run';
import { idxSet } from '../support/idx-files';

const folder = mkdtempSync(join(tmpdir(), 'shaderprop-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

async function run(...args: readonly string[]) {
  const printed: string[] = [];
  const warned: string[] = [];
  const status = await main(['--backend', 'cpu', '--threads', '1', ...args], {
    print: (line) => printed.push(line),
    warn: (line) => warned.push(line),
  });
  return { status, printed: printed.join('\n'), warned: warned.join('\n') };
}

const KINDS = ['été', 'hiver', 'Ångström'];
const rows = Array.from({ length: 60 }, (_, i) => {
  const kind = i % 3;
  return `${kind + i / 100};${(2 - kind) * 1.5 - i / 90};${KINDS[kind]}`.replaceAll('.', ',');
});
const wines = file('weine; 2026.csv', `Säure;Zucker;Sorte\n${rows.join('\n')}\n`);
const QUICK = ['--epochs', '60', '--optimizer', 'adam', '--learning-rate', '0.05'];

describe('a table of one’s own', () => {
  it('is trained, and its classes have their names in the report', async () => {
    const { status, printed, warned } = await run('--data', wines, ...QUICK);
    expect(warned).toBe(
      'train: semicolons between the columns, a header, decimal commas; 60 rows of 2 features, with 3 classes in Sorte: hiver, Ångström, été',
    );
    expect(status).toBe(0);
    expect(printed).toMatch(/hiver +1\.00 +1\.00 +1\.00 +4\n +Ångström .*\n +été /);
    expect(printed).toContain('[[4 0 0]\n [0 4 0]\n [0 0 4]]');
  });

  it('is named by the run’s document, which asks for it and takes no other', async () => {
    const first = await run('--data', wines, '--label-column', 'Sorte', ...QUICK, '--json');
    const document = file('run.json', first.printed);
    const { config } = JSON.parse(first.printed) as { config: { dataset: string } };
    expect(config.dataset).toMatch(
      /^file:weine%3B 2026\.csv; bytes=\d+; sha256=[0-9a-f]{64}; features=2; classes=3; label=Sorte$/,
    );

    const renamed = file('other name.csv', `Säure;Zucker;Sorte\n${rows.join('\n')}\n`);
    const again = await run('--config', document, '--data', renamed, '--json');
    const history = (text: string) => (JSON.parse(text) as { history: unknown }).history;
    expect(history(again.printed)).toEqual(history(first.printed));

    const edited = file('edited.csv', `Säure;Zucker;Sorte\n${rows.slice(1).join('\n')}\n`);
    const refused = await run('--config', document, '--data', edited);
    expect(refused.status).toBe(2);
    expect(refused.warned).toMatch(
      /this is another file, with the SHA-256 \w+\. This needs the file/,
    );
  });

  it.each([
    [['--data', join(folder, 'none.csv')], 'there is no such file'],
    [['--data', join(wines, 'x.csv')], 'a part of its path is a file, not a folder'],
    [['--label-column', 'x'], '--label-column has no effect without --data'],
    [['--data', wines, '--dataset', 'iris'], '--dataset is not allowed with --data'],
    [['--data', wines, '--label-column', 'Jahr'], 'There is no column “Jahr”'],
    [
      ['--data', wines, '--classes', '0,3'],
      '--classes: 0, 3 is not allowed; weine; 2026.csv has the classes 0 (hiver), 1 (',
    ],
    [
      ['--dataset', `file:a.csv; bytes=9; sha256=${'0'.repeat(64)}; features=2; classes=2`],
      '--dataset: This needs the file a.csv, of 9 bytes, with the SHA-256 0000',
    ],
    [
      ['--dataset', `file:a.csv; bytes=1; sha256=${'0'.repeat(64)}; features=2; classes=2`],
      '--dataset: This needs the file a.csv, of 1 byte, with the SHA-256 0000',
    ],
    [['--data', wines, '--test-samples', '1'], 'the test set of 1 sample must have one of each'],
  ])('%j is refused in one line', async (args, message) => {
    const { status, warned } = await run(...args);
    expect(warned.split('\n').at(-1)).toContain(message);
    expect(status).toBe(2);
  });

  it('may come through a pipe', async () => {
    const plain = file('plain.csv', `x,y,kind\n${'1,2,a\n3,4,b\n'.repeat(10)}`);
    const pipe = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    spawn('sh', ['-c', `cat '${plain}' > '${pipe}'`]);
    const { status, warned } = await run('--data', pipe, '--epochs', '1');
    expect({ status, warned }).toEqual({
      status: 0,
      warned:
        'train: commas between the columns, a header; 20 rows of 2 features, with 2 classes in kind: a, b',
    });
  });

  it.each([
    ['C0', '\u001b[31m'],
    ['DEL', '\u007f'],
    ['C1', '\u009b31m'],
    ['an override of direction', '\u202e'],
    ['an isolate', '\u2066'],
    ['a mark of direction', '\u200f'],
    ['the Arabic letter mark', '\u061c'],
  ])('has no say in the terminal by the names in it: %s', async (_, code) => {
    const name = `${code}a`;
    const shown = `·${code.slice(1)}a`;
    const strange = file('strange.csv', `x,y,kind\n${`1,2,${name}\n3,4,b\n`.repeat(10)}`);
    const { warned, printed } = await run('--data', strange, '--epochs', '1');
    expect(warned).toContain(`in kind: `);
    expect(warned).toContain(shown);
    expect(printed).toMatch(/\n +·\S*a +\d/);
    expect(warned + printed).not.toContain(code[0]);

    const { printed: json } = await run('--data', strange, '--epochs', '1', '--json');
    expect(json).not.toContain(code[0]);
    expect((JSON.parse(json) as { final: object }).final).toHaveProperty(
      'classification_report',
      expect.stringContaining(name),
    );

    const missing = await run('--data', join(folder, `none${name}`));
    expect(missing.warned).not.toContain(code[0]);
  });

  it('has long names of classes and columns shortened in what is printed, each still another', async () => {
    const long = 'long '.repeat(500);
    const kinds = [`${long}a`, `${long}b`, `${long}b${long}`, `${long}c${long}`];
    const name = `width\n${long}`;
    const strange = file(
      'long.csv',
      `"${name}",y,"${long}",kind\n${kinds
        .map((kind, i) => `${i},2,text,${kind}\n`)
        .join('')
        .repeat(10)}`,
    );
    const flags = ['--data', strange, '--epochs', '1', '--label-column', '4'];
    const { warned, printed } = await run(...flags);
    expect(
      Math.max(...`${warned}\n${printed}`.split('\n').map((line) => line.length)),
    ).toBeLessThan(300);
    const table = printed.slice(printed.indexOf('Classification Report'));
    const rows = [...table.matchAll(/^ *(\S.*long.*?) +[01]\.\d\d /gm)].map(([, row]) => row);
    expect(rows).toHaveLength(4);
    expect(new Set(rows).size).toBe(4);
    const { printed: json } = await run(...flags, '--json');
    const { final } = JSON.parse(json) as TrainDocument;
    for (const kind of kinds) expect(final.classification_report).toContain(kind.trim());
  });

  it('is not written over, by whichever name it is called', async () => {
    const content = readFileSync(wines, 'utf8');
    const link = join(folder, 'link.csv');
    symlinkSync(wines, link);
    for (const flag of ['--save', '--trace']) {
      const { status, warned } = await run('--data', wines, ...QUICK, flag, link);
      expect(warned.split('\n').at(-1)).toBe(
        `train: ${flag} names the file of --data; give it another`,
      );
      expect(status).toBe(2);
    }
    expect(readFileSync(wines, 'utf8')).toBe(content);
    const both = join(folder, 'both.json');
    const { warned } = await run('--epochs', '1', '--save', both, '--trace', both);
    expect(warned).toBe('train: --save names the file of --trace; give it another');
  });

  it('leaves rows out only where that is asked for', async () => {
    const holes = file('holes.csv', `x,y,kind\n${'1,2,a\n3,4,b\n'.repeat(10)}5,,a\n`);
    const refused = await run('--data', holes, '--epochs', '1');
    expect(refused.warned).toContain(
      '1 of 21 rows lacks a value, in line 22, column 2 (y): “”. With --drop-missing such rows are left out',
    );
    const { status, warned } = await run('--data', holes, '--epochs', '1', '--drop-missing');
    expect(status).toBe(0);
    expect(warned).toContain('train: 1 row lacks a value and is left out');
  });
});

describe('a folder with IDX files', () => {
  it('is trained, split as its files are, with the names of its classes', async () => {
    const path = join(folder, 'fashion');
    mkdirSync(path);
    for (const { name, bytes } of idxSet(40, 20, 10)) writeFileSync(join(path, name), bytes);
    writeFileSync(join(path, 'README.txt'), 'Of no use here.');
    const { status, printed, warned } = await run('--data', path, ...QUICK, '--split-seed', '7');
    expect(warned).toContain('60 rows of 6 features, with 10 classes in train-labels-idx1-ubyte');
    expect(warned).toContain('--split-seed has no effect here.');
    expect(status).toBe(0);
    expect(printed).toMatch(/Ankle boot( +\d\.\d\d){3} +2\n/);
  });

  it('may be called fashion_mnist and lie elsewhere', async () => {
    const path = join(folder, 'fashion');
    const named = ['--dataset', 'fashion_mnist', '--data', path];
    const { status, printed } = await run(...named, '--epochs', '1', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(printed).config.dataset).toMatch(/^file:fashion; bytes=/);
    expect(() => fashionMnistFolder(folder)).toThrow(
      /--dataset fashion_mnist: its files are not in .*dataset-fashion-mnist; .* --data DIR$/,
    );
  });

  it('is refused in words where a file is missing', async () => {
    const path = join(folder, 'empty');
    mkdirSync(path);
    const { status, warned } = await run('--data', path);
    expect(status).toBe(2);
    expect(warned).toContain('Four IDX files make a set');
  });
});

/** The folder of the real files, or why there is none. */
function fashionMnist(): string | Error {
  try {
    return fashionMnistFolder();
  } catch (error) {
    return error as Error;
  }
}

if (inject('thorough')) {
  const real = fashionMnist();
  if (real instanceof Error) {
    it('Fashion-MNIST is not installed here, and its package is named', async () => {
      const { status, warned } = await run('--dataset', 'fashion_mnist');
      expect(status).toBe(2);
      expect(warned).toBe(`train: ${real.message}`);
      expect(warned).toContain('dataset-fashion-mnist');
    });
  } else {
    it('Fashion-MNIST itself is known by its labels, under any name', async () => {
      const renamed = join(folder, 'clothes');
      cpSync(real, renamed, { recursive: true });
      const settings = [
        ...['--train-samples', '6000', '--scaling', 'unit', '--hidden', '64'],
        ...['--activation', 'relu', '--init', 'he_normal', '--optimizer', 'adam'],
        ...['--learning-rate', '0.002', '--batch-size', '64', '--epochs', '5'],
      ];
      const { status, printed, warned } = await run('--data', renamed, ...settings);
      expect(status).toBe(0);
      expect(warned).toContain('70000 rows of 784 features, with 10 classes in train-labels');
      // Shirts are what is confused with others; trousers are not.
      const scoreOf = (name: string) =>
        Number(new RegExp(`${name}(?: +(\\d\\.\\d\\d)){3} +1000`).exec(printed)?.[1]);
      expect(scoreOf('Trouser')).toBeGreaterThan(0.9);
      expect(scoreOf('Shirt')).toBeLessThan(0.75);
    });
  }
}
