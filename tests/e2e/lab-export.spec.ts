/** Saving and loading: what is downloaded is dropped again, and a wrong file changes nothing. */
import { readFileSync } from 'node:fs';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { configurationFromJson } from '../../src/training/configuration/json';
import { expect, type NotebookPage, test } from './notebook-page';

/** Presses a button and gives the text of the file that it saves. */
async function savedBy(notebook: NotebookPage, button: string): Promise<string> {
  const [file] = await Promise.all([
    notebook.page.waitForEvent('download'),
    notebook.button(button).click(),
  ]);
  return readFileSync(await file.path(), 'utf8');
}

async function choose(notebook: NotebookPage, name: string, text: string): Promise<void> {
  await notebook.page
    .getByLabel('File to load')
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

test.beforeEach(async ({ notebook, page }) => {
  await page.goto('./?backend=cpu#lab/export');
  await expect(notebook.button('Run as JSON')).toHaveAttribute('aria-disabled', 'false');
});

test('saves history, parameters and configuration', async ({ notebook }) => {
  await expect(notebook.button('History as CSV')).toHaveAttribute('aria-disabled', 'true');
  await notebook.button('Start').click();
  await expect(notebook.button('Start again')).toBeVisible({ timeout: 60_000 });
  const lines = (await savedBy(notebook, 'History as CSV')).trim().split('\n');
  expect(lines).toHaveLength(1001);
  expect(lines[0]).toBe('epoch,loss,accuracy,val_loss,val_accuracy,learning_rate');
  const history = JSON.parse(await savedBy(notebook, 'History as JSON'));
  expect(lines[1000].split(',')[1]).toBe(String(history.loss[999]));
  const { parameters } = JSON.parse(await savedBy(notebook, 'Parameters as JSON'));
  expect(Object.keys(parameters)).toEqual(['W1', 'b1', 'W2', 'b2', 'W3', 'b3']);
  expect([parameters.W1.length, parameters.W1[0].length]).toEqual([16, 64]);
  const configuration = JSON.parse(await savedBy(notebook, 'Configuration as JSON'));
  expect(configurationFromJson(configuration)).toEqual(DEFAULTS);
});

test('saves a run half-way, and goes on with it after a reload', async ({ notebook, page }) => {
  for (let epoch = 1; epoch <= 2; epoch++) {
    await notebook.button('Step').click();
    await expect(notebook.progress).toContainText(`Epoch ${epoch} of`);
  }
  const run = await savedBy(notebook, 'Run as JSON');
  await page.reload();
  await expect(notebook.button('Run as JSON')).toHaveAttribute('aria-disabled', 'false');
  await choose(notebook, 'run.json', run);
  await expect(page.getByText('A run after 2 epochs goes on')).toBeVisible();
  await expect(notebook.progress).toContainText('Epoch 2 of 1,000');
  await notebook.button('Step').click();
  await expect(notebook.progress).toContainText('Epoch 3 of 1,000');
  const { history } = JSON.parse(await savedBy(notebook, 'Run as JSON'));
  expect(history).toHaveLength(3);
  expect(history.slice(0, 2)).toEqual(JSON.parse(run).history);
});

test('takes parameters as a start, and a configuration by dropping it', async ({
  notebook,
  page,
}) => {
  const file = JSON.parse(await savedBy(notebook, 'Parameters as JSON'));
  file.parameters.b3 = [0.25];
  await choose(notebook, 'mine.json', JSON.stringify(file));
  await expect(page.getByText('mine.json: 1,185 parameters loaded on CPU')).toBeVisible();
  const { parameters } = JSON.parse(await savedBy(notebook, 'Parameters as JSON'));
  expect(parameters.b3).toEqual([0.25]);
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['{"learning_rate": 0.7, "epochs": 30}'], 'c.json'));
    return transfer;
  });
  const target = page.getByText('Drop a configuration, parameters or a run here.');
  await target.dispatchEvent('drop', { dataTransfer: data });
  await expect(page.getByText('c.json: The configuration is loaded.')).toBeVisible();
  await expect(notebook.progress).toContainText('Epoch 0 of 30');
  await expect(page.getByLabel('A link to these settings')).toHaveValue(
    /\?v=\d&learning_rate=0\.7&epochs=30&backend=cpu#lab\/export$/,
  );
});

test('refuses what does not fit, by name, and loses nothing', async ({ notebook, page }) => {
  await notebook.button('Step').click();
  await expect(notebook.progress).toContainText('Epoch 1 of 1,000');
  const run = JSON.parse(await savedBy(notebook, 'Run as JSON'));
  const message = page.locator('.export-message');
  const wrong = [
    ['{"learning_rate": -1}', 'Learning rate: -1 is not allowed'],
    ['not json', 'this is not JSON'],
    [
      '{"format": "shaderprop-parameters", "version": 1, "parameters": {"W1": []}}',
      'W1: “0 entries” is not allowed; this network’s W1 is 16 × 64',
    ],
    [
      JSON.stringify({ ...run, state: { ...run.state, parameters: [1, 2] } }),
      'parameters: 2 is not allowed; this network has 1185 parameters',
    ],
    [JSON.stringify({ ...run, history: [] }), 'history: 0 is not allowed; 1 epochs, as the state'],
  ];
  for (const [text, words] of wrong) {
    await choose(notebook, 'wrong.json', text);
    await expect(message).toContainText(words);
  }
  await expect(notebook.progress).toContainText('Epoch 1 of 1,000');
  expect(JSON.parse(await savedBy(notebook, 'Run as JSON'))).toEqual(run);
});
