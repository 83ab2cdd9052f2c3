/** Each lock file installs on every platform, from any registry, with what was locked and nothing else. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Each has a lock of its own, since no installation waits for it. */
const ENGINES = ['dawn', 'deno'];

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe.each([
  'package-lock.json',
  ...ENGINES.map((name) => `build/engines/${name}/package-lock.json`),
])('%s', (file) => {
  const { packages } = JSON.parse(
    readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'),
  ) as { packages: Readonly<Record<string, LockedPackage>> };
  const installed = Object.entries(packages).filter(([path]) => path !== '');

  test('holds every package of every platform; npm ci refuses it otherwise', () => {
    const missing = installed.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !(`node_modules/${name}` in packages))
        .filter((name) => !(`${path}/node_modules/${name}` in packages))
        .map((name) => `${name} of ${path}`),
    );
    expect(missing).toEqual([]);
  });

  test('has a version and a checksum of every package, and names no registry', () => {
    expect(installed.length).toBeGreaterThan(0);
    for (const [path, { version, integrity, resolved }] of installed) {
      expect(version, path).toBeDefined();
      expect(integrity, path).toMatch(/^sha512-/);
      expect(resolved, path).toBeUndefined();
    }
  });
});
