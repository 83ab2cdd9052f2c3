/**
 * A walk through every view, in both themes and at four sizes: axe finds nothing, nothing is wider than
 * the window, nothing lies over anything else. `UPDATE_SCREENSHOTS=1` takes a picture of each on the
 * way, to be looked at; the README shows some, and git ignores the others.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { violationsOf } from './axe';
import { expect, test } from './lab-page';
import { layoutFaults } from './layout';
import { SIZES, settle, THEMES, VISITS } from './views';

const FOLDER = fileURLToPath(new URL('screenshots/', import.meta.url));
const TAKES_PICTURES = process.env.UPDATE_SCREENSHOTS === '1';
/** Small enough to keep all of them, and no letter is smudged. */
const QUALITY = 60;

for (const visit of VISITS) {
  test(`every view of ${visit.name}: axe, sizes and themes`, async ({ lab, page }) => {
    test.setTimeout(300_000);
    page.setDefaultTimeout(15_000);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize(SIZES[2]);
    await visit.open(lab);
    const faults: string[] = [];
    for (const view of visit.views) {
      await page.setViewportSize(SIZES[2]);
      await view.show(lab);
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        for (const size of SIZES) {
          // The layout is the same in both themes.
          const isDark = colorScheme === 'dark';
          const hasAxe = size.width === 1280 || size.width === 390;
          if (isDark && !hasAxe && !TAKES_PICTURES) continue;
          await page.setViewportSize(size);
          await settle(page, view);
          const where = `${view.name}-${size.width}-${colorScheme}`;
          const found = [
            ...(isDark ? [] : await layoutFaults(page)),
            ...(hasAxe ? await violationsOf(page, view.part) : []),
          ];
          faults.push(...found.map((fault) => `${where}: ${fault}`));
          if (TAKES_PICTURES) await takePicture(page, where);
        }
      }
      await view.leave?.(lab);
    }
    expect(faults).toEqual([]);
  });
}

/** The window as it is. Playwright itself has no WebP, which takes a third of the room. */
async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const client = await page.context().newCDPSession(page);
  const { data } = await client.send('Page.captureScreenshot', {
    format: 'webp',
    quality: QUALITY,
  });
  await client.detach();
  writeFileSync(`${FOLDER}${name}.webp`, Buffer.from(data, 'base64'));
}
