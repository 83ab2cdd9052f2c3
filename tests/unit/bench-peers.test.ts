/** The peers belong to the benchmark alone, and its page loads none before it is asked to measure. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BENCH = join(ROOT, 'src/bench');

function isPeer(specifier: string): boolean {
  return /^(@tensorflow|@jax-js)\//.test(specifier);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(m?[jt]s|tsx)$/.test(name))
    .map((name) => join(folder, name));
}

/** Modules that a file imports: at once, and on demand. */
function importsOf(file: string): { readonly eager: string[]; readonly late: string[] } {
  const source = readFileSync(file, 'utf8');
  const { staticImports, dynamicImports } = parseSync(file, source).module;
  return {
    // Types are gone when the program runs.
    eager: staticImports
      .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
      .map(({ moduleRequest }) => moduleRequest.value),
    late: dynamicImports.map(({ moduleRequest }) =>
      source.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    ),
  };
}

/** Everything that loads with a file, as specifiers. */
function closureOf(entry: string): Set<string> {
  const seen = new Set<string>();
  const specifiers = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const specifier of importsOf(file).eager) {
      specifiers.add(specifier);
      if (!specifier.startsWith('.')) continue;
      const path = join(dirname(file), specifier);
      const found = sources(dirname(path)).find(
        (name) => /^\.(m?[jt]s|tsx)$/.test(name.slice(path.length)) && name.startsWith(path),
      );
      if (found !== undefined) visit(found);
    }
  };
  visit(entry);
  return specifiers;
}

test('only the benchmark imports a peer', () => {
  const importers = ['src', 'shaders', 'tests']
    .flatMap((folder) => sources(join(ROOT, folder)))
    .filter((file) => {
      const { eager, late } = importsOf(file);
      return [...eager, ...late].some(isPeer);
    })
    .map((file) => relative(ROOT, file));
  expect(importers.length).toBeGreaterThan(1);
  for (const file of importers) expect(file).toMatch(/^src\/bench\//);
});

test.each(['main.tsx', 'contender-worker.ts'])('%s loads no peer with itself', (name) => {
  const closure = closureOf(join(BENCH, name));
  expect(closure.size).toBeGreaterThan(2);
  expect([...closure].filter(isPeer)).toEqual([]);
});

test('the search sees a peer where there is one', () => {
  expect([...closureOf(join(BENCH, 'jax.ts'))].some(isPeer)).toBe(true);
  expect(importsOf(join(BENCH, 'tensorflow.ts')).late.some(isPeer)).toBe(true);
});
