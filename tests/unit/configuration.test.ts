/** The configuration: what is refused, and in which words; what comes back from JSON and from text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allowedValues,
  checkConfiguration,
  checkField,
} from '../../src/training/configuration/check';
import {
  CONFIGURATION_KEYS,
  type Configuration,
  DEFAULTS,
  FIELDS,
  type Field,
} from '../../src/training/configuration/fields';
import { configurationFromJson, configurationToJson } from '../../src/training/configuration/json';
import {
  keyOfName,
  toFlag,
  toSnakeCase,
  withPresentNames,
} from '../../src/training/configuration/names';
import { formatField, parseField } from '../../src/training/configuration/text';
import { adviceOf, InvalidInputError } from '../../src/training/errors';
import { FIXTURE_NAMES, loadFixture } from '../fixtures';
import { anyConfiguration } from '../support/any-configuration';

/** Values that a field must refuse, each for a reason of its own. */
function refusedValues(field: Field): readonly unknown[] {
  switch (field.kind) {
    case 'boolean':
      return ['true', 1, null, undefined];
    case 'choice':
      return ['no such choice', field.choices[0].toUpperCase(), '', 0, null];
    case 'dataset': {
      const name = `file:my.csv; bytes=4551; sha256=${'3f'.repeat(32)}; features=4; classes=3`;
      return [
        ...['no such data set', 'Digits', '', 0, null, 'file:', 'file:my.csv', `${name}; more`],
        ...[name.replace('3f', '3F'), name.replace('classes=3', 'classes=101'), `${name}; train=0`],
      ];
    }
    case 'integers':
      return [
        [field.minimum - 1, field.maximum],
        [field.minimum, field.maximum + 1],
        [field.minimum, 1.5],
        [field.minimum, Number.NaN],
        [field.minimum, '1'],
        Array(field.mostCount + 1).fill(field.minimum),
        ...(field.leastCount > 0 ? [Array(field.leastCount - 1).fill(field.minimum)] : []),
        ...(field.distinct ? [[field.minimum, field.minimum]] : []),
        '0,1',
        null,
      ];
    case 'integer':
    case 'number':
      return [
        field.minimum - 1,
        field.maximum + 1,
        ...(field.kind === 'integer' ? [field.minimum + 0.5] : []),
        ...(field.aboveMinimum ? [field.minimum] : []),
        ...(field.belowMaximum ? [field.maximum] : []),
        Number.NaN,
        Number.POSITIVE_INFINITY,
        '1',
        null,
        undefined,
      ];
    case 'layers':
      return [
        'dense',
        'dense 0 relu',
        'dense 4 step',
        'conv 3 relu',
        'dense 4 relu 2',
        '; ',
        5,
        null,
        undefined,
        Array.from({ length: field.mostCount + 1 }, () => 'dense 1 tanh').join(';'),
      ];
    case 'points':
      return [
        ...['1', '1 2', '1 2 3 4', '1 2 0.5', '1 2 -1', 'a 2 0', '1e999 2 0', '1,5 2 0', '; '],
        ...[5, null, undefined],
        Array.from({ length: field.mostCount + 1 }, () => '1 2 0').join(';'),
      ];
    case 'start': {
      const name = `file:my.json; bytes=4551; sha256=${'3f'.repeat(32)}`;
      return [
        ...['my.json', 'file:my.json', 'preset:', 'preset:A b', `${name}; more`, 0, null],
        ...[name.replace('3f', '3F'), name.replace('4551', '04'), name.replace('my', 'm;y')],
      ];
    }
    case 'changes':
      return [
        '401',
        '401 learning_rate',
        '1 learning_rate 0.1',
        '2.5 learning_rate 0.1',
        '401 epochs 3',
        '401 learning_rate fast',
        '401 learning_rate 0.1 0.2',
        '401 dropout 0; 401 dropout 0.5',
        '; ',
        5,
        null,
        undefined,
        Array.from({ length: field.mostCount + 1 }, (_, i) => `${i + 2} dropout 0`).join(';'),
      ];
    default:
      return field satisfies never;
  }
}

