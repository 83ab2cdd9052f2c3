/** Drawing as people do it: mouse, finger and keys, answers that follow, and a test set of one's own. */
import type { Locator, Page } from '@playwright/test';
import { cellsOf, expect, test } from './notebook-page';

const KEY = 'shaderprop.drawings';

test('draws a zero and a one with the mouse, and the trained network reads them', async ({
  notebook,
  page,
}) => {
  await openDraw(page, 'epochs=150&init_scale=0.1');
  const panel = page.getByRole('tabpanel', { name: 'Draw' });
  const answer = panel.getByRole('region', { name: 'What it says' });
  await expect(answer).toContainText('Nothing drawn yet.');
  await drawZero(page);
  await expect(answer).toContainText(/Digit [01]/);
  const before = await answer.getByRole('listitem').allInnerTexts();

  // The answer follows the training.
  await notebook.button('Start').click();
  await expect(answer).toContainText('After 150 epochs', { timeout: 60_000 });
  await expect(answer).toContainText('Digit 0');
  await expect(answer).not.toContainText('unlike every training image');
  expect(await answer.getByRole('listitem').allInnerTexts()).not.toEqual(before);
  const [zero, one] = await probabilities(page);
  expect(zero).toBeGreaterThan(0.8);
  expect(zero + one).toBeCloseTo(1, 3);
  // It is the stage's answer, which stands beside it.
  await expect(answer).toContainText('After 150 epochs · as on the stage');
  await expect(page.getByRole('region', { name: 'The network at work' })).toContainText(
    `Your drawing is taken for 0 with ${(100 * zero).toFixed(0)} %`,
  );

  await panel.getByRole('button', { name: 'Clear' }).click();
  await expect(answer).toContainText('Nothing drawn yet.');
  await drag(page, [
    [0.5, 0.1],
    [0.5, 0.9],
  ]);
  await expect(answer).toContainText('Digit 1');
  // Fitted and centred: the stroke reaches the first and the last row, and leaves the sides alone.
  const counts = await countsOf(page);
  for (const row of [counts[0], counts[7]]) expect(Math.max(...row)).toBeGreaterThan(0);
  for (const row of counts) expect([row[0], row[7]]).toEqual([0, 0]);

  await panel.getByRole('radio', { name: 'Eraser' }).check();
  await drag(page, [
    [0.5, 0.05],
    [0.5, 0.95],
  ]);
  await expect(answer).toContainText('Nothing drawn yet.');
});

test('says of a drawing far from every training image that its answer says little', async ({
  page,
}) => {
  await openDraw(page, 'epochs=10');
  const answer = page.getByRole('region', { name: 'What it says' });
  // An L along two edges: pixels that no zero or one has inked.
  await drag(page, [
    [0.03, 0.03],
    [0.03, 0.97],
    [0.97, 0.97],
  ]);
  await expect(answer).toContainText(/Digit [01]/);
  await expect(answer).toContainText(
    /unlike every training image: the nearest one is \d+ away, and each of them has another within \d+\. The answer says little\./,
  );
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(answer).toContainText('Nothing drawn yet.');
  await expect(answer).not.toContainText(/Digit [01]|unlike/);
});

test('draws with the keyboard alone, and says where it is', async ({ page }) => {
  await openDraw(page, 'epochs=10');
  const pad = page.getByRole('application', { name: 'Drawing pad' });
  await pad.focus();
  await page.keyboard.press('Space');
  await expect(spoken(page)).toHaveText('Row 1, column 4, inked.');
  for (let row = 0; row < 7; row++) await page.keyboard.press('Shift+ArrowDown');
  await expect(spoken(page)).toHaveText('Row 8, column 4, inked.');
  const counts = await countsOf(page);
  const ink = counts.flat().reduce((sum, count) => sum + count, 0);
  // As much ink as the data set has.
  expect(ink).toBeGreaterThan(250);
  expect(ink).toBeLessThan(380);
  await page.keyboard.press('Space');
  await expect(spoken(page)).toHaveText('Row 8, column 4, empty.');
  await page.keyboard.press('ArrowRight');
  await expect(spoken(page)).toHaveText('Row 8, column 5, empty.');
});

test('keeps a test set, tells its accuracy, and deletes it', async ({ notebook, page }) => {
  await openDraw(page, 'epochs=150&init_scale=0.1');
  const own = page.getByRole('region', { name: 'Your own test set' });
  const add = own.getByRole('button', { name: 'Add to the test set' });
  await expect(add).toHaveAttribute('aria-disabled', 'true');
  await drawZero(page);
  // Nobody has said yet what it is.
  await expect(add).toHaveAttribute('aria-disabled', 'true');
  await own.getByRole('combobox', { name: 'The drawing is' }).selectOption('0');
  await add.click();
  // The same drawing with a wrong label and with one that the network does not know.
  await own.getByRole('combobox', { name: 'The drawing is' }).selectOption('1');
  await add.click();
  await own.getByRole('combobox', { name: 'The drawing is' }).selectOption('7');
  await add.click();
  await expect(own.getByRole('listitem')).toHaveCount(3);
  await notebook.button('Start').click();
  await expect(page.getByRole('region', { name: 'What it says' })).toContainText(
    'After 150 epochs',
    { timeout: 60_000 },
  );
  await expect(own).toContainText('Accuracy 0.5000: 1 of 2 drawings right.');
  await expect(own).toContainText(
    '1 drawing of classes that this network does not know is not counted',
  );
  await expect(own.getByRole('listitem').first()).toContainText('✓ 0');
  await expect(own.getByRole('listitem').nth(1)).toContainText('✗ 1 as 0');

  await page.reload();
  await expect(own.getByRole('listitem')).toHaveCount(3);
  await own.getByRole('button', { name: 'Delete drawing 3, digit 7' }).click();
  await expect(own.getByRole('listitem')).toHaveCount(2);
  await own.getByRole('button', { name: 'Delete all' }).click();
  await expect(own.getByRole('listitem')).toHaveCount(0);
  await page.locator('.notice').getByRole('button', { name: 'Undo' }).click();
  await expect(own.getByRole('listitem')).toHaveCount(2);
  await own.getByRole('button', { name: 'Delete all' }).click();
  await expect(own.getByRole('listitem')).toHaveCount(0);
  await page.reload();
  await expect(own).toContainText('Drawings that you add stay in this browser');
});

