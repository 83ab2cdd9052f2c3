/** The inside of the network: units by keyboard, numbers against NumPy's, and updates while it trains. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { cellsOf, expect, type NotebookPage, test } from './notebook-page';

interface Trained {
  /** W1, b1, W2, …, each flat. */
  readonly final_parameters: readonly (readonly number[])[];
  readonly test_outputs: readonly (readonly number[])[];
}

const fixture: Trained = JSON.parse(
  readFileSync(new URL('../fixtures/notebook.json', import.meta.url), 'utf8'),
);
const [w1, b1, w2] = fixture.final_parameters;

test('shows every unit’s weights as NumPy has them, chosen with the keyboard', async ({
  notebook,
  page,
}) => {
  await page.goto('./?backend=cpu#lab/network');
  const panel = page.getByRole('tabpanel', { name: 'Network' });
  // What is out of sight is not read.
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toContainText('Before training', { timeout: 60_000 });
  await notebook.button('Start').click();
  await expect(notebook.progress).toHaveText('Epoch 1,000 of 1,000', { timeout: 60_000 });
  // What is not seen is not read.
  await panel.getByRole('heading', { name: 'A sample on its way' }).scrollIntoViewIfNeeded();
  await expect(panel).toContainText('After 1,000 epochs');

  const layers = [
    'Layer 1: 16 sigmoid units',
    'Layer 2: 8 sigmoid units',
    'Output: 1 sigmoid unit',
  ];
  for (const [index, name] of layers.entries()) {
    await expect(panel.getByRole('region', { name }).getByRole('radio')).toHaveCount(
      [16, 8, 1][index],
    );
  }

  // Two units on: the tab key goes to the layer, the arrow keys go from unit to unit.
  await panel.getByRole('radio', { name: /^Unit 1 of layer 1,/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const unit = panel.getByRole('region', { name: 'Unit 3 of layer 1' });
  await expect(unit).toBeVisible();
  expectNear(await numberOf(unit, 'Bias'), b1[2]);
  const weights = w1.slice(2 * 64, 3 * 64);
  await unit.getByText('Incoming weights as a table').click();
  const rows = await cellsOf(unit.getByRole('table'));
  expect(rows).toHaveLength(64);
  for (const [pixel, weight] of rows) {
    const [row, column] = (pixel.match(/\d+/g) ?? []).map(Number);
    expectNear(parse(weight), weights[8 * (row - 1) + column - 1]);
  }
  // The products and the bias add up to the sum, and its sigmoid is the activation.
  const products = rows.reduce((sum, cells) => sum + parse(cells[3]), 0);
  const sum = await numberOf(unit, 'Weighted sum and bias');
  expect(Math.abs(products + b1[2] - sum)).toBeLessThan(0.02);
  const activation = await numberOf(unit, 'Activation');
  expect(Math.abs(1 / (1 + Math.exp(-sum)) - activation)).toBeLessThan(0.002);

  const heat = panel.getByRole('region', { name: 'Weights of layer 2' }).getByRole('table');
  for (const [row, cells] of (await cellsOf(heat)).entries()) {
    for (const [column, text] of cells.slice(1, 17).entries()) {
      expect(Math.abs(parse(text) - w2[16 * row + column])).toBeLessThan(0.006);
    }
  }

  // Another sample: the output is the one that NumPy has for it.
  await panel.getByRole('spinbutton', { name: 'Test sample' }).fill('5');
  const output = panel.getByRole('radio', { name: /^Unit 1 of the output,/ });
  await expect(async () => {
    const shown = /activation (\S+),/.exec((await output.getAttribute('aria-label')) ?? '')?.[1];
    expectNear(parse(shown ?? ''), fixture.test_outputs[0][5]);
  }).toPass();

  for (const name of ['W1', 'W2', 'W3']) {
    await expect(
      panel.getByRole('img', { name: new RegExp(`^Histogram of ${name} from .*mean`) }),
    ).toBeVisible();
  }
});

/** Starts a run that outlasts every test, and gives the line that says which epoch the panel shows. */
async function followTraining(notebook: NotebookPage, panel: Locator): Promise<Locator> {
  await notebook.page.goto('./?v=1&backend=cpu&epochs=1000000#lab/network');
  // What is out of sight is not read.
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toContainText('Before training', { timeout: 60_000 });
  await panel.getByRole('heading', { name: 'A sample on its way' }).scrollIntoViewIfNeeded();
  // Whoever reads waits for no training then: what took long is read the more seldom, a busy machine's minute.
  await notebook.page.getByRole('combobox', { name: 'Speed' }).selectOption('10 epochs/s');
  await notebook.button('Start').click();
  const source = panel.getByText(/^After [\d,]+ epoch/).first();
  await expect(source).toBeVisible();
  return source;
}

test('follows training, and shows the very epoch of a pause', async ({ notebook, page }) => {
  const panel = page.getByRole('tabpanel', { name: 'Network' });
  const source = await followTraining(notebook, panel);
  const before = await source.innerText();
  await expect(source).not.toHaveText(before);
  await notebook.button('Pause').click();
  await expect(notebook.button('Resume')).toBeVisible();
  const done = await notebook.progress.innerText();
  const epoch = /^Epoch ([\d,]+)/.exec(done)?.[1];
  await expect(panel).toContainText(`After ${epoch} epochs`);
});

test('follows training at most twice a second', { tag: '@slow' }, async ({ notebook, page }) => {
  const source = await followTraining(notebook, page.getByRole('tabpanel', { name: 'Network' }));
  const { changes, seconds } = await source.evaluate(async (element) => {
    const started = performance.now();
    let count = 0;
    await new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        count += 1;
        // Long enough to tell a rate, however busy the machine is.
        if (count < 3 || performance.now() - started < 3000) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(element, { characterData: true, childList: true, subtree: true });
    });
    return { changes: count, seconds: (performance.now() - started) / 1000 };
  });
  // Twice a second at most, and the one that was under way.
  expect(changes).toBeLessThanOrEqual(2 * seconds + 1);
});

