/** Refused inputs in the words of the page. */
import { expect, test } from 'vitest';
import { sentenceOf } from '../../src/app/state/input-sentence';
import { Settings } from '../../src/app/state/settings';
import { InvalidInputError } from '../../src/training/errors';
import { jsonOfText } from '../../src/training/files/text-file';

function refused(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return sentenceOf(error);
  }
  throw new Error('not refused');
}

test('a field goes by its title, a list without brackets, a text in quotes', () => {
  const said = (field: string, value: unknown) =>
    sentenceOf(new InvalidInputError(field, value, 'something else'));
  expect(said('test_size', 0.999)).toBe('Test share: 0.999 is not allowed; something else.');
  expect(said('hidden', [65_537])).toBe('Hidden layers: 65537 is not allowed; something else.');
  expect(said('classes', [])).toBe('Classes: none is not allowed; something else.');
  expect(said('weather', 'rain')).toBe('weather: “rain” is not allowed; something else.');
  expect(said('weather', '')).toBe('weather: An empty text is not allowed; something else.');
  expect(said('weather', 'x'.repeat(100))).toContain(`“${'x'.repeat(59)}…”`);
  expect(sentenceOf(new Error('no room'))).toBe('no room');
});

test('a number that no double holds is said as it was typed', () => {
  const settings = new Settings();
  for (const text of ['1e-400', '-0.5e-999', '1e400']) {
    settings.edit('learningRate', text);
    expect(settings.problems.value.learningRate).toMatch(
      `“${text}” is not allowed; use a number above`,
    );
  }
  settings.edit('momentum', '0.00');
  expect(settings.problems.value.momentum).toBeUndefined();
});

test('bytes that are no text stay out of what is said', () => {
  const said = refused(() => jsonOfText('a.json', '\u0000\u0001PNG\u0002\r\n{'));
  expect(said).toMatch(/this is not JSON/);
  expect(said).not.toMatch(/\p{C}/u);
});
