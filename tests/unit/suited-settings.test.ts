/** A data set that is chosen brings the settings that learn it, as long as nobody has changed any. */
import { describe, expect, it } from 'vitest';
import { companionsOf } from '../../src/app/lab/state/companions';
import { leftOutOf, sayLayers } from '../../src/app/lab/state/left-out';
import { suitedTo } from '../../src/app/lab/state/suited';
import { Settings } from '../../src/app/state/settings';
import type { DatasetName } from '../../src/data/registry';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { findPreset } from '../../src/training/presets';

const NOTEBOOK = checkConfiguration({});

const chosen = (dataset: DatasetName, before: Configuration): Configuration =>
  checkConfiguration({ ...before, dataset, ...companionsOf('dataset', dataset, before) });

describe('a data set that is chosen', () => {
  it.each([
    ['spiral', 'plane-spiral'],
    ['circle', 'plane-circle'],
    ['mnist', 'mnist-mlp'],
  ] as const)('%s is trained as the preset %s does', (dataset, preset) => {
    const suited = chosen(dataset, NOTEBOOK);
    expect(suited).toEqual(checkConfiguration(findPreset(preset).configuration));
    // And from there the notebook's, and another's, come as readily.
    expect(chosen('digits', suited)).toEqual(NOTEBOOK);
    expect(chosen('iris', suited)).toMatchObject({ optimizer: 'adam', classes: [0, 1, 2] });
  });

  it('leaves the settings of whoever has changed one', () => {
    const own = checkConfiguration({ learningRate: 0.25 });
    expect(chosen('spiral', own)).toEqual(checkConfiguration({ ...own, dataset: 'spiral' }));
    const six = checkConfiguration({ classes: [3, 6], learningRate: 0.25 });
    expect(chosen('mnist', six).classes).toEqual([3, 6]);
    expect(chosen('xor', six).classes).toEqual([0, 1]);
  });

  it('leaves out convolutions that do not fit its samples, and keeps the dense layers', () => {
    const layers = 'conv 4 3x3 same relu; max_pool 2; dense 12 tanh';
    const conv = checkConfiguration({ layers, learningRate: 0.25, freeze: 2 });
    expect(chosen('mnist', conv)).toEqual({ ...conv, dataset: 'mnist' });
    const dense = { hidden: [12], activation: 'tanh', layers: '', learningRate: 0.25, freeze: 0 };
    expect(chosen('wine', conv)).toMatchObject(dense);
    const convAlone = checkConfiguration({ layers: 'conv 4 3x3 relu', learningRate: 0.25 });
    expect(chosen('spiral', convAlone)).toMatchObject({ hidden: [], layers: '' });
    // Four poolings leave nothing of 8 × 8 pixels.
    const deep = `${'max_pool 2; '.repeat(4)}dense 12 tanh`;
    const mnist = checkConfiguration({ dataset: 'mnist', layers: deep, learningRate: 0.25 });
    expect(chosen('digits', mnist)).toMatchObject({ hidden: [12], layers: '' });
  });

  it('brings layers that were left out back with data that they fit, and says both', () => {
    const layers = 'conv 4 3x3 same relu; max_pool 2; dense 12 tanh';
    const conv = checkConfiguration({ layers, learningRate: 0.25, freeze: 2 });
    const settings = new Settings(conv);
    const choose = (dataset: DatasetName) => {
      const before = leftOutOf(settings);
      const { configuration, past } = settings;
      const companions = companionsOf('dataset', dataset, configuration.value, past.value);
      settings.edit('dataset', dataset, companions);
      settings.settle();
      return sayLayers(settings, before);
    };
    const convolutions = 'conv 4 3x3 same relu; max_pool 2';
    expect(choose('mnist')).toBe('');
    expect(choose('spiral')).toContain(`do not fit these data are left out: ${convolutions}.`);
    // It was said already, and still holds.
    expect(choose('wine')).toBe('');
    expect(leftOutOf(settings)).toBe(convolutions);
    settings.edit('seed', '7');
    expect(choose('digits')).toBe(`Layers that were left out are back: ${convolutions}.`);
    expect(settings.configuration.value).toEqual({ ...conv, classes: [0, 1, 2], seed: 7 });
    expect(leftOutOf(settings)).toBeUndefined();
    // Who has another network by now keeps it.
    choose('circle');
    settings.edit('hidden', '5');
    expect(leftOutOf(settings)).toBeUndefined();
    expect(choose('digits')).toBe('');
    expect(settings.configuration.value).toMatchObject({ hidden: [5], layers: '' });
  });

  it('leaves out what somebody took away no second time', () => {
    const layers = 'max_pool 2; dense 12 tanh';
    const settings = new Settings(checkConfiguration({ layers, learningRate: 0.25 }));
    settings.edit('layers', 'dense 12 tanh');
    settings.settle();
    settings.edit('dataset', 'spiral', { classes: [0, 1] });
    expect(leftOutOf(settings)).toBeUndefined();
  });

  it('keeps what decides the samples', () => {
    const before = checkConfiguration({ seed: 7, splitSeed: 3, testSize: 0.3 });
    expect(chosen('spiral', before)).toMatchObject({ seed: 7, splitSeed: 3, testSize: 0.3 });
  });

  it('of a file is trained as MNIST is where it holds images, else as a table', () => {
    const images = `file:a; bytes=9; sha256=${'0'.repeat(64)}; features=28x28; classes=10`;
    expect(suitedTo(images as DatasetName, NOTEBOOK)).toMatchObject({ hidden: [128], epochs: 5 });
    const table = `file:a.csv; bytes=9; sha256=${'0'.repeat(64)}; features=2; classes=2`;
    expect(suitedTo(table as DatasetName, NOTEBOOK)).toMatchObject({ hidden: [16], epochs: 60 });
  });
});