test('names a test set that can not be read, and goes on', async ({ page, notebook }) => {
  await page.addInitScript(
    (key) => localStorage.setItem(key, '{"version":1,"drawings":[{}]}'),
    KEY,
  );
  await openDraw(page, 'epochs=10');
  const own = page.getByRole('region', { name: 'Your own test set' });
  await expect(own).toContainText('The drawings that this browser kept could not be read.');
  await drawZero(page);
  await own.getByRole('combobox', { name: 'The drawing is' }).selectOption('0');
  await own.getByRole('button', { name: 'Add to the test set' }).click();
  await expect(own.getByRole('listitem')).toHaveCount(1);
  await expect(own).not.toContainText('could not be read');
  await expect(notebook.button('Start')).toBeVisible();
});

test.describe('with a finger', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('draws where it is touched, and the page does not scroll', async ({ page, notebook }) => {
    await openDraw(page, 'epochs=10');
    const pad = page.getByRole('application', { name: 'Drawing pad' });
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    if (box === null) throw new Error('The pad can not be seen.');
    const client = await page.context().newCDPSession(page);
    const top = await page.evaluate(() => scrollY);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', share: number) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          type === 'touchEnd'
            ? []
            : [
                { id: 0, x: box.x + box.width / 2, y: box.y + box.height * share },
                // The other hand comes to rest at the edge, amid the stroke.
                ...(share > 0.5 ? [{ id: 1, x: box.x + 5, y: box.y + box.height / 2 }] : []),
              ],
      });
    await touch('touchStart', 0.2);
    for (let step = 1; step <= 5; step++) await touch('touchMove', 0.2 + 0.06 * step);
    await touch('touchStart', 0.56);
    for (let step = 6; step <= 10; step++) await touch('touchMove', 0.2 + 0.06 * step);
    await touch('touchEnd', 0.8);
    const counts = await countsOf(page);
    expect(counts.every((row) => Math.max(...row) > 0)).toBe(true);
    for (const row of counts) expect([row[0], row[1], row[6], row[7]]).toEqual([0, 0, 0, 0]);
    // The answer is in sight beside the pad.
    await expect(page.getByText(/^Digit [01], [01]\.\d{4}$/)).toBeInViewport();
    expect(await page.evaluate(() => scrollY)).toBe(top);
    await page.getByRole('button', { name: 'Undo', exact: true }).tap();
    await expect(page.getByText('Nothing drawn yet.')).toHaveCount(1);
    await expect(notebook.button('Start')).toBeVisible();
  });
});

async function openDraw(page: Page, settings: string): Promise<void> {
  await page.goto(`./?v=1&backend=cpu&${settings}#lab/draw`);
  await expect(page.getByRole('tabpanel', { name: 'Draw' })).toContainText('Before training', {
    timeout: 60_000,
  });
}

/** Drags the mouse over the pad, from place to place in shares of its width and height. */
async function drag(page: Page, places: readonly (readonly [number, number])[]): Promise<void> {
  const pad = page.getByRole('application', { name: 'Drawing pad' });
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (box === null) throw new Error('The pad can not be seen.');
  const [first, ...rest] = places.map(([x, y]) => [box.x + box.width * x, box.y + box.height * y]);
  await page.mouse.move(first[0], first[1]);
  await page.mouse.down();
  for (const [x, y] of rest) await page.mouse.move(x, y, { steps: 3 });
  await page.mouse.up();
}

async function drawZero(page: Page): Promise<void> {
  const places = Array.from({ length: 25 }, (_, step): [number, number] => {
    const angle = (step / 24) * 2 * Math.PI;
    return [0.5 - 0.2 * Math.sin(angle), 0.5 - 0.35 * Math.cos(angle)];
  });
  await drag(page, places);
}

/** What the network sees. */
async function countsOf(page: Page): Promise<number[][]> {
  const table = page.getByRole('table', { name: /^Counts of ink/ });
  return (await cellsOf(table)).map((row) => row.map(Number));
}

async function probabilities(page: Page): Promise<number[]> {
  const bars = page.getByRole('list', { name: 'Probability of each digit for the drawing' });
  const texts = await bars.getByRole('listitem').allInnerTexts();
  return texts.map((text) => Number(/[01]\.\d{4}/.exec(text)?.[0]));
}

/** What the live region says. */
function spoken(page: Page): Locator {
  return page.locator('output[aria-live="polite"]');
}
