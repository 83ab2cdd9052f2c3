/** The built page: small at first, at home in any folder, and there without a network. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, NotebookPage, test } from './notebook-page';
import { problemsOf } from './problems';

test.use({ serviceWorkers: 'allow' });

/** What the other tests' server has at its root: one build suits every folder. */
const BUILD = fileURLToPath(new URL('../../dist/', import.meta.url));
const MOST_FIRST_BYTES = 150_000;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.csv': 'text/csv',
  '.webmanifest': 'application/manifest+json',
};

test('loads less than 150 kB of compressed JavaScript first, and no peer of the benchmark', async ({
  notebook,
  page,
}) => {
  const scripts = new Map<string, number>();
  page.on('response', async (response) => {
    if (response.request().resourceType() !== 'script') return;
    scripts.set(response.url(), gzipSync(await response.body(), { level: 9 }).length);
  });
  await page.goto('./');
  // The plans of the kernels are measured first, which takes its time on a busy machine.
  await expect(notebook.evaluationSource).toContainText('Before training', { timeout: 60_000 });
  const html = await (await page.request.get('./')).text();
  const named = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, url]) => url);
  expect(named.length).toBeGreaterThan(1);
  const sizes = await Promise.all(
    named.map(async (url) => {
      const body = await (await page.request.get(url)).body();
      return gzipSync(body, { level: 9 }).length;
    }),
  );
  const first = sizes.reduce((sum, size) => sum + size, 0);
  const all = [...scripts.values()].reduce((sum, size) => sum + size, 0);
  console.log(`first scripts ${first} bytes; with all that the first view loads ${all} bytes`);
  expect(first).toBeLessThan(MOST_FIRST_BYTES);
  expect(all).toBeLessThan(MOST_FIRST_BYTES);
  expect([...scripts.keys()].filter((url) => /tensorflow|tfjs|jax|bench/.test(url))).toEqual([]);
});

test('trains and shows every panel without a network after the first visit', {
  tag: '@slow',
}, async ({ page, context }) => {
  await page.goto('./');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  // A link with settings, in another tab, with the network gone.
  await context.setOffline(true);
  const other = await context.newPage();
  const problems = await problemsOf(other);
  const failed: string[] = [];
  other.on('requestfailed', (request) => failed.push(request.url()));
  await other.goto('./?v=1&epochs=40');
  const offline = new NotebookPage(other);
  await offline.button('Start').click();
  await expect(offline.button('Start again')).toBeVisible({ timeout: 60_000 });
  await other.goto('./#lab');
  const tabs = other.getByRole('tab');
  await expect(tabs.first()).toBeVisible();
  for (const tab of await tabs.all()) {
    await tab.click();
    await expect(other.getByRole('tabpanel')).not.toContainText(/could not be loaded|^Loading/);
  }
  expect(failed).toEqual([]);
  expect(problems).toEqual([]);
});

test.describe('in a folder of another host', () => {
  let server: Server;
  let url = '';

  test.beforeAll(async () => {
    server = createServer(async (request, response) => {
      const path = new URL(request.url ?? '/', 'http://host').pathname;
      const inside = path.startsWith('/some/where/')
        ? path.slice('/some/where/'.length)
        : undefined;
      try {
        if (inside === undefined) throw new Error(path);
        const file = join(BUILD, normalize(inside === '' ? 'index.html' : inside));
        const body = await readFile(file);
        response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
        response.end(body);
      } catch {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    url = `http://127.0.0.1:${address.port}/some/where/`;
  });

  test.afterAll(() => {
    server.close();
  });

  test('finds all its files, and its manifest and icons', async ({ notebook, page }) => {
    const missing: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) missing.push(response.url());
    });
    await page.goto(url);
    await expect(notebook.evaluationSource).toContainText('Before training', { timeout: 60_000 });
    await page.evaluate(() => navigator.serviceWorker.ready);
    const href = await page.locator('link[rel="manifest"]').getAttribute('href');
    const manifestUrl = new URL(href ?? '', url);
    const manifest = await (await page.request.get(manifestUrl.href)).json();
    expect(new URL(manifest.start_url, manifestUrl).href).toBe(url);
    for (const { src } of manifest.icons) {
      expect((await page.request.get(new URL(src, manifestUrl).href)).status()).toBe(200);
    }
    // Where the system has a font for formulas, the page's own is not asked for.
    const fonts = await page.evaluate(async () => {
      const faces = await document.fonts.load('16px Formulas', '\u{1d44a}');
      return faces.map(({ status }) => status);
    });
    expect(fonts).toEqual(['loaded']);
    // A host that sends no headers has a page on one core, until the service worker adds them.
    const isIsolated = () => page.evaluate(() => crossOriginIsolated);
    expect(await isIsolated()).toBe(false);
    await page.goto(`${url}?backend=cpu&epochs=20`);
    expect(await isIsolated()).toBe(true);
    await notebook.button('Start').click();
    await expect(notebook.button('Start again')).toBeVisible({ timeout: 60_000 });
    expect(missing).toEqual([]);
  });
});
