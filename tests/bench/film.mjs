/**
 * A film strip of a first visit: opens the built page, presses Start as soon as it is there, and takes a
 * picture a second.
 * `node tests/bench/film.mjs FOLDER [--seconds 10] [--hardware]` writes FOLDER/00.png, 01.png, …
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withBuiltPage } from './built-page.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '10' },
    hardware: { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Name the folder for the pictures.');
mkdirSync(folder, { recursive: true });

await withBuiltPage(values.hardware, async (browser, baseURL) => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(baseURL, { waitUntil: 'commit' });
  const pressed = page
    .getByRole('button', { name: 'Start', exact: true })
    .click()
    .then(() => (performance.now() - began) / 1000);
  for (let second = 0; second <= Number(values.seconds); second++) {
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, began + 1000 * second - performance.now())),
    );
    await page.screenshot({ path: join(folder, `${String(second).padStart(2, '0')}.png`) });
  }
  console.log(`Start was pressed after ${(await pressed).toFixed(1)} s.`);
});
