/** A new version is deployed while the page is open: the page goes on with its own files until it is asked. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from './notebook-page';

const BUILD = fileURLToPath(new URL('../../dist/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Serves the build; after `deploy` all its scripts and styles have other names, as with a new build. */
class Host {
  #isNew = false;
  readonly #server: Server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname.slice(1);
    try {
      const name = path === '' ? 'index.html' : path;
      const isNew = name.includes('version2-');
      if (name.startsWith('assets/') && isNew !== this.#isNew)
        throw new Error('of another version');
      const body = await readFile(join(BUILD, name.replaceAll('version2-', '')));
      response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream');
      response.setHeader('Cache-Control', 'no-store');
      const isText = /\.(html|js|css)$/.test(name);
      response.end(this.#isNew && isText ? renamed(body.toString()) : body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    return `http://127.0.0.1:${address.port}/`;
  }

  deploy(): void {
    this.#isNew = true;
  }

  close(): void {
    this.#server.close();
  }
}

/** Names with a hash, in every text that has them; and files without one are of another revision. */
function renamed(text: string): string {
  return text
    .replaceAll(/([\w-]+-[\w-]{8}\.(?:js|css|csv))/g, 'version2-$1')
    .replaceAll(/(revision:\s*")/g, '$1version2-');
}

test('a page that is open keeps its own files, and takes the new version when it is asked', async ({
  notebook,
  page,
}) => {
  const host = new Host();
  const url = await host.listen();
  try {
    await page.goto(`${url}?backend=cpu`);
    await expect(notebook.evaluationSource).toContainText('Before training');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect
      .poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null))
      .toBe(true);
    host.deploy();
    const failed: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(response.url());
    });
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    const notice = page.locator('.notice', { hasText: 'A new version of this page is ready' });
    await expect(notice).toBeVisible();
    // What this page has not fetched yet is still there, in its own version.
    await page.evaluate(() => {
      location.hash = '#lab';
    });
    const tabs = page.getByRole('tab');
    await expect(tabs.first()).toBeVisible();
    for (const tab of await tabs.all()) {
      await tab.click();
      await expect(page.getByRole('tabpanel')).not.toContainText(/could not be loaded|^Loading/);
    }
    expect(failed).toEqual([]);
    const scripts = () =>
      page.evaluate(() => Array.from(document.scripts, ({ src }) => src).filter((src) => src));
    expect((await scripts()).some((src) => src.includes('version2-'))).toBe(false);
    const reloaded = page.waitForEvent('load');
    await notice.getByRole('button', { name: 'Take it' }).click();
    await reloaded;
    await expect(page.getByRole('tabpanel')).toBeVisible();
    expect((await scripts()).some((src) => src.includes('version2-'))).toBe(true);
    expect(failed).toEqual([]);
  } finally {
    host.close();
  }
});
