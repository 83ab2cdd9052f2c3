/** The notebook by keyboard alone, and on a phone; every view's axe and sizes are in page-views.spec.ts. */
import { expect, type NotebookPage, test } from './notebook-page';

/** Trains a few epochs so that every part has something to show. */
async function openTrained(notebook: NotebookPage): Promise<void> {
  await notebook.open();
  await notebook.set('Epochs', '20');
  await notebook.trainToTheEnd(20);
}

test('on a phone the transport stays at the bottom', async ({ notebook, page }) => {
  const phone = { width: 390, height: 844 };
  await page.setViewportSize(phone);
  await openTrained(notebook);
  for (const part of ['The data', 'Ten predictions']) {
    await notebook.part(part).scrollIntoViewIfNeeded();
    const box = await page.getByRole('group', { name: 'Training' }).boundingBox();
    expect(box === null ? 0 : box.y + box.height).toBeCloseTo(phone.height, 0);
  }
});

test('a link leads to its place, at once when the page is opened', async ({ notebook, page }) => {
  await page.goto('./?tune=off&backend=cpu#training');
  await expect(notebook.part('Training').getByRole('heading', { level: 2 })).toBeInViewport();
  await page.goto('about:blank');
  await page.goto('./?tune=off&backend=cpu#lab/race');
  await expect(page.getByRole('tabpanel', { name: 'Race', exact: true })).toBeInViewport();
  await expect(page.getByRole('tab', { name: 'Race', exact: true })).toBeInViewport();
  await expect(page.getByRole('tab', { name: 'Race', exact: true })).toBeFocused();
  await page.goto('about:blank');
  await page.goto('./?tune=off&backend=cpu#nowhere');
  await expect(page.getByRole('alert')).toContainText('“#nowhere” is not a place on this page.');
});

for (const [width, height] of [
  [1280, 800],
  [390, 844],
]) {
  test(`the tab key in the bar leaves the page where it is, at ${width} px`, async ({
    notebook,
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('./?tune=off&backend=cpu&epochs=5');
    await expect(notebook.evaluationSource).toContainText('Before training');
    // What comes near is laid out, and moves what is below it.
    await expect(async () => {
      await page.evaluate(() => scrollTo({ top: 2000, behavior: 'instant' }));
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      expect(await page.evaluate(() => scrollY)).toBe(2000);
    }).toPass();
    await page.evaluate(() =>
      document.querySelector<HTMLElement>('.views a')?.focus({ preventScroll: true }),
    );
    const places = [await page.evaluate(() => scrollY)];
    for (let stop = 0; stop < 7; stop++) {
      await page.keyboard.press('Tab');
      const isInBar = await page.evaluate(() => document.activeElement?.closest('.bar') !== null);
      if (isInBar) places.push(await page.evaluate(() => scrollY));
    }
    expect(places.length).toBeGreaterThan(5);
    expect(new Set(places)).toEqual(new Set([2000]));
  });
}

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
  // Slow, so that no machine has done them all before it is paused.
  const speed = page.getByRole('combobox', { name: 'Speed' });
  await speed.selectOption('10 epochs/s');
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
  await speed.selectOption('full speed');
  await notebook.button('Resume').focus();
  await page.keyboard.press('Enter');
  await expect(notebook.button('Start again')).toBeFocused();
  await expect(notebook.status).toContainText('Finished after epoch 300');
});
