/** Settings in people's words: no two choices of a field are called the same, and runs are named by them. */
import { expect, test } from 'vitest';
import { nearestStop, STOPS, UNIT_STOPS } from '../../src/app/lab/setup/stop-slider';
import { choiceName } from '../../src/app/state/choice-names';
import { differencesOf } from '../../src/app/state/differences';
import { absentFile, parseFileDataset } from '../../src/data/file-dataset';
import { bringFile } from '../../src/data/registry';
import { checkConfiguration } from '../../src/training/configuration/check';
import { CONFIGURATION_KEYS, FIELDS, type Field } from '../../src/training/configuration/fields';
import { parseField } from '../../src/training/configuration/text';

test('each choice has a name of its own', () => {
  for (const key of CONFIGURATION_KEYS) {
    const field: Field = FIELDS[key];
    if (field.kind !== 'choice') continue;
    const names = field.choices.map((choice) => choiceName(key, choice));
    expect(new Set(names).size, key).toBe(field.choices.length);
    if (key !== 'dataset') expect(names.join(), key).not.toContain('_');
  }
  expect(choiceName('activation', 'leaky_relu')).toBe('Leaky ReLU');
  expect(choiceName('monitor', 'val_loss')).toBe('Test loss');
  expect(choiceName('activation', 'toString')).toBe('toString');
});

test('a file is called by what is in it, once that is known', () => {
  const name = `file:t10k and 3 more; bytes=9; sha256=${'0'.repeat(64)}; features=28x28; classes=10`;
  expect(choiceName('dataset', name)).toBe('t10k and 3 more');
  const reference = parseFileDataset(name);
  if (reference === undefined) throw new Error(`${name} is no name of a file`);
  bringFile({ ...absentFile(reference), title: 'Fashion-MNIST' });
  expect(choiceName('dataset', name)).toBe('Fashion-MNIST');
  expect(choiceName('dataset', 'file:nothing')).toBe('file:nothing');
});

test('a run is named by them', () => {
  const configuration = checkConfiguration({ activation: 'relu', init: 'he_normal' });
  expect(differencesOf(configuration)).toBe('Activation ReLU, Initializer He normal');
});

test('a slider stands at the nearest of its values, all of which are allowed', () => {
  expect(nearestStop(UNIT_STOPS, 64)).toBe(UNIT_STOPS.indexOf(64));
  expect(nearestStop(UNIT_STOPS, 90)).toBe(UNIT_STOPS.indexOf(64));
  expect(nearestStop(UNIT_STOPS, 91)).toBe(UNIT_STOPS.indexOf(128));
  expect(nearestStop(UNIT_STOPS, Number.NaN)).toBe(0);
  expect(nearestStop([0, 1, 2], 0)).toBe(0);
  for (const [key, stops] of Object.entries(STOPS)) {
    expect(stops).toEqual([...stops].sort((a, b) => a - b));
    for (const stop of stops) {
      expect(parseField(key as keyof typeof FIELDS, String(stop))).toBe(stop);
    }
  }
});
