/** Where the command line keeps what tuning measured: one JSON file in the user's cache folder. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TuningStore } from '../gpu/tuning/tuning-store';

/** The file's path; `SHADERPROP_TUNING` names another. */
export function tuningFile(environment: NodeJS.ProcessEnv = process.env): string {
  const { SHADERPROP_TUNING, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (SHADERPROP_TUNING) return SHADERPROP_TUNING;
  const cache = XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache');
  return join(cache, 'shaderprop', 'tuning.json');
}

/** The file's records by key, as they are; none where there is no file, or it is no JSON object. */
async function readAll(path: string): Promise<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** One record, unchecked: whoever asks checks what a file of the user's says. */
export async function readTuning(path: string, key: string): Promise<unknown> {
  return (await readAll(path))[key];
}

export async function writeTuning(path: string, key: string, record: unknown): Promise<void> {
  const records = await readAll(path);
  await mkdir(dirname(path), { recursive: true });
  // Under a name of its own first: who reads meanwhile would take a half for none, and keep nothing of it.
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify({ ...records, [key]: record }, null, 2)}\n`);
  await rename(unfinished, path);
}

/** Forgets everything. */
export async function clearTuning(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** The file as a store, for a backend in this process. */
export function tuningFileStore(path = tuningFile()): TuningStore {
  return {
    get: (key) => readTuning(path, key),
    set: (key, record) => writeTuning(path, key, record),
    clear: () => clearTuning(path),
  };
}
