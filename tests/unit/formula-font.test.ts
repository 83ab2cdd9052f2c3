/** The font for formulas has what they are made of, as it is drawn. */
import { expect, it } from 'vitest';
import { charactersOfFormulas } from '../../build/formula-font';

it('holds names in italics, and everything else as it stands', async () => {
  const characters = new Set(await charactersOfFormulas());
  // W, the h of tanh, alpha, the sign of a root, and the operators of the notebook.
  for (const character of ['\u{1d44a}', 'h', '\u{1d6fc}', 'ℒ', '∑', '←', '⊙', '‖', '√', '1']) {
    expect(characters, character).toContain(character);
  }
  // No formula has an upright W: as a name it would be in italics.
  expect(characters).not.toContain('W');
  expect(characters.size).toBeLessThan(150);
});
