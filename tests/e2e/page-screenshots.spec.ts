/**
 * Pictures of the trained page for people to look at. `UPDATE_SCREENSHOTS=1` writes them beside the
 * tests, where the README takes them from; otherwise they go to the test's own results.
 */
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from './notebook-page';

const FOLDER = fileURLToPath(new URL('screenshots/', import.meta.url));
const LEAST_BYTES = 10_000;
const MOST_BYTES = 300_000;

const VIEWS = [
  { name: 'notebook-light', colorScheme: 'light', width: 1280, height: 1080 },
  { name: 'notebook-dark', colorScheme: 'dark', width: 1280, height: 1080 },
  { name: 'notebook-phone', colorScheme: 'light', width: 390, height: 844 },
] as const;

test('takes pictures of the trained page', async ({ notebook, page }, testInfo) => {
  const isUpdate = process.env.UPDATE_SCREENSHOTS === '1';
  if (isUpdate) mkdirSync(FOLDER, { recursive: true });
  await notebook.open();
  await notebook.trainToTheEnd(1000);
  for (const { name, colorScheme, width, height } of VIEWS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(() => document.querySelector('#training')?.scrollIntoView());
    // Charts draw when they come into view, at most every tenth of a second.
    await page.waitForTimeout(300);
    const path = isUpdate ? `${FOLDER}${name}.png` : testInfo.outputPath(`${name}.png`);
    await page.screenshot({ path });
    const { size } = statSync(path);
    expect(size).toBeGreaterThan(LEAST_BYTES);
    expect(size).toBeLessThan(MOST_BYTES);
  }
});
