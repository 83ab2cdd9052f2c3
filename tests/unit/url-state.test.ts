/** The address of a run: what is written is read back, and what is wrong is named and left out. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_PLAN_OPTIONS, readUrl, writeUrl } from '../../src/app/url-state';
import { SCHEDULE_CHOICES, TUNING_MODES } from '../../src/gpu/plan/choices';
import { checkConfiguration } from '../../src/training/configuration/check';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { PRESETS } from '../../src/training/presets';
import { anyConfiguration } from '../support/any-configuration';

const NOTEBOOK = {
  configuration: DEFAULTS,
  backend: 'webgpu',
  planOptions: DEFAULT_PLAN_OPTIONS,
} as const;

test('carries every schedule and every mode of tuning', () => {
  for (const schedule of SCHEDULE_CHOICES) {
    for (const tuning of TUNING_MODES) {
      const planOptions = { schedule, tuning };
      const read = readUrl(writeUrl({ ...NOTEBOOK, planOptions }));
      expect(read).toMatchObject({ planOptions, problems: [] });
    }
  }
});

test('the defaults leave nothing but the version', () => {
  expect(writeUrl(NOTEBOOK)).toBe('v=2');
  expect(readUrl('')).toEqual({ ...NOTEBOOK, unread: {}, isLink: false, problems: [] });
  expect(readUrl('?v=2')).toEqual({ ...NOTEBOOK, unread: {}, isLink: true, problems: [] });
});

test('holds what differs, and nothing else', () => {
  const configuration = checkConfiguration({
    learningRate: 0.1,
    hidden: [32, 16],
    classes: [3, 8],
  });
  const search = writeUrl({
    configuration,
    backend: 'cpu',
    planOptions: { schedule: 'layered', tuning: 'off' },
  });
  expect(search).toBe(
    'v=2&classes=3,8&hidden=32,16&learning_rate=0.1&backend=cpu&tune=off&schedule_kind=layered',
  );
  expect(readUrl(search)).toMatchObject({ configuration, backend: 'cpu', problems: [] });
});

test('an empty list is a value, too', () => {
  const configuration = checkConfiguration({ hidden: [] });
  expect(readUrl(writeUrl({ ...NOTEBOOK, configuration })).configuration.hidden).toEqual([]);
});

test('every preset comes back as it was', () => {
  for (const { configuration: own } of PRESETS) {
    const configuration = checkConfiguration(own);
    const read = readUrl(`?${writeUrl({ ...NOTEBOOK, configuration })}`);
    expect(read).toEqual({ ...NOTEBOOK, configuration, unread: {}, isLink: true, problems: [] });
  }
});

test('names what it does not understand, and keeps the rest', () => {
  const read = readUrl('?v=2&learning_rate=fast&epochs=20&epochs=30&colour=red&backend=abacus');
  expect(read.configuration).toEqual({ ...DEFAULTS, epochs: 20 });
  expect(read.backend).toBe('webgpu');
  expect(read.problems).toEqual([
    '“epochs” is given twice; the first one counts.',
    'Learning rate: “fast” is not allowed; use a number above 0 and at most 1000.',
    '“colour” is not a setting.',
    'backend: “abacus” is not allowed; use one of webgpu, cpu, reference.',
  ]);
});

test('leaves out a value that does not go with the others', () => {
  const read = readUrl('?optimizer=adam&momentum=0.9&epochs=20');
  expect(read.configuration).toEqual({ ...DEFAULTS, optimizer: 'adam', epochs: 20 });
  expect(read.problems).toEqual([
    'Momentum: 0.9 is not allowed; with the optimizer adam it has to be 0.',
  ]);
});

test('leaves out a value that makes a default wrong, and keeps the rest', () => {
  // The schedule step needs a decay rate, whose default is 0.
  const read = readUrl('?schedule=step&epochs=20');
  expect(read.configuration).toEqual({ ...DEFAULTS, epochs: 20 });
  expect(read.problems).toEqual([
    'Decay rate: 0 is not allowed; use a number above 0 and at most 1 with the learning-rate schedule step.',
    'So Schedule is left out.',
  ]);
  // A run to start from needs the number of its layers, and there are not so many.
  const started = readUrl('?dataset=spiral&from=preset:mnist-conv&from_layers=9&epochs=20');
  expect(started.configuration).toEqual(checkConfiguration({ dataset: 'spiral', epochs: 20 }));
  expect(started.problems.slice(1)).toEqual([
    'Layers from that run: 0 is not allowed; use an integer from 1 to 3, the number of layers with the output.',
    'So Start from a run is left out.',
  ]);
});

test('asks for no file without a name', () => {
  const facts = `bytes=9; sha256=${'3f'.repeat(32)}`;
  const dataset = `file: ; ${facts}; features=4; classes=3`;
  const search = new URLSearchParams({ dataset, from: `file: ; ${facts}`, from_layers: '1' });
  const { unread } = readUrl(search.toString());
  expect(Object.keys(unread)).toEqual(['dataset', 'from']);
});

test('leaves out both of two values that make defaults wrong', () => {
  const read = readUrl('?schedule=step&from=preset:mnist-conv&epochs=20');
  expect(read.configuration).toEqual({ ...DEFAULTS, epochs: 20 });
  expect(read.problems).toHaveLength(4);
});

test.each([
  ['v=1&seed=7', 7],
  ['v=1&digits=3,8&seed=7', 7],
  ['digits=3,8&seed=7', 7],
  ['v=1&digits=3,8&seed=7&split_seed=9', 9],
  ['v=1&digits=3,8', 42],
  ['v=2&classes=3,8&seed=7', 42],
  ['seed=7', 42],
])('the split of ?%s has the seed %i', (search, splitSeed) => {
  const { configuration, problems } = readUrl(`?${search}`);
  expect(problems).toEqual([]);
  expect(configuration.splitSeed).toBe(splitSeed);
  expect(configuration.seed).toBe(search.includes('seed=7') ? 7 : 42);
  expect(configuration.classes).toEqual(search.includes('3,8') ? [3, 8] : [0, 1]);
  // What is written of it is read back as the same run.
  expect(readUrl(writeUrl({ ...NOTEBOOK, configuration })).configuration).toEqual(configuration);
});

test('an old name beside the present one is named and left out', () => {
  const read = readUrl('?digits=3,8&classes=4,9');
  expect(read.configuration.classes).toEqual([4, 9]);
  expect(read.problems).toEqual([
    'digits: “3,8” is not allowed; classes is given, and digits is its old name: drop digits.',
  ]);
});

test('does not read another version', () => {
  const read = readUrl('?v=3&epochs=20');
  expect(read.configuration).toEqual(DEFAULTS);
  expect(read.problems).toEqual([
    'The link is of version “3” but this page reads versions 1 and 2.',
  ]);
  expect(read.isLink).toBe(true);
});

test('takes no notice of parameters that others own', () => {
  expect(readUrl('?embed=1', ['embed'])).toEqual({
    ...NOTEBOOK,
    unread: {},
    isLink: false,
    problems: [],
  });
});

test('any configuration comes back to the last bit', () => {
  fc.assert(
    fc.property(anyConfiguration, (drawn) => {
      const configuration = checkConfiguration(drawn);
      const read = readUrl(writeUrl({ ...NOTEBOOK, configuration }));
      expect(read.problems).toEqual([]);
      expect(JSON.stringify(read.configuration)).toBe(JSON.stringify(configuration));
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('any text is read without an exception, and gives a valid configuration', () => {
  const parameter = fc.tuple(
    fc.oneof(fc.constantFrom('learning_rate', 'hidden', 'digits', 'v', 'tune'), fc.string()),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(parameter), (parameters) => {
      const search = new URLSearchParams(parameters.map(([name, text]) => [name, text])).toString();
      expect(() => checkConfiguration(readUrl(search).configuration)).not.toThrow();
    }),
    { numRuns: 300, seed: 2 },
  );
});

test('passes over what trackers put behind a link, which makes no link of an address', () => {
  const trackers =
    'utm_source=x&utm_medium=y&fbclid=1&gclid=2&mc_cid=3&mc_eid=4&msclkid=5&_hsenc=6&_gl=7';
  expect(readUrl(`?${trackers}`)).toEqual({ ...NOTEBOOK, unread: {}, isLink: false, problems: [] });
  const read = readUrl(`?v=2&learning_rate=0.1&${trackers}&utm_term=z&colour=red`);
  expect(read.configuration.learningRate).toBe(0.1);
  expect(read.problems).toEqual(['“colour” is not a setting.']);
});

test('keeps the text of a setting that cannot be read, and says how a comma is written', () => {
  const read = readUrl('?v=2&learning_rate=0,1&epochs=1,000&batch_size=many');
  expect(read.unread).toEqual({ learningRate: '0,1', epochs: '1,000', batchSize: 'many' });
  expect(read.problems).toEqual([
    'Learning rate: “0,1” is not allowed; write 0.1: a number above 0 and at most 1000.',
    'Epochs: “1,000” is not allowed; write 1000: an integer from 1 to 1000000.',
    'Batch size: “many” is not allowed; use an integer from 0 to 1000000.',
  ]);
});
