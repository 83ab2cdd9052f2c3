/** The suites of `npm test`: which run by themselves, which only by name, and the scripts that name them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/cli/arguments';
import { suitesOf } from '../../src/cli/test';

/** This file, which names what makes a file thorough. */
const OWN = 'tests/unit/cli-test.test.ts';

const namesOf = (names: readonly string[]) => suitesOf(names).map(({ name }) => name);

test('npm test runs what is quick, the quickest to fail first', () => {
  expect(namesOf([])).toEqual(['lint', 'types', 'unit', 'parity', 'e2e']);
});

test('a name runs one suite, slow or not', () => {
  expect(namesOf(['slow'])).toEqual(['slow']);
  expect(namesOf(['e2e', 'unit'])).toEqual(['unit', 'e2e']);
});

test('an unknown name is refused with what is allowed', () => {
  const message =
    '"fast" is no suite; allowed: lint, types, unit, parity, e2e, thorough, engines, slow';
  expect(() => suitesOf(['unit', 'fast'])).toThrow(new UsageError(message));
});

test('a file that has more to try where there is time is one of the thorough suite’s', () => {
  const root = new URL('../../', import.meta.url);
  const [{ command }] = suitesOf(['thorough']);
  const chosen = command('').filter((argument) => argument.startsWith('tests/'));
  const files = ['tests/unit/', 'tests/parity/', 'tests/faults/']
    .flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => `${folder}${name}`))
    .filter((file) => file.endsWith('.test.ts'));
  // Alone, or through what decides it for several files.
  const HAS_MORE =
    /inject\('thorough'\)|trainedOf\(|testReference\(|playSequences\(|SHADERPROP_FUZZ/;
  const text = (file: string) => readFileSync(new URL(file, root), 'utf8');
  const withMore = files.filter((file) => HAS_MORE.test(text(file)) && file !== OWN);
  expect(withMore.length).toBeGreaterThan(10);
  expect(withMore.filter((file) => !chosen.some((part) => file.includes(part)))).toEqual([]);
  expect(chosen.filter((part) => !withMore.some((file) => file.includes(part)))).toEqual([]);
});

test('every script that tests names suites, and each that has to run by itself has one', () => {
  const { scripts } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { scripts: Readonly<Record<string, string>> };
  const named = Object.entries(scripts).flatMap(([script, command]) => {
    const [, names] = /launch\.mjs test ?(.*)$/.exec(command) ?? [];
    return names === undefined ? [] : [[script, namesOf(names.split(' ').filter(Boolean))]];
  });
  expect(Object.fromEntries(named)).toEqual({
    test: namesOf([]),
    'test:unit': ['unit'],
    'test:parity': ['parity'],
    'test:e2e': ['e2e'],
    'test:engines': ['engines'],
    'test:slow': ['thorough', 'engines', 'slow'],
  });
});
