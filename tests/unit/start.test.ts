/** A run that begins with the first layers of another: which of its parameters are whose, and what does not fit. */
import { describe, expect, test } from 'vitest';
import { parameterLayout } from '../../src/model/parameter-layout';
import { trainedPart } from '../../src/model/trained-part';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { configurationFromJson, configurationToJson } from '../../src/training/configuration/json';
import { InvalidInputError } from '../../src/training/errors';
import { nested } from '../../src/training/files/nested-lists';
import { readStart } from '../../src/training/files/read-start';
import { parametersFile, runFile } from '../../src/training/files/run-files';
import { loadStart, setStartStore } from '../../src/training/files/start-file';
import { formatStart, MissingStartError } from '../../src/training/files/start-reference';
import { beginsAlike, startOf } from '../../src/training/files/start-run';
import { networkOf } from '../../src/training/network-of';
import { prepare } from '../../src/training/prepare';
import { initialState } from '../../src/training/state';
import { loadDigits } from '../fixtures';

const LAYERS = 'conv 3 3x3 same tanh; max_pool 2; conv 2 2x2 relu; dense 5 tanh';
const SOURCE = checkConfiguration({ layers: LAYERS, classes: [0, 1, 2], init: 'he_normal' });
const SPEC = networkOf(SOURCE);
const PARAMETERS = Float64Array.from(
  { length: parameterLayout(SPEC).length },
  (_, i) => (i + 1) / 7,
);
const FROM = formatStart({ file: 'source.json', bytes: 9, sha256: '0'.repeat(64) });
const DIGITS = loadDigits();

const bytesOf = (text: string) => new TextEncoder().encode(text);
const file = parametersFile(SPEC, PARAMETERS, SOURCE);
const source = readStart('source.json', bytesOf(file));
const start = startOf(source);

/** A run of other digits that begins with so many layers. */
const beginning = (fromLayers: number, layers = LAYERS) =>
  checkConfiguration({ layers, classes: [3, 4], init: 'he_normal', from: FROM, fromLayers });

describe('a run that begins with another’s layers', () => {
  test.each([1, 2, 3, 4])(
    'has the first %i from there, and the others as it draws them',
    (layers) => {
      const { parameters } = prepare(beginning(layers), DIGITS, start).problem;
      const drawn = prepare({ ...beginning(layers), from: '' }, DIGITS).problem.parameters;
      const end = trainedPart(networkOf(beginning(layers)), layers).start;
      expect(end).toBeGreaterThan(0);
      expect(parameters.subarray(0, end)).toEqual(PARAMETERS.subarray(0, end));
      expect(parameters.subarray(end)).toEqual(drawn.subarray(end));
    },
  );

  test('begins with those of a whole run as well, and with all layers where the output fits', () => {
    const state = initialState({ spec: SPEC, hyperparameters: SOURCE, parameters: PARAMETERS });
    const run = startOf(readStart('run.json', bytesOf(runFile(SOURCE, { state, history: [] }))));
    const same = checkConfiguration({ ...SOURCE, from: FROM, fromLayers: 5 });
    expect(prepare(same, DIGITS, run).problem.parameters).toEqual(PARAMETERS);
    expect(() => prepare(beginning(5), DIGITS, run)).toThrow(
      'from: "layer 5: W5 of 3 × 5" is not allowed; this network has W5 of 1 × 5 there',
    );
  });

  test('says so in its configuration, and no other does', () => {
    const json = configurationToJson(beginning(2));
    expect(json).toMatchObject({ from: FROM, from_layers: 2 });
    expect(configurationFromJson(json)).toEqual(beginning(2));
    expect(checkConfiguration({ fromLayers: 2 })).toEqual(checkConfiguration({}));
    expect(Object.keys(configurationToJson(SOURCE))).not.toContain('from');
    for (const layers of [0, 6]) {
      expect(() => beginning(layers)).toThrow(
        `from_layers: ${layers} is not allowed; use an integer from 1 to 5, the number of layers with the output`,
      );
    }
  });
});

