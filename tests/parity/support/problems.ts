/** Fixtures and digits in the browser, where there are no files. */
import csv from '../../../data/digits.csv?raw';
import type { Rows } from '../../../src/data/dataset';
import { parseDigits } from '../../../src/data/digits-rows';
import type { Fixture } from '../../fixtures';
import { firstOfEach } from '../../support/first-of-each';

const LOADERS = import.meta.glob<Fixture>('../../fixtures/*.json', { import: 'default' });

/** Names of all fixtures: `notebook`, `challenge-1-lr-0.1`, … */
export const FIXTURE_NAMES: readonly string[] = Object.keys(LOADERS)
  .map((path) => path.slice('../../fixtures/'.length, -'.json'.length))
  .sort();

export function loadFixture(name: string): Promise<Fixture> {
  return LOADERS[`../../fixtures/${name}.json`]();
}

/** All 1,797 digits. */
export const DIGITS: Rows = parseDigits(csv);

/** The first `count` images of each digit. */
export function fewDigits(count: number): Rows {
  return firstOfEach(DIGITS, count);
}