/** Values at the edge of what a field allows. */
function edgeValues(field: Field): readonly unknown[] {
  switch (field.kind) {
    case 'boolean':
      return [true, false];
    case 'choice':
      return field.choices;
    case 'dataset':
      return [
        ...field.choices,
        `file:a%3Bb; bytes=1; sha256=${'0'.repeat(64)}; features=28x28; classes=100; label=x y; drop_missing; train=1`,
      ];
    case 'integers':
      return [[field.minimum, field.maximum]];
    case 'integer':
      return [field.minimum, field.maximum];
    case 'number':
      return [
        field.aboveMinimum ? field.minimum + 1e-9 : field.minimum,
        field.belowMaximum ? field.maximum - 1e-9 : field.maximum,
      ];
    case 'start':
      return ['', 'preset:transfer', `file:a%3Bb; bytes=1; sha256=${'0'.repeat(64)}`];
    case 'layers':
      return ['', 'dense 16 sigmoid; dense 8 tanh', 'dense 65536 relu; dense 1 leaky_relu'];
    case 'points':
      return ['', '1 2 0', ' -1.5 2e-3 99;.5 +7 1 '];
    case 'changes':
      return ['', '2 learning_rate=0.1;3 momentum .5', '999999999 dropout 0; 2 weight_decay 1e-4'];
    default:
      return field satisfies never;
  }
}

/** What `run` throws, which must be an InvalidInputError. */
function refusal(run: () => unknown): InvalidInputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe.each(CONFIGURATION_KEYS)('field %s', (key) => {
  const field: Field = FIELDS[key];

  it('refuses what is not allowed, with its name, the value and what is allowed', () => {
    for (const value of refusedValues(field)) {
      const error = refusal(() => checkField(key, value));
      expect(error.field).toBe(toSnakeCase(key));
      expect(error.value).toEqual(value);
      expect(error.allowed).toBe(allowedValues(key));
      expect(error.message.startsWith(`${toSnakeCase(key)}: `)).toBe(true);
      expect(error.message).toContain('is not allowed');
      const whole = refusal(() => checkConfiguration({ ...DEFAULTS, [key]: value }));
      expect(whole.message).toBe(error.message);
    }
  });

  it('takes the values at its edges and its default', () => {
    for (const value of [...edgeValues(field), DEFAULTS[key]]) {
      expect(() => checkField(key, value)).not.toThrow();
    }
  });

  it('has one name for files and one for the command line', () => {
    expect(keyOfName(toSnakeCase(key))).toBe(key);
    expect(toFlag(key)).toMatch(/^--[a-z]+(-[a-z]+)*$/);
  });

  it('refuses text that is no value', () => {
    const error = refusal(() => parseField(key, 'x,<script>'));
    expect(error.message).toBe(
      `${toSnakeCase(key)}: "x,<script>" is not allowed; ${adviceOf(allowedValues(key))}`,
    );
  });
});

describe('messages', () => {
  it.each([
    [{ learningRate: 0 }, 'learning_rate: 0 is not allowed; use a number above 0 and at most 1000'],
    [{ epochs: 2.5 }, 'epochs: 2.5 is not allowed; use an integer from 1 to 1000000'],
    [{ testSize: 1 }, 'test_size: 1 is not allowed; use a number above 0 and below 1'],
    [
      { classes: [1] },
      'classes: 1 is not allowed; use 2 to 100 different integers from 0 to 99, separated by commas',
    ],
    [
      { momentum: 0.9, optimizer: 'adam' },
      'momentum: 0.9 is not allowed; with the optimizer adam it has to be 0',
    ],
    [{ nesterov: true }, 'nesterov: true is not allowed; it needs a momentum above 0'],
    [
      { schedule: 'step' },
      'decay_rate: 0 is not allowed; use a number above 0 and at most 1 with the learning-rate schedule step',
    ],
    [
      { schedule: 'exponential', decayRate: 1.5 },
      'decay_rate: 1.5 is not allowed; use a number above 0 and at most 1 with the learning-rate schedule exponential',
    ],
    [
      { minLearningRate: 0.6 },
      'min_learning_rate: 0.6 is not allowed; use at most the learning rate 0.5',
    ],
    [
      { epochs: 10, warmupEpochs: 11 },
      'warmup_epochs: 11 is not allowed; use at most the number of epochs, 10',
    ],
  ] as const)('of %j', (values, message) => {
    expect(refusal(() => checkConfiguration(values as Partial<Configuration>)).message).toBe(
      message,
    );
  });

  it('of an unknown setting', () => {
    const error = refusal(() => configurationFromJson({ learning_rat: 0.5 }));
    expect(error.message).toBe('learning_rat: 0.5 is not allowed; there is no such setting');
    expect(refusal(() => configurationFromJson({ learningRate: 0.5 })).field).toBe('learningRate');
    expect(refusal(() => configurationFromJson({ constructor: 1 })).field).toBe('constructor');
    const values = { toString: 1 } as unknown as Partial<Configuration>;
    expect(refusal(() => checkConfiguration(values)).allowed).toBe('there is no such setting');
  });

  it.each([null, [], 'text', 1])('of %j, which is no object', (json) => {
    expect(refusal(() => configurationFromJson(json)).allowed).toBe('a JSON object of settings');
  });

  it('are cut where the value is long', () => {
    const error = refusal(() => parseField('optimizer', 'x'.repeat(10_000)));
    expect(error.message.length).toBeLessThan(200);
  });
});

