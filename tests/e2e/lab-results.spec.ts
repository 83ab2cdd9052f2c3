/** The results as people use them: matrix, report, mistakes, samples and their probabilities. */
import type { Locator } from '@playwright/test';
import { cellsOf, expect, notebookFixture, test } from './notebook-page';

const TEN_DIGITS =
  '?v=1&backend=cpu&digits=0,1,2,3,4,5,6,7,8,9&hidden=32&optimizer=adam&learning_rate=0.01';

const fixture = notebookFixture();

test('shows the notebook’s results, and the images of each cell', async ({
  notebook,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('./?backend=cpu#lab/results');
  const panel = page.getByRole('tabpanel', { name: 'Results' });
  await expect(panel).toContainText('Before training', { timeout: 60_000 });
  await notebook.button('Start').click();
  await expect(panel).toContainText('After 1,000 epochs', { timeout: 60_000 });

  const matrix = panel.getByRole('table', { name: 'Confusion matrix' });
  expect((await cellsOf(matrix)).map((row) => row.slice(1).map(Number))).toEqual(
    fixture.confusion_matrix,
  );
  await panel.getByRole('radio', { name: 'Shares of a row' }).check();
  const shares = async () => (await cellsOf(matrix)).map((row) => row.slice(1));
  await expect.poll(shares).toEqual([
    ['1.00', '0.00'],
    ['0.00', '1.00'],
  ]);

  // A cell opens its images with the keyboard alone, and one of them is looked at.
  await matrix.getByRole('button', { name: /^36 samples of 1 predicted as 1/ }).focus();
  await page.keyboard.press('Enter');
  await expect(
    panel.getByRole('heading', { name: 'True 1, predicted 1: 36 samples' }),
  ).toBeVisible();
  await panel.getByRole('button', { name: 'Show all 36' }).click();
  const ones = fixture.labels.flatMap((label, sample) => (label === 1 ? [sample] : []));
  for (const sample of [ones[0], ones[35]]) {
    await panel
      .getByRole('radio', { name: `Test sample ${sample}, digit 1` })
      .first()
      .check();
    await expect(panel.getByRole('spinbutton', { name: 'Test sample' })).toHaveValue(`${sample}`);
    const [zero, one] = await probabilities(panel, sample);
    expect(Math.abs(one - fixture.test_outputs[0][sample])).toBeLessThan(1e-4);
    expect(zero + one).toBeCloseTo(1, 3);
  }

  const ten = panel.getByRole('region', { name: 'Ten test samples, drawn by lot' });
  const names = await ten
    .getByRole('img')
    .evaluateAll((images) => images.map((image) => image.getAttribute('aria-label')));
  expect(names).toEqual(
    fixture.sample_indices.map(
      (sample) => `Test sample ${sample}, digit ${fixture.labels[sample]}`,
    ),
  );
  await expect(panel).toContainText('Every test sample is classified correctly.');
  await expect(panel.getByRole('list', { name: 'Accuracy of each class' })).toContainText(
    '36 of 36',
  );

  await panel.getByRole('button', { name: 'Copy as text' }).click();
  await expect(panel.getByText('Copied.')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(fixture.classification_report);
});

test('sorts the mistakes by confidence, and shows any sample by number or arrow keys', async ({
  notebook,
  page,
}) => {
  await page.goto(`./${TEN_DIGITS}&epochs=3#lab/results`);
  const panel = page.getByRole('tabpanel', { name: 'Results' });
  await expect(panel).toContainText('Before training', { timeout: 60_000 });
  await notebook.button('Start').click();
  await expect(panel).toContainText('After 3 epochs', { timeout: 60_000 });

  const matrix = await cellsOf(panel.getByRole('table', { name: 'Confusion matrix' }));
  const mistakes = matrix
    .flatMap((row, index) => row.slice(1).map((cell, column) => (column === index ? 0 : +cell)))
    .reduce((sum, value) => sum + value, 0);
  expect(mistakes).toBeGreaterThan(12);
  const list = panel.getByRole('region', { name: 'Misclassified, the most confident first' });
  await list.getByRole('button', { name: `Show all ${mistakes}` }).click();
  const cards = list.getByRole('listitem');
  await expect(cards).toHaveCount(mistakes);
  const confidences = (await cards.allInnerTexts()).map((text) =>
    Number(/[01]\.\d{4}/.exec(text)?.[0]),
  );
  expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
  for (const text of await cards.allInnerTexts()) expect(text).toMatch(/✗ \d as \d/);

  const number = panel.getByRole('spinbutton', { name: 'Test sample' });
  await number.fill('17');
  await number.press('ArrowUp');
  await expect(number).toHaveValue('18');
  const bars = panel.getByRole('list', { name: 'Probability of each digit for test sample 18' });
  await expect(bars.getByRole('listitem')).toHaveCount(10);
  const shares = await probabilities(panel, 18);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
  await panel.getByRole('button', { name: 'Next' }).click();
  await expect(number).toHaveValue('19');
  await number.fill('360');
  await expect(number).toHaveAttribute('aria-invalid', 'true');
  await expect(number).toHaveAccessibleDescription(/integer from 0 to 359/);
  await number.blur();
  await expect(number).toHaveValue('19');
});

test('follows a run that trains', async ({ notebook, page }) => {
  await page.goto(`./${TEN_DIGITS}&epochs=1000000#lab/results`);
  const panel = page.getByRole('tabpanel', { name: 'Results' });
  await expect(panel).toContainText('Before training', { timeout: 60_000 });
  await panel.getByRole('heading', { name: 'Confusion matrix' }).scrollIntoViewIfNeeded();
  await notebook.button('Start').click();
  await expect(panel).toContainText(/Near epoch [\d,]+, while it trains/);
  await notebook.button('Pause').click();
  await expect(panel).toContainText(/After [\d,]+ epoch/);
});

/** What the bars of a sample say. */
async function probabilities(panel: Locator, sample: number): Promise<number[]> {
  const bars = panel.getByRole('list', {
    name: `Probability of each digit for test sample ${sample}`,
    exact: true,
  });
  await bars.getByRole('listitem').first().waitFor();
  const texts = await bars.getByRole('listitem').allInnerTexts();
  return texts.map((text) => Number(/[01]\.\d{4}/.exec(text)?.[0]));
}
