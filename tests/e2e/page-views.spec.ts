/**
 * A walk through every view: axe finds nothing, nothing is wider than the window, nothing lies over
 * anything else. The quick walk is at the two sizes that people have most; axe, which takes long, looks
 * there at the first view of each page alone. The slow walk is at all sizes and in both themes, with axe
 * everywhere. With `UPDATE_SCREENSHOTS=1` it takes a picture of each view on the way, to be looked at; the
 * README shows some, and git ignores the others.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { violationsOf } from './axe';
import { expect, type LabPage, test } from './lab-page';
import { lastingFaults } from './layout';
import { SIZES, settle, THEMES, VISITS, type View, type Visit } from './views';

const FOLDER = fileURLToPath(new URL('screenshots/', import.meta.url));
const TAKES_PICTURES = process.env.UPDATE_SCREENSHOTS === '1';
/** Small enough to keep all of them, and no letter is smudged. */
const QUALITY = 60;

const DESKTOP = SIZES[2];

// The lab's many views take longer than all others together: they are left to the slow walk.
for (const visit of VISITS.filter(({ name }) => name !== 'lab')) {
  test(`every view of ${visit.name}: layout at 1280 and 390 px, axe at the first`, async ({
    lab,
    page,
  }) => {
    test.setTimeout(300_000);
    await walk(lab, page, visit, async (view) => {
      const faults: string[] = [];
      for (const size of [DESKTOP, SIZES[0]]) {
        await page.setViewportSize(size);
        await settle(page, view);
        if (size === DESKTOP && view === visit.views[0]) {
          faults.push(...(await violationsOf(page, view.part)));
        }
        faults.push(...(await lastingFaults(page)));
      }
      return faults;
    });
  });
}

for (const visit of VISITS) {
  test(`every view of ${visit.name}: all sizes and themes`, { tag: '@slow' }, async ({
    lab,
    page,
  }) => {
    test.setTimeout(600_000);
    await walk(lab, page, visit, async (view) => {
      const faults: string[] = [];
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        for (const size of SIZES) {
          // The layout is the same in both themes.
          const isDark = colorScheme === 'dark';
          const hasAxe = size.width === 1280 || size.width === 390;
          if (isDark && !hasAxe && !TAKES_PICTURES) continue;
          await page.setViewportSize(size);
          await settle(page, view);
          // Charts draw when they come into view, at most every tenth of a second.
          await page.waitForTimeout(250);
          const where = `${size.width}-${colorScheme}`;
          const found = [
            ...(isDark ? [] : await lastingFaults(page)),
            ...(hasAxe ? await violationsOf(page, view.part) : []),
          ];
          faults.push(...found.map((fault) => `${where}: ${fault}`));
          if (TAKES_PICTURES) await takePicture(page, `${view.name}-${where}`);
        }
      }
      return faults;
    });
  });
}

test('the bar holds everything at every width, at rest and with long numbers', async ({
  lab,
  page,
}) => {
  // An epoch takes many steps, and all of them take minutes.
  await lab.open('backend=cpu&batch_size=1&epochs=1000000', '');
  const look = async (where: string) => {
    for (const width of [320, 375, 768, 1024, 1180, 1280, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await lastingFaults(page, '.bar'), `${where}, ${width} px`).toEqual([]);
    }
  };
  const go = (name: string) => page.getByRole('link', { name, exact: true }).click();
  await look('notebook at rest');
  await go('Lab');
  await look('lab at rest');
  await lab.button('Start').click();
  await expect(lab.button('Pause')).toBeVisible();
  await expect(lab.progress.locator('..')).toContainText(/ (min|h|days) left/);
  await look('lab');
  await page.keyboard.press('v');
  await look('presenter');
  await go('Notebook');
  await look('presenter in the notebook');
  await page.keyboard.press('v');
  await look('notebook');
});

/** Shows each view in turn on a desktop, and expects that `look` finds no fault in any. */
async function walk(
  lab: LabPage,
  page: Page,
  { open, views }: Visit,
  look: (view: View) => Promise<readonly string[]>,
): Promise<void> {
  page.setDefaultTimeout(15_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize(DESKTOP);
  await open(lab);
  const faults: string[] = [];
  for (const view of views) {
    await page.setViewportSize(DESKTOP);
    await view.show(lab);
    faults.push(...(await look(view)).map((fault) => `${view.name}: ${fault}`));
    await view.leave?.(lab);
  }
  expect(faults).toEqual([]);
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
