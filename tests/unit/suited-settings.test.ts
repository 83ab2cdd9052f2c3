/** A data set that is chosen brings the settings that learn it, as long as nobody has changed any. */
import { describe, expect, it } from 'vitest';
import { companionsOf } from '../../src/app/lab/state/companions';
import { suitedTo } from '../../src/app/lab/state/suited';
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
