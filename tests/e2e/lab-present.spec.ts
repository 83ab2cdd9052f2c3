/** How the page is shown: presenter mode, full screen, the theme, and the view for an iframe. */
import { expect, test } from './lab-page';

test('presenter mode: by button, key and address; large, folded, slow', async ({ lab, page }) => {
  await lab.open('backend=cpu&epochs=1000');
  const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  const pace = page.getByRole('combobox', { name: 'Speed' });
  expect(await size()).toBe('16px');
  await page.keyboard.press('v');
  await expect.poll(size).toBe('20px');
  await expect(pace.locator('option:checked')).toHaveText('100 epochs/s');
  // The stage is the whole screen; the panels come below it.
  await expect(page.getByRole('combobox', { name: 'Speed' })).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('listbox', { name: /^The network/ })).toBeInViewport({ ratio: 1 });
  await expect(lab.field('Hidden layers')).not.toBeInViewport();
  expect(new URL(page.url()).searchParams.get('present')).toBe('1');
  await expect(lab.status).toHaveText('Presenter mode is on.');
  await page.keyboard.press('Escape');
  await expect.poll(size).toBe('16px');
  await page.keyboard.press('v');
  await expect.poll(size).toBe('20px');

  // The address alone brings it back, with its pace.
  await page.reload();
  await lab.ready();
  expect(await size()).toBe('20px');
  await expect(pace.locator('option:checked')).toHaveText('100 epochs/s');
  await lab.button('Start').click();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(5);
  for (const [width, height] of [
    [390, 844],
    [1280, 800],
  ]) {
    await page.setViewportSize({ width, height });
    const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
    await expect.poll(scrollWidth).toBeLessThanOrEqual(width);
  }
  await lab.button('End presenting').click();
  await expect.poll(size).toBe('16px');
  await expect(pace.locator('option:checked')).toHaveText('full speed');
  expect(new URL(page.url()).searchParams.has('present')).toBe(false);
});

test('presenter mode trains slowly enough to be seen', { tag: '@slow' }, async ({ lab }) => {
  await lab.open('backend=cpu&epochs=1000000&present=1');
  const begin = Date.now();
  await lab.button('Start').click();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(100);
  // A hundred a second, however long the machine took to begin; at full speed it is some thousands.
  const epoch = await lab.epoch();
  expect((1000 * epoch) / (Date.now() - begin)).toBeLessThan(120);
});

test('full screen fills the screen, and gives it back', async ({ lab, page }) => {
  await lab.open('backend=cpu');
  const isFull = () => page.evaluate(() => document.fullscreenElement !== null);
  await lab.button('View').click();
  const button = page.getByRole('dialog', { name: 'View' }).getByRole('button', {
    name: 'Full screen',
  });
  await button.click();
  await expect.poll(isFull).toBe(true);
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await button.click();
  await expect.poll(isFull).toBe(false);
});

test('the theme is chosen, kept, and there before the page is painted', async ({ lab, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await lab.open('backend=cpu');
  const isDark = () =>
    page.evaluate(() => {
      const [red] = /\d+/.exec(getComputedStyle(document.documentElement).backgroundColor) ?? [];
      return Number(red) < 128;
    });
  expect(await isDark()).toBe(false);
  await lab.button('View').click();
  const menu = page.getByRole('dialog', { name: 'View' });
  await menu.getByRole('radio', { name: 'Dark' }).check();
  expect(await isDark()).toBe(true);

  // Without the page's own script, which comes later, it is dark already.
  await page.route(/assets\/.*\.js$/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: '' }),
  );
  await page.goto('./bench.html');
  expect(await isDark()).toBe(true);
  await page.unrouteAll();
  await lab.open('backend=cpu');
  expect(await isDark()).toBe(true);
  await lab.button('View').click();
  await expect(menu.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await menu.getByRole('radio', { name: 'As the system' }).check();
  expect(await isDark()).toBe(false);
});

test('the view for an iframe trains and shows its results, without bar or links around', async ({
  lab,
  page,
}) => {
  await lab.open('backend=cpu&epochs=30', '#lab/export');
  const html = await page.getByLabel('HTML to embed this run').inputValue();
  expect(html).toContain('epochs=30&amp;backend=cpu&amp;embed=1"');
  const base = new URL(page.url()).origin;
  // A page of somebody else, with the snippet in it; the browser lets a stranger's frame keep nothing.
  await page.addInitScript(() => {
    if (window === window.top) return;
    const refuse = () => {
      throw new DOMException('The frame may keep nothing.', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
      Object.defineProperty(window, name, { get: refuse });
    }
    LockManager.prototype.request = async () => refuse();
  });
  await page.route('**/lesson.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<title>A lesson</title>${html}` }),
  );
  await page.goto(`${base}/lesson.html`);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Start' }).click();
  await expect(frame.getByText('Epoch 30 of 30')).toBeVisible();
  await expect(
    frame.getByRole('heading', { name: 'Digits 0 and 1: 64 → 16 → 8 → 1' }),
  ).toBeInViewport();
  await expect(frame.getByRole('listbox', { name: /^The network: 64 inputs/ })).toBeInViewport();
  for (const curve of [/^Loss, .*; epoch 30: train 0\.\d{4}/, /^Accuracy, .*test [01]\.\d{4}\.$/]) {
    await expect(frame.getByRole('img', { name: curve })).toBeVisible();
  }
  await expect(frame.getByText(/^CPU in float32/)).toBeVisible();
  await expect(frame.getByRole('banner')).toHaveCount(0);
  await expect(frame.getByRole('navigation')).toHaveCount(0);
  await expect(frame.getByRole('link')).toHaveAttribute('href', /epochs=30.*#lab$/);

  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto('./?epochs=30&backend=cpu&embed=1');
    await expect(page.getByText(/^CPU in float32/)).toBeVisible();
    const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
    await expect.poll(scrollWidth).toBeLessThanOrEqual(width);
  }
});
