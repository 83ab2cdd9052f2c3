/** The command line: what is read, and what is refused in one line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  flagsHelp,
  integerFlag,
  quote,
  readFlags,
  readValue,
  UsageError,
} from '../../src/cli/arguments';
import { BENCH_HELP } from '../../src/cli/bench-arguments';
import { hasDisplay } from '../../src/cli/start';
import { readTrainArguments } from '../../src/cli/train-arguments';
import { trainHelp } from '../../src/cli/train-help';
import { allowedValues } from '../../src/training/configuration/check';
import { FIELD_HELP } from '../../src/training/configuration/field-help';
import { CONFIGURATION_KEYS, DEFAULTS } from '../../src/training/configuration/fields';
import { configurationToJson } from '../../src/training/configuration/json';
import { toFlag, withPresentNames } from '../../src/training/configuration/names';
import { formatField } from '../../src/training/configuration/text';
import { findPreset, NAMED_PRESETS } from '../../src/training/presets';
import { loadFixture } from '../fixtures';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shaderprop-arguments-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file in the test's folder. */
function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The message of the UsageError that `args` are refused with. */
function refusal(...args: string[]): string {
  try {
    readTrainArguments(args);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    const { message } = error as UsageError;
    expect(message.split('\n')).toHaveLength(1);
    return message;
  }
  throw new Error(`${args.join(' ')} was not refused`);
}

describe('flags', () => {
  const flags = {
    '--name': { kind: 'value', allowed: 'a name', help: 'Names it.', fallback: 'x' },
    '--loud': { kind: 'boolean', allowed: 'true or false', help: 'Raises\nits voice.' },
    '--help': { kind: 'switch', help: 'Helps.' },
  } as const;

  test('with a space and with = are the same', () => {
    expect(readFlags(['--name', 'a=b'], flags)).toEqual(readFlags(['--name=a=b'], flags));
  });

  test('a value may be empty or start with one dash', () => {
    expect(readFlags(['--name', ''], flags).get('--name')).toBe('');
    expect(readFlags(['--name='], flags).get('--name')).toBe('');
    expect(readFlags(['--name', '-1'], flags).get('--name')).toBe('-1');
  });

  test('a boolean alone is true and leaves the next flag alone', () => {
    expect([...readFlags(['--loud', '--name', 'x'], flags)]).toEqual([
      ['--loud', 'true'],
      ['--name', 'x'],
    ]);
    expect(readFlags(['--loud', 'false'], flags).get('--loud')).toBe('false');
    expect(readFlags(['--loud=false'], flags).get('--loud')).toBe('false');
  });

  test('every line of a help has room in 80 columns, and no default is empty', () => {
    for (const help of [trainHelp(), BENCH_HELP]) {
      const lines = help.split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(help).not.toMatch(/default *(\n|$)/);
      // Flags of all groups begin their text in one column.
      const columns = lines.flatMap((line) => /^ {2}--\S+ +(?=\S)/.exec(line)?.[0].length ?? []);
      expect(new Set(columns).size).toBe(1);
    }
    const long = {
      '--list': { kind: 'value', allowed: 'x '.repeat(60).trim(), help: 'L.' },
    } as const;
    expect(
      flagsHelp(long)
        .split('\n')
        .map((line) => line.length),
    ).toEqual([12, 79, 59]);
    expect(flagsHelp({ '--list': { ...long['--list'], allowed: 'x', fallback: '' } })).toMatch(
      /x; default none$/,
    );
  });

  test('-h asks for the help', () => {
    expect([...readFlags(['-h'], flags).keys()]).toEqual(['--help']);
  });

  test.each([
    [['--what', 'x'], '"--what" is not a known flag; --help lists the flags'],
    [['--nam', 'x'], '"--nam" is not a known flag; did you mean --name?'],
    [['--lous'], '"--lous" is not a known flag; did you mean --loud?'],
    [['-x'], '"-x" is not a known flag; --help lists the flags'],
    [['--name', 'a', '--name', 'b'], '--name is given twice'],
    [['--loud', 'false', '--loud'], '--loud is given twice'],
    [['x'], '"x" is not a flag; --help lists the flags'],
    [['--toString'], '"--toString" is not a known flag; --help lists the flags'],
    [['--name'], '--name: its value is missing; use a name'],
    [['--name', '--loud'], '--name: its value is missing; use a name'],
    [['--'], '"--" is not a known flag; --help lists the flags'],
    [['--loud', 'false', 'true'], '"true" is not a flag; --help lists the flags'],
    [['--loud=true', 'false'], '"false" is not a flag; --help lists the flags'],
    [['--help=1'], '--help: "1" is not allowed; it takes no value'],
  ])('%j is refused', (args, message) => {
    expect(() => readFlags(args, flags)).toThrow(new UsageError(message));
  });

  test('are listed with what they do, what is allowed and what they are without', () => {
    expect(flagsHelp(flags).split('\n')).toEqual([
      '  --name  Names it.',
      '          a name; default x',
      '  --loud  Raises',
      '          its voice.',
      '          true or false',
      '  --help  Helps.',
    ]);
  });

  test('any command line is read or refused in one line', () => {
    const argument = fc.oneof(
      fc.string(),
      fc.constantFrom('--name', '--loud', '--help', '--name='),
    );
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 6 }), (args) => {
        try {
          readFlags(args, flags);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect((error as UsageError).message).not.toMatch(/[\r\n]/);
        }
      }),
      { seed: 1 },
    );
  });

  test('integers are read within their range only', () => {
    const port = integerFlag([1, 100], 8, 'Where.');
    expect(readValue(new Map(), '--port', port)).toBe(8);
    expect(readValue(new Map([['--port', '80']]), '--port', port)).toBe(80);
    for (const text of ['0', '101', '1.5', '-3', '', ' ', 'x', '1e1']) {
      expect(() => readValue(new Map([['--port', text]]), '--port', port)).toThrow(
        new UsageError(
          `--port: ${JSON.stringify(text)} is not allowed; use an integer from 1 to 100`,
        ),
      );
    }
  });
});

