/** A table of one's own: dropped on the page, seen as it was understood, trained, and asked for by a link. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { idxSet } from '../support/idx-files';
import { LabPage } from './lab-page';
import { lastingFaults } from './layout';
import { cellsOf, expect, test } from './notebook-page';

const KINDS = ['Säuerling', 'été', 'Bordeaux'];
const lines = Array.from({ length: 90 }, (_, i) => {
  const kind = i % 3;
  return `${kind + i / 300};${2 - kind - i / 200};7,5;${KINDS[kind]}`.replaceAll('.', ',');
});
const TABLE = `Säure;Zucker;Jahr;Sorte\n${lines.join('\n')}\n`;

/** Whether nothing lies over the middle of an element, and that is in the window. */
const isOnTop = (element: Element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
};

test('a CSV with semicolons and decimal commas is dropped, trained and kept, and a link asks for it', async ({
  notebook,
  page,
  browser,
}) => {
  await page.goto('./?backend=cpu&epochs=60&optimizer=adam&learning_rate=0.05');
  await expect(notebook.evaluationSource).toContainText('Before training');
  await page.evaluate((text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], 'weine.csv', { type: 'text/csv' }));
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }),
    );
  }, TABLE);
  const own = page.getByRole('region', { name: 'Your own data' });
  await expect(own).toContainText(
    'Found: semicolons between the columns, a header, decimal commas.',
  );
  await expect(own).toContainText('90 rows of 3 features');
  await expect(own).toContainText('Bordeaux (30), Säuerling (30), été (30)');
  await expect(own).toContainText('The same in all rowsJahr');
  // Nothing has changed so far.
  await expect(page).not.toHaveURL(/dataset/);

  await notebook.button('Use these data').click();
  await expect(page.getByRole('checkbox', { name: 'Säuerling' })).toBeChecked();
  await notebook.button('Start').click();
  await expect(notebook.button('Start again')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Results' }).click();
  const panel = page.getByRole('tabpanel', { name: 'Results' });
  await expect(panel).toContainText('After 60 epochs');
  const matrix = panel.getByRole('table', { name: 'Confusion matrix' });
  expect(await cellsOf(matrix)).toEqual([
    ['Bordeaux', '6', '0', '0'],
    ['Säuerling', '0', '6', '0'],
    ['été', '0', '0', '6'],
  ]);

  // It is kept with the browser, and there alone.
  await page.reload();
  await expect(panel).toContainText('Before training', { timeout: 60_000 });
  const elsewhere = await browser.newPage();
  await elsewhere.goto(page.url().replace('#lab/results', '#lab/settings'));
  const asking = elsewhere.getByRole('region', { name: 'Your own data' });
  await expect(asking).toContainText(/This needs the file weine\.csv, of [\d,]+ bytes/);
  await elsewhere
    .getByLabel('Files with data of your own')
    .setInputFiles({ name: 'copy.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) });
  await elsewhere.getByRole('button', { name: 'Use these data' }).click();
  await expect(elsewhere.getByRole('checkbox', { name: 'été' })).toBeChecked();
  await expect(asking).not.toContainText('This needs the file');
  await elsewhere.close();
});

test('a file that the browser has let go of is raced while it is trained, asked for, and given again', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open('backend=cpu&epochs=20', '#lab/settings');
  const kinds = ['Iris setosa of the northern meadows', 'versicolor', 'été'];
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 3},${kinds[i % 3]}`).join('\n');
  const give = async (name: string, text: string) => {
    await page
      .getByLabel('Files with data of your own')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await lab.button('Use these data').click();
    await expect(page).toHaveURL(new RegExp(name));
  };
  const letGo = () =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          indexedDB.deleteDatabase('shaderprop-files').onsuccess = resolve;
        }),
    );
  await give('first.csv', `a,b,kind\n${rows}`);
  await lab.train();
  await lab.show('Results');
  await expect(page.getByRole('table', { name: 'Confusion matrix' })).toBeVisible();
  await page.getByRole('heading', { name: 'Confusion matrix' }).scrollIntoViewIfNeeded();
  expect(await lastingFaults(page)).toEqual([]);

  await letGo();
  await lab.show('Race');
  await lab.button('Race').click();
  const race = page.getByRole('region', { name: 'The same training, three ways' });
  await expect(race.getByRole('status')).toHaveText('Finished after 20 epochs.');

  await lab.show('Settings');
  await give('second.csv', `a,b,kind\n${rows}\n8,8,été`);
  await lab.applyAndRestart();
  await lab.trained();
  await letGo();
  await page.goBack();
  await expect(page).toHaveURL(/first\.csv/);
  await lab.button('Apply and restart').click();
  const notice = page.locator('.notice', {
    hasText: 'It is not here: choose it as your own data.',
  });
  await expect(notice).toContainText(/This needs the file first\.csv, of [\d,]+ bytes/);
  expect(await lastingFaults(page, '.notices')).toEqual([]);
  expect(await notice.evaluate((box) => box.parentElement?.scrollWidth ?? 0)).toBeLessThanOrEqual(
    await notice.evaluate((box) => box.parentElement?.clientWidth ?? 0),
  );
  await give('first.csv', `a,b,kind\n${rows}`);
  await expect(notice).toHaveCount(0);
  await lab.applyAndRestart();
  await lab.trained();
});

test(
  'a folder with the files of MNIST’s kin is dropped, and is called as the folder is',
  { tag: '@slow' },
  async ({ notebook, page }, testInfo) => {
    const folder = testInfo.outputPath('my-fashion');
    mkdirSync(folder);
    for (const { name, bytes } of idxSet(40, 20, 10)) writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, 'notes.csv'), 'not,data');
    await page.goto('./?backend=cpu&epochs=2');
    await expect(notebook.evaluationSource).toContainText('Before training');
    // Only the browser itself can drop a folder: a page's own events have files alone.
    const browser = await page.context().newCDPSession(page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      const data = { items: [], files: [folder], dragOperationsMask: 1 };
      await browser.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
    }
    const own = page.getByRole('region', { name: 'Your own data' });
    await expect(own).toContainText('60 rows of 6 pixels');
    // What is to be pressed next is in sight, not below what sticks to the window's edge.
    const use = notebook.button('Use these data');
    await expect.poll(() => use.evaluate(isOnTop)).toBe(true);
    await use.click();
    await expect(own).toContainText('Your file my-fashion: 60 rows of 6 pixels in 10 classes.');
    await expect(page).toHaveURL(/dataset=file%3Amy-fashion|dataset=file:my-fashion/);
    await expect(page.getByRole('checkbox', { name: 'Ankle boot' })).toBeChecked();
    await notebook.button('Start').click();
    await expect(notebook.button('Start again')).toBeVisible({ timeout: 60_000 });
    await page.getByRole('tab', { name: 'Results' }).click();
    const panel = page.getByRole('tabpanel', { name: 'Results' });
    const rows = await cellsOf(panel.getByRole('table', { name: 'Confusion matrix' }));
    expect(rows.map(([name]) => name)).toContain('Sneaker');
  },
);

test('long names without a place to break at widen no page', { tag: '@slow' }, async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto('./?backend=cpu&epochs=20#lab/settings');
  const long = (what: string) => `${what}_without_any_place_to_break_at_and_without_an_end`;
  const samples = Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 5},${long(`kind${i % 2}`)}`);
  const table = [`${long('acidity')},${long('sugar')},kind`, ...samples].join('\n');
  await page
    .getByLabel('Files with data of your own')
    .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await page.getByRole('button', { name: 'Use these data' }).click();
  await expect(page).toHaveURL(/dataset=file/);
  const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
  for (const panel of ['settings', 'results', 'boundary', 'network', 'race']) {
    await page.goto(page.url().replace(/#.*/, `#lab/${panel}`));
    await expect(page.getByRole('tabpanel')).not.toBeEmpty();
    await expect.poll(scrollWidth, { message: panel }).toBeLessThanOrEqual(320);
  }
  await page.goto(page.url().replace(/#.*/, '#lab/boundary'));
  const [name, plane] = [page.locator('.plane-axis.is-y > b'), page.locator('.plane')];
  await expect(name).toBeVisible();
  await expect.poll(scrollWidth).toBeLessThanOrEqual(320);
  const [along, whole] = [await name.boundingBox(), await plane.boundingBox()];
  expect(along?.y).toBeGreaterThanOrEqual((whole?.y ?? Number.NaN) - 1);
});
