/** Keyboard, screen readers, sizes and themes. */
import { violationsOf } from './axe';
import { expect, type NotebookPage, test } from './notebook-page';

const SIZES = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

/** Trains a few epochs so that every part has something to show. */
async function openTrained(notebook: NotebookPage): Promise<void> {
  await notebook.open();
  await notebook.set('Epochs', '20');
  await notebook.trainToTheEnd(20);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the ${colorScheme} theme`, async ({ notebook, page }) => {
    await page.emulateMedia({ colorScheme });
    await openTrained(notebook);
    for (const size of [SIZES[0], SIZES[2]]) {
      await page.setViewportSize(size);
      expect(await violationsOf(page)).toEqual([]);
    }
    const background = await page.evaluate(
      () => getComputedStyle(document.documentElement).backgroundColor,
    );
    const [red] = /\d+/.exec(background) ?? [];
    expect(Number(red) > 128).toBe(colorScheme === 'light');
  });
}

test('nothing is wider than the window, at any size', async ({ notebook, page }) => {
  await openTrained(notebook);
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `at ${size.width} px`).toBeLessThanOrEqual(size.width);
  }
  // On a phone the transport stays at the bottom, wherever the page is scrolled to.
  await page.setViewportSize(SIZES[0]);
  for (const part of ['The data', 'Ten predictions']) {
    await notebook.part(part).scrollIntoViewIfNeeded();
    const box = await page.getByRole('group', { name: 'Training' }).boundingBox();
    expect(box === null ? 0 : box.y + box.height).toBeCloseTo(SIZES[0].height, 0);
  }
});

test('the keyboard alone reaches and works everything', async ({ notebook, page }) => {
  await notebook.open();
  const names: string[] = [];
  const invisible: string[] = [];
  for (let stop = 0; stop < 80; stop++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      const target = element.matches('.segments input')
        ? (element.parentElement ?? element)
        : element;
      const { outlineStyle, outlineWidth } = getComputedStyle(target);
      const name =
        element.getAttribute('aria-label') ??
        (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined) ??
        element.textContent;
      return {
        name: (name ?? '').trim(),
        isVisible: outlineStyle !== 'none' && outlineWidth !== '0px',
      };
    });
    if (focus === undefined) break;
    names.push(focus.name);
    if (!focus.isVisible) invisible.push(focus.name);
  }
  for (const name of ['Skip to the content', 'Start', 'Step', 'Reset', 'Learning rate', 'Epochs']) {
    expect(names).toContain(name);
  }
  expect(names.some((name) => name === 'WebGPU')).toBe(true);
  expect(names.some((name) => name === 'Loss as a table')).toBe(true);
  expect(invisible).toEqual([]);

  // A whole run without the mouse.
  await notebook.setting('Epochs').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('300');
  await page.keyboard.press('Tab');
  await expect(notebook.progress).toHaveText('Epoch 0 of 300');
  await page.keyboard.press('ArrowLeft'); // from the first to the last
  await expect(page.getByRole('radio', { name: 'Reference' })).toBeChecked();
  await expect(notebook.evaluationSource).toContainText('Reference');
  await notebook.button('Start').focus();
  await page.keyboard.press('Enter');
  await expect(notebook.button('Pause')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(notebook.button('Resume')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(notebook.button('Start again')).toBeFocused();
  await expect(notebook.status).toContainText('Finished after epoch 300');
});