describe('npm run train', () => {
  test('without flags is the notebook on webgpu', () => {
    expect(readTrainArguments([])).toEqual({
      help: false,
      task: 'train',
      configuration: DEFAULTS,
      settings: {},
      backend: 'webgpu',
      webgpu: { schedule: 'auto', tuning: 'off' },
      runtime: 'auto',
      threads: availableParallelism(),
      printEvery: 100,
      kernelTimes: false,
      json: false,
    });
  });

  test('reads the old name of the classes, with which the seed decided the split', () => {
    const read = (args: string) => readTrainArguments(args.split(' ')).configuration;
    expect(read('--digits 3,5 --seed 7')).toMatchObject({ classes: [3, 5], seed: 7, splitSeed: 7 });
    expect(read('--classes 3,5 --seed 7')).toMatchObject({ seed: 7, splitSeed: 42 });
    expect(() => read('--classes 3,5 --digits 3,5')).toThrow(
      '--digits: 3, 5 is not allowed; classes is given, and digits is its old name: drop digits',
    );
    expect(() => read('--digits 3')).toThrow(/^--digits: 3 is not allowed; use 2 to 10/);
  });

  test('takes the flags of a run and of its settings', () => {
    const args =
      '--backend reference --learning-rate 0.1 --epochs 5 --hidden 4,3 --seed 7 --classes 3,5,8 --init-scale 0.5 --print-every 2 --json';
    const settings = {
      ...{ learningRate: 0.1, epochs: 5, hidden: [4, 3], seed: 7 },
      ...{ classes: [3, 5, 8], initScale: 0.5 },
    };
    expect(readTrainArguments(args.split(' '))).toEqual({
      help: false,
      task: 'train',
      configuration: { ...DEFAULTS, ...settings },
      settings,
      backend: 'reference',
      webgpu: { schedule: 'auto', tuning: 'off' },
      runtime: 'auto',
      threads: availableParallelism(),
      printEvery: 2,
      kernelTimes: false,
      json: true,
    });
  });

  test('takes every field of the configuration, and its help lists it', () => {
    const help = trainHelp().replaceAll(/\s+/g, ' ');
    for (const key of CONFIGURATION_KEYS) {
      const args = [`${toFlag(key)}=${formatField(DEFAULTS[key])}`];
      expect(readTrainArguments(args).configuration).toEqual(DEFAULTS);
      expect(help).toContain(` ${toFlag(key)} ${FIELD_HELP[key]} `);
      expect(help).toContain(
        `${allowedValues(key)}; default ${formatField(DEFAULTS[key]) || 'none'}`,
      );
    }
  });

  test('no hidden layers is an empty value', () => {
    expect(readTrainArguments(['--hidden', '']).configuration.hidden).toEqual([]);
    expect(readTrainArguments(['--hidden=']).configuration.hidden).toEqual([]);
  });

  test('a boolean flag alone means true', () => {
    const { configuration } = readTrainArguments(['--nesterov', '--momentum', '0.9']);
    expect(configuration).toEqual({ ...DEFAULTS, nesterov: true, momentum: 0.9 });
  });

  test('a wrong value is refused with its flag and what is allowed', () => {
    expect(refusal('--learning-rate', '-1')).toBe(
      `--learning-rate: -1 is not allowed; use ${allowedValues('learningRate')}`,
    );
    expect(refusal('--learning-rate', 'fast')).toBe(
      `--learning-rate: "fast" is not allowed; use ${allowedValues('learningRate')}`,
    );
    expect(refusal('--backend', 'gpu')).toBe(
      '--backend: "gpu" is not allowed; use one of webgpu, cpu, reference',
    );
    expect(refusal('--print-every', '0')).toMatch(
      /^--print-every: "0" is not allowed; use an integer/,
    );
    expect(refusal('--optimizer', 'adam', '--momentum', '0.5')).toMatch(/^--momentum: 0.5 is not/);
    expect(refusal('--classes', '3\n5')).toMatch(/^--classes: /);
  });
});

