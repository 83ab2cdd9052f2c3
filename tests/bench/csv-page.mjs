/**
 * How long a CSV of 100 MB takes in the page, from the choice of the file to what is in it, and the longest
 * task of the main thread meanwhile: `node tests/bench/csv-page.mjs [megabytes]`.
 */

import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchMainThread } from '../support/main-thread.mjs';
import { withBuiltPage } from './built-page.mjs';
import { csvParts } from './csv-parts.mjs';

const megabytes = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'shaderprop-csv-'));
const path = join(folder, 'big.csv');
try {
  const file = createWriteStream(path);
  for (const part of csvParts(megabytes)) if (!file.write(part)) await once(file, 'drain');
  file.end();
  await once(file, 'finish');
  await withBuiltPage(false, async (browser, baseURL) => {
    const page = await browser.newPage({ baseURL, serviceWorkers: 'block' });
    await page.goto('./?backend=cpu#lab/settings');
    await page.locator('.badge strong').waitFor({ timeout: 60_000 });
    const own = page.getByRole('region', { name: 'Your own data' });
    let seconds = 0;
    const { tasks } = await watchMainThread(browser, page, async () => {
      const from = performance.now();
      await page.getByLabel('Files with data of your own').setInputFiles(path);
      await own.getByText('Samples', { exact: true }).waitFor({ timeout: 120_000 });
      seconds = (performance.now() - from) / 1000;
    });
    const rows = await own.locator('dd').first().innerText();
    console.log(
      `${megabytes} MB of CSV, ${rows}: ${seconds.toFixed(2)} s in the page; longest task ${Math.max(...tasks).toFixed(1)} ms of the thread’s own time`,
    );
  });
} finally {
  rmSync(folder, { recursive: true });
}
