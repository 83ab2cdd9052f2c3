/** Layers as text, and the two forms that a configuration has for its hidden layers. */
import { expect, test } from 'vitest';
import { readUrl, writeUrl } from '../../src/app/url-state';
import { formatLayers, parseLayers } from '../../src/layers/layer';
import { drawParameters } from '../../src/model/initializers';
import { classifier, layersOf, multiplyAddsOf } from '../../src/model/network-spec';
import { RandomState } from '../../src/numpy/random-state';
import { checkConfiguration } from '../../src/training/configuration/check';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { configurationFromJson, configurationToJson } from '../../src/training/configuration/json';
import { InvalidInputError } from '../../src/training/errors';
import { networkOf } from '../../src/training/network-of';

const MIXED = 'dense 16 sigmoid; dense 8 tanh';

test('are read from text, however it is spaced, and written as they are read', () => {
  const layers = parseLayers('  dense  16 sigmoid ;dense 8   tanh');
  expect(layers).toEqual([
    { kind: 'dense', units: 16, activation: 'sigmoid', dropout: 0 },
    { kind: 'dense', units: 8, activation: 'tanh', dropout: 0 },
  ]);
  expect(formatLayers(layers ?? [])).toBe(MIXED);
});

test.each([
  'dense',
  'dense 16',
  'dense 0 relu',
  'dense 1.5 relu',
  'dense 4 identity',
  'dense 4 relu 2',
  'dense 65537 relu',
  'toString 1',
  'dense 4 relu;',
  'conv 4 3x3',
  'conv 0 3x3 relu',
  'conv 4 3 relu',
  'conv 4 3x3 relu same',
  'conv 4 2x3 same relu',
  'conv 4 3x3 stride 0 relu',
  'conv 4 3x33 relu',
  'conv 4097 3x3 relu',
  'conv 4 3x3 identity',
  'max_pool',
  'max_pool 0',
  'max_pool 2 relu',
])('are not read from %j', (text) => {
  expect(parseLayers(text)).toBeUndefined();
  expect(() => checkConfiguration({ layers: text })).toThrow(InvalidInputError);
});

const CONVOLVED = 'conv 4 5x3 stride 2 relu; conv 3 3x3 same tanh; max_pool 2; dense 5 sigmoid';

test('of convolutions come back as they were written', () => {
  const layers = parseLayers(CONVOLVED.replaceAll(' ', '  ')) ?? [];
  expect(layers[0]).toEqual({
    kind: 'conv',
    filters: 4,
    kernelHeight: 5,
    kernelWidth: 3,
    stride: 2,
    same: false,
    activation: 'relu',
    dropout: 0,
  });
  expect(formatLayers(layers)).toBe(CONVOLVED);
});

test('have shapes: images through convolutions and poolings, which dense layers flatten', () => {
  const places = layersOf(classifier([2, 9, 12], parseLayers(CONVOLVED, 0.5) ?? [], 3));
  expect(places.map(({ output }) => output)).toEqual([[4, 3, 5], [3, 3, 5], [3, 1, 2], [5], [3]]);
  const shapes = places.flatMap(({ slices }) => slices.map(({ shape }) => shape));
  expect(shapes).toEqual([[4, 2, 5, 3], [4], [3, 4, 3, 3], [3], [5, 6], [5], [3, 5], [3]]);
  expect(places.map(({ layer }) => layer.dropout)).toEqual([0.5, 0.5, 0, 0.5, 0]);
  expect(places.map(multiplyAddsOf)).toEqual([4 * 30 * 15, 3 * 36 * 15, 0, 30, 15]);
});

test('of convolutions start as wide as their fans say, drawn row by row', () => {
  const spec = classifier([2, 6, 6], parseLayers('conv 3 2x5 tanh') ?? [], 2);
  const drawn = drawParameters(spec, 'glorot_uniform', 1, new RandomState(5));
  const random = new RandomState(5);
  const limit = Math.sqrt(6 / (2 * 10 + 3 * 10));
  const first = Array.from({ length: 60 }, () => random.uniform(-1, 1) * limit);
  expect(Array.from(drawn.subarray(0, 63))).toEqual([...first, 0, 0, 0]);
});

test.each([
  ['conv 4 9x3 relu', /layer 1, conv 4 9x3 relu, gets 8×8×1: a filter of 9x3 does not fit on 8×8/],
  ['conv 4 3x3 relu; max_pool 7', /layer 2, max_pool 7, gets 6×6×4: a window of 7×7 does not fit/],
  ['dense 9 relu; conv 4 1x1 relu', /layer 2, conv 4 1x1 relu, gets 9 values: it takes images/],
  ['conv 2 3x3 relu; dense 1 tanh; max_pool 1', /layer 3, max_pool 1, gets 1 value: it takes/],
])('that do not fit are refused with what they get: %s', (layers, reason) => {
  expect(() => checkConfiguration({ layers })).toThrow(InvalidInputError);
  expect(() => checkConfiguration({ layers })).toThrow(reason);
});

test('of images are refused for rows of features', () => {
  const settings = { dataset: 'iris', classes: [0, 1], layers: 'conv 4 1x1 relu' } as const;
  expect(() => checkConfiguration(settings)).toThrow(/gets 4 values: it takes images/);
});

test('make the network, with the configuration’s dropout on each hidden layer', () => {
  const spec = networkOf(checkConfiguration({ layers: MIXED, dropout: 0.25 }));
  expect(spec).toEqual({
    input: [1, 8, 8],
    layers: [
      { kind: 'dense', units: 16, activation: 'sigmoid', dropout: 0.25 },
      { kind: 'dense', units: 8, activation: 'tanh', dropout: 0.25 },
      { kind: 'dense', units: 1, activation: 'identity', dropout: 0 },
    ],
    loss: 'binary_cross_entropy',
  });
});

test('are the short form where it can say them, so that a network has one configuration', () => {
  const written = checkConfiguration({ layers: 'dense 5 relu; dense 3 relu' });
  expect(written).toEqual(checkConfiguration({ hidden: [5, 3], activation: 'relu' }));
});

test.each(['hidden', 'activation'] as const)(
  'are refused beside %s, with a word on which to drop',
  (key) => {
    const json = { layers: MIXED, [key]: DEFAULTS[key] };
    expect(() => configurationFromJson(json)).toThrow(
      new RegExp(`^${key}: .* layers says it already: drop ${key}, or drop layers`),
    );
    const { configuration, problems } = readUrl(`v=1&layers=${MIXED}&${key}=${DEFAULTS[key]}`);
    expect(problems.join()).toContain(`drop ${key}, or drop layers`);
    expect(configuration.layers).toBe(MIXED);
  },
);

test('go into files and links in the form that is used, and come back', () => {
  for (const configuration of [
    checkConfiguration({ layers: MIXED }),
    checkConfiguration({ hidden: [4], activation: 'tanh' }),
  ]) {
    const json = configurationToJson(configuration);
    expect('layers' in json).toBe(configuration.layers !== '');
    expect('hidden' in json && 'activation' in json).toBe(configuration.layers === '');
    expect(configurationFromJson(json)).toEqual(configuration);
    const link = writeUrl({ ...readUrl(''), configuration });
    expect(readUrl(link).configuration).toEqual(configuration);
  }
});