describe('--preset', () => {
  test('takes a preset’s settings; flags win', () => {
    const { configuration } = readTrainArguments(['--preset', 'challenge-4', '--epochs=7']);
    const preset = findPreset('challenge-4-relu');
    expect(configuration).toEqual({ ...DEFAULTS, ...preset.configuration, epochs: 7 });
  });

  test('what goes together may come from preset and flags', () => {
    const args = ['--preset', 'next-momentum', '--nesterov'];
    expect(readTrainArguments(args).configuration).toMatchObject({ momentum: 0.9, nesterov: true });
    expect(refusal('--preset', 'next-momentum', '--optimizer', 'adam')).toBe(
      '--momentum: 0.9 is not allowed; with the optimizer adam it has to be 0',
    );
  });

  test('a beginning that fits several is refused with their names', () => {
    expect(refusal('--preset', 'challenge-1')).toBe(
      '--preset: "challenge-1" is not allowed; use one of challenge-1-lr-0.1, challenge-1-lr-0.3, challenge-1-lr-0.7, challenge-1-lr-1.0; or all',
    );
    expect(refusal('--preset', 'challenge-3')).toBe(
      '--preset: "challenge-3" is not allowed; use one of challenge-3-hidden-20-10, challenge-3-hidden-32-16; or all',
    );
  });

  test('an unknown one is refused with all names', () => {
    const names = NAMED_PRESETS.map(({ name }) => name).join(', ');
    const message = `--preset: "challenge-9" is not allowed; use one of ${names}; or all`;
    expect(refusal('--preset', 'challenge-9')).toBe(message);
  });

  test('all trains every preset, with the flags’ settings in place of its own', () => {
    const { task, settings } = readTrainArguments(['--preset=all', '--epochs=3', '--nesterov']);
    expect({ task, settings }).toEqual({
      task: 'run-all',
      settings: { epochs: 3, nesterov: true },
    });
    expect(refusal('--preset', 'all', '--epochs', '0')).toMatch(/^--epochs: 0 is not allowed/);
  });

  test('is listed in the help', () => {
    const help = trainHelp();
    for (const { name } of NAMED_PRESETS) expect(help).toContain(name);
  });
});

