// Compiles what `compiled.mjs` asks for, and ends: its one argument is a Compilation as JSON.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ALIASES } from './aliases.mjs';
import { assemblyScript } from './assemblyscript.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} Compilation
 * @property {Readonly<Record<string, string>>} entries - name of each module that comes of it, and its source's path
 * @property {boolean} isWhole - packages are put into it, too
 * @property {string} folder - that the modules are written to
 */

/** @param {Compilation} compilation */
async function compile({ entries, isWhole, folder }) {
  const input = Object.fromEntries(
    Object.entries(entries).map(([entry, path]) => [entry, join(ROOT, path)]),
  );
  await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'error',
    resolve: { alias: ALIASES },
    plugins: [assemblyScript(), ownAddresses()],
    ssr: isWhole ? { noExternal: true } : {},
    build: {
      ssr: true,
      target: 'es2023',
      outDir: folder,
      rolldownOptions: {
        input,
        output: {
          entryFileNames: '[name].mjs',
          chunkFileNames: '[name]-[hash].mjs',
          ...(isWhole && { codeSplitting: false }),
        },
      },
    },
  });
}

/**
 * A module finds files beside it by its own address, which is that of its source.
 *
 * @returns {import('vite').Plugin}
 */
function ownAddresses() {
  return {
    name: 'own-addresses',
    enforce: 'pre',
    transform: {
      filter: { id: { include: /\.m?[jt]s$/, exclude: /node_modules/ }, code: /import\.meta\.url/ },
      handler(code, id) {
        const address = JSON.stringify(pathToFileURL(id).href);
        return { code: code.replaceAll(/\bimport\.meta\.url\b/g, address), map: null };
      },
    },
  };
}

await compile(JSON.parse(process.argv[2]));
