/** The lock file installs on every platform, from any registry, with what was locked and nothing else. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
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