describe('what does not fit is named', () => {
  const refusal = (layers: string, source = start) => {
    try {
      prepare(beginning(3, layers), DIGITS, source);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInputError);
      return (error as Error).message;
    }
    return '';
  };

  test.each([
    [LAYERS.replace('conv 3', 'conv 4'), 'layer 1: conv 3 3x3 same tanh', 'conv 4 3x3 same tanh'],
    [LAYERS.replace('relu', 'tanh'), 'layer 3: conv 2 2x2 relu', 'conv 2 2x2 tanh'],
    [LAYERS.replace('max_pool 2', 'max_pool 3'), 'layer 2: max_pool 2', 'max_pool 3'],
    ['conv 3 3x3 same tanh; max_pool 2', 'layer 3: W3 of 2 × 3 × 2 × 2', 'W3 of 1 × 48'],
  ])('%s', (layers, found, own) => {
    expect(refusal(layers)).toBe(`from: "${found}" is not allowed; this network has ${own} there`);
  });

  test('by its shape, where the file says nothing of its network', () => {
    const json = JSON.parse(file) as { parameters: Record<string, unknown> };
    const bare = (parameters: object) =>
      startOf(
        readStart(
          'bare.json',
          bytesOf(JSON.stringify({ ...json, network: undefined, parameters })),
        ),
      );
    expect(refusal(LAYERS, bare(json.parameters))).toBe('');
    const { W3: _, ...without } = json.parameters;
    expect(refusal(LAYERS, bare(without))).toContain('layer 3: W3 of no numbers');
    const turned = { ...json.parameters, W1: nested(new Float64Array(27), [1, 3, 3, 3]) };
    expect(refusal(LAYERS, bare(turned))).toBe(
      'from: "layer 1: W1 of 1 × 3 × 3 × 3" is not allowed; this network has W1 of 3 × 1 × 3 × 3 there',
    );
  });

  test('data and scaling are no hindrance, and said', () => {
    expect(start.differences(beginning(1))).toEqual([]);
    expect(start.differences(checkConfiguration({ dataset: 'mnist', scaling: 'unit' }))).toEqual([
      'Its layers were trained with the scaling standard; this run has unit.',
      'Its layers were trained on digits; this run has mnist.',
    ]);
  });

  test('a file of another kind', () => {
    const read = (text: string) => () => readStart('a.json', bytesOf(text));
    expect(read('{"epochs": 5}')).toThrow(
      'from: "a.json" is not allowed; there are settings in it, and no parameters',
    );
    expect(read('5')).toThrow(InvalidInputError);
    const cut = JSON.parse(
      runFile(SOURCE, {
        state: initialState({ spec: SPEC, hyperparameters: SOURCE, parameters: PARAMETERS }),
        history: [],
      }),
    );
    cut.state.parameters.pop();
    expect(read(JSON.stringify(cut))).toThrow(`its network has ${PARAMETERS.length} parameters`);
  });
});

describe('the file', () => {
  test('is asked for by its name, size and SHA-256 where it is not here', async () => {
    setStartStore(async () => undefined);
    await expect(loadStart({ from: FROM })).rejects.toThrow(MissingStartError);
    await expect(loadStart({ from: FROM })).rejects.toThrow(
      `This needs the file source.json, of 9 bytes, with the SHA-256 ${'0'.repeat(64)}.`,
    );
    await expect(loadStart({ from: 'preset:transfer-source' })).rejects.toThrow(
      'a run of the preset transfer-source, which has to be trained first',
    );
    expect(await loadStart({ from: '' })).toBeUndefined();
  });

  test('is taken from where it is kept', async () => {
    const asked: string[] = [];
    setStartStore(async (sha256) => {
      asked.push(sha256);
      return source;
    });
    const found = await loadStart({ from: FROM });
    expect(asked).toEqual(['0'.repeat(64)]);
    const { parameters } = prepare(beginning(1), DIGITS, found).problem;
    expect(parameters.subarray(0, 30)).toEqual(PARAMETERS.subarray(0, 30));
  });
});

test('a run is offered where its first hidden layer fits', () => {
  const configuration = checkConfiguration({ layers: 'conv 4 3x3 same relu; dense 8 tanh' });
  const alike = (changes: Partial<Configuration>) =>
    beginsAlike(checkConfiguration({ ...configuration, ...changes }), configuration);
  expect(alike({ classes: [5, 6, 7], layers: 'conv 4 3x3 same relu; max_pool 2' })).toBe(true);
  expect(alike({ layers: 'conv 4 3x3 same tanh; dense 8 tanh' })).toBe(false);
  expect(alike({ layers: 'conv 4 3x3 same relu', dataset: 'mnist' })).toBe(false);
  const none = checkConfiguration({ hidden: [] });
  expect(beginsAlike(none, none)).toBe(false);
});