describe('schedules and plans', () => {
  test('are chosen by flags', () => {
    const args = ['--schedule-kind=persistent', '--tune', 'force'];
    expect(readTrainArguments(args)).toMatchObject({
      task: 'train',
      webgpu: { schedule: 'persistent', tuning: 'force' },
    });
    expect(readTrainArguments(['--plan', '--schedule-kind', 'layered'])).toMatchObject({
      task: 'plan',
      webgpu: { schedule: 'layered' },
    });
  });

  test('flags of every kind are listed in the help', () => {
    for (const flag of ['--preset', '--schedule-kind', '--tune', '--plan', '--kernel-times']) {
      expect(trainHelp()).toContain(`\n  ${flag} `);
    }
  });

  test.each([
    [
      '--schedule-kind flat',
      '"flat" is not allowed; use one of auto, layered, sample-parallel, pers',
    ],
    ['--tune yes', '"yes" is not allowed; use one of off, on, force'],
    ['--schedule-kind layered --backend reference', 'is not allowed with --backend reference'],
    ['--tune-seconds 9', 'has no effect without --tune on or --tune force'],
    ['--tune-seconds 9 --tune off', 'has no effect without --tune on or --tune force'],
    ['--tune-seconds 0 --tune on', '"0" is not allowed; use an integer from 1 to 3600'],
    ['--tune on --backend cpu', 'is not allowed with --backend cpu'],
    ['--plan --backend reference', 'is not allowed with --backend reference'],
    ['--tune on --plan', 'is not allowed with --plan, which trains nothing'],
    ['--print-every 5 --plan', 'is not allowed with --plan'],
    ['--kernel-times --plan', 'is not allowed with --plan'],
    ['--kernel-times --backend cpu', 'is not allowed with --backend cpu: it is for webgpu'],
    ['--kernel-times --preset all', 'is not allowed with --preset all'],
    ['--trace t.json --plan', 'is not allowed with --plan'],
    ['--trace t.json --preset all', 'is not allowed with --preset all'],
    ['--plan --preset all', 'is not allowed with --preset all'],
    ['--print-every 5 --preset all', 'is not allowed with --preset all'],
    ['--config x.json --preset notebook', 'is not allowed with --preset'],
  ])('%s is refused', (line, message) => {
    const args = line.split(' ');
    const refused = refusal(...args);
    expect(refused.startsWith(args[0])).toBe(true);
    expect(refused).toContain(message);
  });
});

describe('--config', () => {
  test('takes a fixture as it is, and its config alone', () => {
    const { config } = loadFixture('challenge-6-batch-32');
    const alone = fileWith('alone.json', JSON.stringify(config));
    const whole = fileWith('whole.json', JSON.stringify({ config, history: {} }));
    const { configuration } = readTrainArguments(['--config', alone]);
    expect(configurationToJson(configuration)).toMatchObject(withPresentNames(config));
    expect(readTrainArguments([`--config=${whole}`]).configuration).toEqual(configuration);
  });

  test('flags win, and what goes together may come from both', () => {
    const file = fileWith('rate.json', '{"learning_rate": 0.1, "min_learning_rate": 0.2}');
    const { configuration } = readTrainArguments(['--learning-rate', '0.3', '--config', file]);
    expect(configuration).toEqual({ ...DEFAULTS, learningRate: 0.3, minLearningRate: 0.2 });
  });

  test('a value that is not allowed is blamed on the file, or on the flag', () => {
    const file = fileWith('wrong.json', '{"epochs": 0}');
    expect(refusal('--config', file)).toBe(
      `--config ${quote(file)}: epochs: 0 is not allowed; use ${allowedValues('epochs')}`,
    );
    expect(refusal('--config', file, '--epochs', '-3')).toMatch(/^--epochs: -3 is not allowed/);
    const unknown = fileWith('unknown.json', '{"epoch": 3}');
    expect(refusal('--config', unknown)).toMatch(
      /epoch: 3 is not allowed; there is no such setting$/,
    );
  });

  test('a file that cannot be read or is no object of settings is refused', () => {
    expect(refusal('--config', join(folder, 'none.json'))).toMatch(
      /none\.json": there is no such file; a JSON file/,
    );
    expect(refusal('--config', folder)).toMatch(/: it is a folder; a JSON file/);
    expect(refusal('--config', fileWith('half.json', '{"epochs":'))).toMatch(/this is not JSON/);
    expect(refusal('--config', fileWith('list.json', '[1]'))).toMatch(
      /there are no settings in it/,
    );
    expect(refusal('--config', fileWith('run.csv', 'epoch,loss\n1,2\n'))).toMatch(/this is a CSV;/);
    const parameters = fileWith('p.json', '{"format":"shaderprop-parameters","parameters":{}}');
    expect(refusal('--config', parameters)).toMatch(/these are parameters/);
  });

  test('takes files as PowerShell writes them, and the page’s and its own', () => {
    const epochsOf = (file: string) => readTrainArguments(['--config', file]).configuration.epochs;
    const marked = join(folder, 'marked.json');
    writeFileSync(marked, '\ufeff{"epochs": 31}', 'utf8');
    expect(epochsOf(marked)).toBe(31);
    const wide = join(folder, 'wide.json');
    writeFileSync(wide, '\ufeff{"epochs": 32}', 'utf16le');
    expect(epochsOf(wide)).toBe(32);
    const run = '{"format":"shaderprop-run","version":1,"configuration":{"epochs":33},"state":{}}';
    expect(epochsOf(fileWith('run.json', run))).toBe(33);
    const document = '{"config":{"epochs":34},"backend":{},"history":{}}';
    expect(epochsOf(fileWith('document.json', document))).toBe(34);
  });
});