describe('fixtures', () => {
  it.each(FIXTURE_NAMES)('%s: its configuration is taken as it is', (name) => {
    const { config } = loadFixture(name);
    const configuration = configurationFromJson(config);
    expect(configurationToJson(configuration)).toMatchObject(withPresentNames(config));
  });

  it('the notebook’s is the default', () => {
    expect(configurationFromJson(loadFixture('notebook').config)).toEqual(DEFAULTS);
    expect(configurationFromJson({})).toEqual(DEFAULTS);
  });
});

describe('settings that were written before the split had a seed of its own', () => {
  it('keep their split, by the old name of their classes', () => {
    const old = configurationFromJson({ digits: [3, 8], seed: 7 });
    expect(old).toMatchObject({ classes: [3, 8], seed: 7, splitSeed: 7 });
    expect(configurationFromJson({ digits: [3, 8] })).toMatchObject({ seed: 42, splitSeed: 42 });
    const both = { digits: [3, 8], seed: 7, split_seed: 9 };
    expect(configurationFromJson(both)).toMatchObject({ seed: 7, splitSeed: 9 });
    expect(configurationToJson(old)).toMatchObject({ classes: [3, 8], split_seed: 7 });
    expect(configurationToJson(old)).not.toHaveProperty('digits');
  });

  it('are what they say by the present name', () => {
    const present = configurationFromJson({ classes: [3, 8], seed: 7 });
    expect(present).toMatchObject({ classes: [3, 8], seed: 7, splitSeed: 42 });
  });

  it('are refused with both names, with a word on which to drop', () => {
    expect(() => configurationFromJson({ digits: [3, 8], classes: [3, 8] })).toThrow(
      new InvalidInputError(
        'digits',
        [3, 8],
        'classes is given, and digits is its old name: drop digits',
      ),
    );
  });
});

it('layers of nothing but blanks leave the short form as it is', () => {
  const checked = checkConfiguration({ hidden: [5], activation: 'relu', layers: '  ' });
  expect(checked).toMatchObject({ hidden: [5], activation: 'relu', layers: '' });
});

describe('round trips', () => {
  it('through JSON give the same configuration, as it was checked', () => {
    fc.assert(
      fc.property(anyConfiguration, (configuration) => {
        const json: unknown = JSON.parse(JSON.stringify(configurationToJson(configuration)));
        // JSON has no negative zero; and hidden and activation say nothing beside layers.
        const expected = checkConfiguration(configuration);
        expect(withoutNegativeZero(configurationFromJson(json))).toEqual(
          withoutNegativeZero(expected),
        );
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('through text give the same value of every field', () => {
    fc.assert(
      fc.property(anyConfiguration, (configuration) => {
        for (const key of CONFIGURATION_KEYS) {
          const value = configuration[key];
          const read = parseField(key, ` ${formatField(value)} `);
          expect(read === 0 ? 0 : read).toEqual(value === 0 ? 0 : value);
        }
      }),
      { numRuns: 400, seed: 2 },
    );
  });

  it('read any text or refuse it with a typed error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CONFIGURATION_KEYS), fc.string(), (key, text) => {
        try {
          checkField(key, parseField(key, text));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError);
        }
      }),
      { numRuns: 1000, seed: 3 },
    );
  });

  it('take any JSON or refuse it with a typed error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...CONFIGURATION_KEYS), (json, key) => {
        for (const input of [json, { [toSnakeCase(key)]: json }]) {
          try {
            configurationFromJson(input);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidInputError);
          }
        }
      }),
      { numRuns: 1000, seed: 4 },
    );
  });
});

function withoutNegativeZero(configuration: Configuration): Record<string, unknown> {
  return Object.fromEntries(
    CONFIGURATION_KEYS.map((key) => [key, configuration[key] === 0 ? 0 : configuration[key]]),
  );
}
