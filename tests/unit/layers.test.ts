/** Layers as text, and the two forms that a configuration has for its hidden layers. */
import { expect, test } from 'vitest';
import { readUrl, writeUrl } from '../../src/app/url-state';
import { formatLayers, parseLayers } from '../../src/layers/layer';
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
])('are not read from %j', (text) => {
  expect(parseLayers(text)).toBeUndefined();
  expect(() => checkConfiguration({ layers: text })).toThrow(InvalidInputError);
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
