/** The page as it ships, built and served for a measuring script, and a Chromium to open it in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';

/**
 * Builds the page, serves it and starts a browser for as long as `use` takes.
 *
 * @template T
 * @param {boolean} hardware whether the device's own adapter is used, and not the software one
 * @param {(browser: import('playwright').Browser, baseURL: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withBuiltPage(hardware, use) {
  const folder = mkdtempSync(join(tmpdir(), 'shaderprop-page-'));
  await build({ logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const server = await preview({
    logLevel: 'error',
    build: { outDir: folder },
    preview: { port: 0, host: '127.0.0.1' },
  });
  const browser = await chromium.launch({
    executablePath: process.env.SHADERPROP_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--enable-unsafe-webgpu', ...(hardware ? [] : ['--use-webgpu-adapter=swiftshader'])],
  });
  try {
    return await use(browser, server.resolvedUrls?.local[0] ?? '');
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true });
  }
}
