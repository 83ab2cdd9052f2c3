/** The command line's tuning file: kept, read again, cleared, and harmless when it is broken. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clearTuning, readTuning, tuningFile, writeTuning } from '../../src/cli/tuning-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shaderprop-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('records are kept by key, beside each other', async () => {
  const path = join(folder, 'deep', 'tuning.json');
  await writeTuning(path, 'a', { winner: 'layered', timings: [] });
  await writeTuning(path, 'b', { winner: 'persistent-64', timings: [] });
  expect(await readTuning(path, 'a')).toEqual({ winner: 'layered', timings: [] });
  expect(await readTuning(path, 'c')).toBeUndefined();
  await clearTuning(path);
  expect(await readTuning(path, 'a')).toBeUndefined();
});

test('nobody who reads sees half of it', async () => {
  const path = join(folder, 'tuning.json');
  const record = 'x'.repeat(2 ** 22);
  await writeTuning(path, 'a', record);
  let isWriting = true;
  const written = writeTuning(path, 'b', 1).finally(() => {
    isWriting = false;
  });
  while (isWriting) expect((await readTuning(path, 'a')) === record).toBe(true);
  await written;
});

test('a broken file counts as none', async () => {
  const path = join(folder, 'tuning.json');
  for (const text of ['{', '3', 'null', '']) {
    writeFileSync(path, text);
    expect(await readTuning(path, 'a')).toBeUndefined();
  }
  await writeTuning(path, 'a', 1);
  expect(await readTuning(path, 'a')).toBe(1);
});

test('the path is the cache folder’s, unless a variable names another', () => {
  expect(tuningFile({ XDG_CACHE_HOME: 'cache' })).toBe(join('cache', 'shaderprop', 'tuning.json'));
  expect(tuningFile({ SHADERPROP_TUNING: 'mine.json' })).toBe('mine.json');
});
