/** A new version is deployed while the page is open: the page comes with the next visit until it is asked. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, NotebookPage, test } from './notebook-page';

test.use({ serviceWorkers: 'allow' });

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
    .replaceAll(/("revision":")/g, '$1version2-');
}

test('a page that is open keeps its own files, and takes the new version when it is asked', async ({
  notebook,
  page,
}) => {
  const host = new Host();
  const url = await host.listen();
  try {
    await page.goto(`${url}?backend=cpu&epochs=60`);
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
    // Nor are the workers that only measure, and what a dialog loads.
    await page.getByRole('tab', { name: 'Race' }).click();
    await page.getByLabel('Length of the race').selectOption('60');
    await page.getByRole('button', { name: 'Race', exact: true }).click();
    await expect(page.getByText('Finished after 60 epochs.')).toBeVisible({ timeout: 60_000 });
    await page.getByRole('banner').locator('button.badge').click();
    const diagnostics = page.getByRole('dialog', { name: 'Diagnostics' });
    await expect(diagnostics).not.toContainText(/could not be loaded|^Loading/);
    await page.keyboard.press('Escape');
    expect(failed).toEqual([]);
    const scripts = () =>
      page.evaluate(() => Array.from(document.scripts, ({ src }) => src).filter((src) => src));
    expect((await scripts()).some((src) => src.includes('version2-'))).toBe(false);
    const reloaded = page.waitForEvent('load');
    await notice.getByRole('button', { name: 'Update now' }).click();
    await reloaded;
    await expect(page.getByRole('tabpanel')).toBeVisible();
    expect((await scripts()).some((src) => src.includes('version2-'))).toBe(true);
    expect(failed).toEqual([]);
  } finally {
    host.close();
  }
});

test('the new version waits for a tab that would lose files, however often it is asked for', async ({
  page,
  context,
}) => {
  const host = new Host();
  const url = await host.listen();
  const isNew = (tab: Page) => tab.locator('script[src*="version2-"]').count();
  const open = async (tab: Page) => {
    await tab.goto(`${url}?backend=cpu`);
    await expect(new NotebookPage(tab).evaluationSource).toContainText('Before training');
    await tab.evaluate(() => navigator.serviceWorker.ready);
  };
  try {
    await open(page);
    host.deploy();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect(page.getByText('A new version of this page is ready')).toBeVisible();
    const other = await context.newPage();
    // Every tab has the old version as long as one is open that began with it.
    await open(other);
    expect(await isNew(other)).toBe(0);
    const take = other.getByRole('button', { name: 'Update now' });
    await take.click();
    await expect(
      other.getByText('It waits until the other tab of this page is closed'),
    ).toBeVisible();
    expect(await isNew(other)).toBe(0);
    // The lab comes from the old version, which this tab had not opened yet.
    await page.evaluate(() => {
      location.hash = '#lab';
    });
    await expect(page.getByRole('tab').first()).toBeVisible();
    await page.close();
    // The browser may hold the closed tab's lock for a moment: it is asked for until it comes.
    const press = async () => {
      await take.click({ timeout: 2000 }).catch(() => undefined);
      return isNew(other).catch(() => 0);
    };
    await expect.poll(press).toBeGreaterThan(0);
    await expect(other.getByText('A new version')).toHaveCount(0);
  } finally {
    host.close();
  }
});

test('without being asked for, the new version comes when every tab was closed', {
  tag: '@slow',
}, async ({ page, context }) => {
  const host = new Host();
  const url = await host.listen();
  try {
    await page.goto(`${url}?backend=cpu`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    host.deploy();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect(page.getByText('A new version of this page is ready')).toBeVisible();
    const next = await context.newPage();
    await page.close();
    await expect
      .poll(async () => {
        await next.goto('about:blank');
        await next.goto(`${url}?backend=cpu`);
        return next.locator('script[src*="version2-"]').count();
      })
      .toBeGreaterThan(0);
  } finally {
    host.close();
  }
});