test('npm start opens a browser only where it can be seen', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDisplay('darwin', {})).toBe(true);
  expect(hasDisplay('win32', {})).toBe(true);
  expect(hasDisplay('darwin', { CI: 'true' })).toBe(false);
});

describe('hidden layers on the command line', () => {
  const layers = 'dense 5 sigmoid; dense 4 tanh';

  test('are read in their text form, and win over those of a preset', () => {
    expect(readTrainArguments(['--layers', layers]).configuration.layers).toBe(layers);
    const preset = ['--preset', 'challenge-4'];
    const { configuration } = readTrainArguments([...preset, '--layers', layers]);
    expect(configuration).toEqual({
      ...readTrainArguments(preset).configuration,
      ...{ hidden: DEFAULTS.hidden, activation: DEFAULTS.activation, layers },
    });
  });

  test('are refused in both forms at once', () => {
    const both = () => readTrainArguments(['--layers', layers, '--hidden', '5,4']);
    expect(both).toThrow(/--hidden: .*drop hidden, or drop layers/);
  });
});

describe('a list of words that is refused', () => {
  const tanh = '; ACTIVATION is one of sigmoid, tanh, relu, leaky_relu';
  const conv =
    'write conv FILTERS HEIGHTxWIDTH [same] [stride STEPS] ACTIVATION, with 1 to 4096 filters of up to 31x31, odd where "same" pads with zeros, and 1 to 31 steps';
  const point = 'write its x, its y and the number of its class, such as 1.5 -2 0';

  test.each([
    ['--layers', 'dens 8 tanh', 'write one of dense, conv, max_pool, and its sizes'],
    [
      '--layers',
      'dense 8 tan; dense 8 tanh',
      `layer 1, “dense 8 tan”: write dense UNITS ACTIVATION, with 1 to 65536 units${tanh}`,
    ],
    ['--layers', 'dense 8 tanh; conv 3 3 relu', `layer 2, “conv 3 3 relu”: ${conv}${tanh}`],
    [
      '--layers',
      'max_pool 2; max_pool 99',
      'layer 2, “max_pool 99”: write max_pool SIZE, of windows of 1 to 31 rows and columns',
    ],
    ['--layers', 'dense 8 tanh;', 'layer 2, “”: write one of dense, conv, max_pool, and its sizes'],
    ['--layers', 'dense 8 tanh; '.repeat(33).slice(0, -2), 'use up to 32 layers'],
    ['--points', '1 2', point],
    ['--points', '1 2 0; 1 2 x', `point 2, “1 2 x”: ${point}`],
    [
      '--changes',
      '2 dropout 0; 3 colour 2',
      'change 2, “3 colour 2”: write an epoch from 2 on, one of learning_rate, weight_decay, momentum, dropout, and its value, such as 401 learning_rate 0.1',
    ],
    ['--changes', '2 dropout 0; 2 dropout 0.1', 'no setting changes twice in one epoch'],
  ])('is told by the entry that is wrong, and what belongs there: %s %j', (flag, text, advice) => {
    const quoted = JSON.stringify(text);
    const value = quoted.length > 60 ? `${quoted.slice(0, 57)}…` : quoted;
    expect(refusal(flag, text)).toBe(
      `${flag}: ${value} is not allowed; ${advice}; --help has the rest`,
    );
  });
});
