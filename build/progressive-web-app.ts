/** The built page works without a network after the first visit, and can be installed. */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { PluginOption } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** The benchmark and its peers are for those who are online. */
const START = 'index.html';
const LEFT_OUT = 'bench.html';
/** Files that may name others. */
const TEXT = /\.(html|js|css)$/;
/** Above this a file is not kept; the page itself has none so large. */
const MOST_BYTES = 2_000_000;

export function progressiveWebApp(): PluginOption {
  let folder = 'dist';
  return [
    {
      name: 'progressive-web-app',
      apply: 'build',
      configResolved({ root, build }) {
        folder = resolve(root, build.outDir);
      },
    },
    VitePWA({
      // A new version waits until no page of the old one is open, or until it is asked for: a page goes
      // on with the files that it began with, of which it may not have fetched all yet.
      registerType: 'prompt',
      strategies: 'injectManifest',
      srcDir: 'src/app',
      filename: 'sw.ts',
      // The page registers it itself: the content security policy lets it start its own scripts only.
      injectRegister: false,
      includeManifestIcons: false,
      manifest: {
        name: 'Shaderprop: a neural network from scratch on WebGPU',
        short_name: 'Shaderprop',
        description:
          'Trains a neural network in the browser with WGSL compute kernels, and proves every number against float64.',
        lang: 'en',
        display: 'standalone',
        // Relative: the page works in any folder of any host.
        start_url: './',
        scope: './',
        theme_color: '#14559f',
        background_color: '#fdfcf9',
        icons: [
          { src: 'favicon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
          { src: 'icon-maskable.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'maskable' },
        ],
      },
      injectManifest: {
        rollupFormat: 'iife',
        globPatterns: ['**/*.{html,js,css,svg,csv,wasm,webmanifest,woff2}'],
        maximumFileSizeToCacheInBytes: MOST_BYTES,
        manifestTransforms: [
          async (entries) => {
            const files = reachable(
              folder,
              entries.map(({ url }) => url),
            );
            return { manifest: entries.filter(({ url }) => files.has(url)), warnings: [] };
          },
        ],
      },
    }),
  ];
}

/** The files that the page can come to: those that it names, those that these name, and so on. */
function reachable(folder: string, files: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [START];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    if (!TEXT.test(file)) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    for (const other of files) {
      if (other !== LEFT_OUT && text.includes(basename(other))) waiting.push(other);
    }
  }
  return found;
}
