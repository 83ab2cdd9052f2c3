/** Programs outside of a browser are compiled once for their sources, and anew for others. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compiled } from '../../build/compiled.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const made = new Set<string>();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shaderprop-compiled-'));
});
afterEach(() => {
  for (const place of [folder, ...made]) rmSync(place, { recursive: true });
  made.clear();
});

/** What the program says of its source, and where it was compiled to. */
async function run(source: string): Promise<{ value: unknown; from: string }> {
  const file = join(folder, 'entry.ts');
  writeFileSync(file, source);
  const path = relative(ROOT, file);
  const from = await compiled({ name: 'unit-test', entries: { entry: path }, sources: [path] });
  made.add(from);
  const { value } = await import(/* @vite-ignore */ pathToFileURL(join(from, 'entry.mjs')).href);
  return { value, from };
}

test('a changed source is compiled anew, and one that is as before is not', async () => {
  const first = await run('export const value: number = 1;');
  const second = await run('export const value: number = 2;');
  expect([first.value, second.value]).toEqual([1, 2]);
  const before = statSync(join(first.from, 'entry.mjs')).mtimeMs;
  const again = await run('export const value: number = 1;');
  expect(again).toEqual(first);
  expect(statSync(join(again.from, 'entry.mjs')).mtimeMs).toBe(before);
});

test('a module knows its source’s address, and what does not compile leaves nothing', async () => {
  const { value } = await run('export const value = import.meta.url;');
  expect(value).toBe(pathToFileURL(join(folder, 'entry.ts')).href);
  await expect(run('export const value = ;')).rejects.toThrow();
});
