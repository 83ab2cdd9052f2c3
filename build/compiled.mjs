// Compiles TypeScript for programs outside of a browser, once: what came of it is kept by the hash of all
// that it may depend on. JavaScript, since Node 20 runs it as it is.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMPILER = fileURLToPath(new URL('compile.mjs', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/compiled');
/** What was compiled for other sources goes after so long: a program may still be running from it. */
const KEPT_MS = 24 * 3_600_000;

/** Every module that can be reached is in one of these, or is a package. */
const SOURCES = ['build', 'shaders', 'src'];

/**
 * @typedef {object} Program
 * @property {string} name - of its folder in the cache
 * @property {Readonly<Record<string, string>>} entries - name of each module that comes of it, and its source's path
 * @property {readonly string[]} [sources] - further folders and files that it is made of
 * @property {boolean} [isWhole] - packages are put into it, too: it runs in any folder, on any machine
 */

/**
 * The folder with a program's modules, `<entry>.mjs`, compiled where that has not been done for these
 * sources.
 *
 * @param {Program} program
 * @returns {Promise<string>}
 */
export async function compiled({ name, entries, sources = [], isWhole = false }) {
  const hash = hashOf([...SOURCES, ...sources, 'package-lock.json'], [ROOT, entries, isWhole]);
  const folder = join(CACHE, `${name}-${hash}`);
  if (existsSync(folder)) return folder;
  // Under its own name first: one that broke off does not pass for a whole one.
  const unfinished = `${folder}.${process.pid}`;
  try {
    // Only for somebody who waits: programs read what a command writes.
    if (process.stderr.isTTY) {
      process.stderr.write(`Compiling ${name}, once for these sources …\n`);
    }
    await compile({ entries, isWhole, folder: unfinished });
    // Another process may have been quicker.
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  removeOld(name, folder);
  return folder;
}

/**
 * @param {readonly string[]} places - folders and files of the project
 * @param {unknown} rest - what else decides
 */
function hashOf(places, rest) {
  const hash = createHash('sha256').update(JSON.stringify(rest));
  for (const place of places) {
    const path = join(ROOT, place);
    const files = statSync(path).isFile()
      ? [path]
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
          .sort();
    for (const file of files) {
      hash.update(`\0${relative(ROOT, file)}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * In a process of its own, which takes the compiler's memory with it: what is compiled may run for hours.
 *
 * @param {import('./compile.mjs').Compilation} compilation
 */
async function compile(compilation) {
  await promisify(execFile)(process.execPath, [COMPILER, JSON.stringify(compilation)]);
}

/**
 * @param {string} name
 * @param {string} kept - the folder that is in use
 */
function removeOld(name, kept) {
  for (const entry of readdirSync(CACHE)) {
    const folder = join(CACHE, entry);
    const isOld = () => Date.now() - statSync(folder).mtimeMs > KEPT_MS;
    if (entry.startsWith(`${name}-`) && folder !== kept && isOld()) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
