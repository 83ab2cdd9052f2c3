/** The list of bugs that the suite must see fits the text as it stands: it cannot rot unseen. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MUTANTS } from '../mutants/mutants.mjs';
import { placesOf, ROOT } from '../mutants/places.mjs';

it.each(MUTANTS)('$id $file: $change', (mutant) => {
  expect(placesOf(mutant)).toHaveLength(1);
  expect(mutant.after).not.toBe(mutant.before);
  expect(mutant.tests.length).toBeGreaterThan(0);
  for (const test of mutant.tests) {
    expect(existsSync(join(ROOT, `tests/${test.split(' > ')[0]}.test.ts`)), test).toBe(true);
  }
});

it('no two bugs have one name', () => {
  expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
});
