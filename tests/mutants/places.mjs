/** Where each bug of the list belongs: in the one file of its name, or path's end, that has its line, once. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const FILES = ['src', 'shaders'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
    join(ROOT, folder, path),
  ),
);

/**
 * The files of a mutant's name that have its line, once for every time: a mutant says in which file it is,
 * and of its folders as many as tell it from others. Just one is right.
 *
 * @param {Pick<import('./mutants.mjs').Mutant, 'file' | 'before'>} mutant
 */
export function placesOf({ file, before }) {
  const end = join(sep, file);
  return FILES.filter((path) => path.endsWith(end)).flatMap((path) =>
    Array(readFileSync(path, 'utf8').split(before).length - 1).fill(path),
  );
}
