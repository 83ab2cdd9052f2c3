// Compiles AssemblyScript when it is imported, so that no binary is kept beside its source:
// `import { SIMD, RELAXED_SIMD } from './assembly/index.ts?assemblyscript'` gives two modules as base64.
// JavaScript, since src/cli/commands.mjs needs it as well.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SUFFIX = '?assemblyscript';

/** One module with plain SIMD, and one with fused multiply-add for engines that have relaxed SIMD. */
const FEATURES = /** @type {const} */ ({ SIMD: 'simd', RELAXED_SIMD: 'simd,relaxed-simd' });

/** Compiling takes seconds: what came of it is kept here, by the hash of all that it depends on. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/assemblyscript', import.meta.url));
const COMPILER = fileURLToPath(
  new URL('../node_modules/assemblyscript/package.json', import.meta.url),
);

/**
 * The modules of an entry file as a JavaScript module.
 *
 * @param {string} entry - path of the entry file; its folder holds all that it imports
 * @param {readonly string[]} files - paths of the sources
 */
async function compileOnce(entry, files) {
  const hash = createHash('sha256');
  for (const file of [fileURLToPath(import.meta.url), COMPILER, ...files]) {
    hash.update(readFileSync(file)).update('\0');
  }
  const kept = join(CACHE, `${hash.digest('hex')}.js`);
  const found = readSource(kept);
  if (found !== null) return found;
  const code = await compileAll(entry);
  mkdirSync(CACHE, { recursive: true });
  // Under its own name first: another process may look at the same time.
  writeFileSync(`${kept}.${process.pid}`, code);
  renameSync(`${kept}.${process.pid}`, kept);
  return code;
}

/** @param {string} entry */
async function compileAll(entry) {
  const lines = [];
  for (const [name, features] of Object.entries(FEATURES)) {
    const binary = await compile(entry, features);
    lines.push(`export const ${name} = '${Buffer.from(binary).toString('base64')}';`);
  }
  return lines.join('\n');
}

/**
 * @param {string} entry
 * @param {string} features - of WebAssembly, separated by commas
 * @returns {Promise<Uint8Array>}
 */
async function compile(entry, features) {
  // Only when it is needed: the compiler takes a second to load.
  const asc = (await import('assemblyscript/asc')).default;
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await asc.main(
    [
      entry,
      ...['--outFile', 'kernels.wasm', '--enable', `${features},threads`],
      // All threads work on one memory, as large as it was asked for.
      ...['--sharedMemory', '--maximumMemory', '65536'],
      ...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--noExportMemory'],
      // Vectors cross no boundary of the module: what takes them is not exported from it.
      ...['--disableWarning', '112'],
    ],
    {
      readFile: (name, base) => readSource(join(base, name)),
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) {
    throw new Error(`AssemblyScript could not compile ${entry}:\n${stderr.toString()}`);
  }
  return binary;
}

/**
 * The compiler asks for several places in turn, and takes null for "not there".
 *
 * @param {string} path
 */
function readSource(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** @returns {import('vite').Plugin} */
export function assemblyScript() {
  return {
    name: 'assemblyscript',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith(SUFFIX)) return null;
      const entry = id.slice(0, -SUFFIX.length);
      const folder = dirname(entry);
      const files = readdirSync(folder)
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name));
      for (const file of files) this.addWatchFile(file);
      return compileOnce(entry, files);
    },
  };
}