test('records the length of the gradients where it is asked to', async ({ notebook, page }) => {
  await page.goto('./?v=1&backend=cpu&epochs=40#lab/network');
  const panel = page.getByRole('tabpanel', { name: 'Network' });
  await panel.scrollIntoViewIfNeeded();
  await panel.getByRole('button', { name: 'Record it and restart' }).click();
  await expect(notebook.progress).toHaveText('Epoch 40 of 40', { timeout: 60_000 });
  await expect(
    panel.getByRole('img', { name: /^Gradient norm by epoch; [\d.]+(e−\d+)? now/ }),
  ).toBeVisible();
  // By key: what comes into sight above meanwhile would move it from under the pointer.
  await panel.getByText('Gradient norm as a table').press('Enter');
  const table = panel.getByRole('region', { name: 'Gradient norm as a table' }).getByRole('table');
  // The rows are made when the table is opened.
  await expect(table.getByRole('row').nth(6)).toBeVisible();
  const rows = await cellsOf(table);
  expect(rows.length).toBeGreaterThan(5);
  for (const [, norm] of rows) expect(parse(norm)).toBeGreaterThan(0);
});

test('says why the loss stands still, and one click leaves the plateau', async ({
  notebook,
  page,
}) => {
  await page.goto('./?v=1&backend=cpu&epochs=120#lab/network');
  await expect(page.getByRole('tabpanel', { name: 'Network' })).toContainText('Before training', {
    timeout: 60_000,
  });
  await notebook.button('Start').click();
  const hint = page.getByRole('region', { name: 'Hints' });
  // The link leads to the panel; hints are looked for while they are in sight.
  await hint.scrollIntoViewIfNeeded();
  await hint.getByText('The loss stands still', { exact: true }).click({ timeout: 60_000 });
  await expect(hint).toContainText('From epoch 1 to 120 ', { timeout: 60_000 });
  await expect(hint).toContainText('ln 2 = 0.6931');
  await hint.getByRole('button', { name: 'Try initial weights of 0.1' }).click();
  await expect(spoken(page)).toContainText(
    /Finished after epoch 120\. Test accuracy (0\.9[89]\d+|1\.0000)/,
    { timeout: 60_000 },
  );
  await expect(hint).toContainText('Nothing unusual in this run so far.');
});

/** A number of the page, whose minus is the sign U+2212. */
function parse(text: string): number {
  return Number(text.replaceAll('−', '-'));
}

async function numberOf(unit: Locator, name: string): Promise<number> {
  const term = unit.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) });
  return parse(await term.locator('xpath=following-sibling::dd[1]').innerText());
}

/** Three digits are shown, and float32 is apart from float64 by much less. */
function expectNear(shown: number, exact: number): void {
  expect(Math.abs(shown - exact)).toBeLessThanOrEqual(0.006 * Math.abs(exact) + 1e-5);
}

/** What the live region says. */
function spoken(page: Page): Locator {
  return page.locator('output[aria-live="polite"]');
}
