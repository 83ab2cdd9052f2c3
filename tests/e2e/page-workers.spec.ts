/** A worker whose script is blocked or cannot be found: said within seconds, and put right by another try. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { WORKLOAD_NAMES } from '../../src/bench/workloads';
import { LabPage } from './lab-page';
import { NotebookPage } from './notebook-page';

/** Said as soon as it is known, not after the fifteen seconds that a silent worker gets. */
async function expectBlocked(where: Locator, words: string | RegExp): Promise<void> {
  await expect(where).toContainText(words);
  await expect(where).not.toContainText('has not answered');
}

/** Keeps a worker's script from loading until the function that it gives is called. */
async function block(
  page: Page,
  worker: string,
  how: 'blocked' | 'missing' | 'silent',
): Promise<() => void> {
  let isBlocked = true;
  await page.route(new RegExp(`/${worker}-.*\\.js`), (route) => {
    if (!isBlocked) return route.continue();
    if (how === 'silent') return; // never answered
    return how === 'blocked' ? route.abort('blockedbyclient') : route.fulfill({ status: 404 });
  });
  return () => {
    isBlocked = false;
  };
}

for (const how of ['blocked', 'missing'] as const) {
  test(`the training worker’s script is ${how}`, async ({ page }) => {
    const allow = await block(page, 'training-worker', how);
    await page.goto('./?backend=cpu');
    const notice = page.locator('.notice');
    await expectBlocked(notice, 'The worker for training could not be loaded');
    const retry = notice.getByRole('button', { name: 'Retry' });
    await retry.click();
    await expectBlocked(notice, 'could not be loaded');
    allow();
    await retry.click();
    await expect(notice).toBeHidden();
    const notebook = new NotebookPage(page);
    await expect(notebook.evaluationSource).toContainText('Before training');
    await notebook.set('Epochs', '20');
    await notebook.trainToTheEnd(20);
    // Progress reaches the page, so its listener is known to the second worker.
    await expect(notebook.progress).toContainText('Epoch 20 of 20');
  });
}

test('the training worker’s script never arrives', async ({ page }) => {
  const allow = await block(page, 'training-worker', 'silent');
  await page.clock.install();
  await page.goto('./?backend=cpu');
  const notice = page.locator('.notice');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.clock.fastForward(15_000);
  await expect(notice).toContainText('could not be loaded: it has not answered for 15 seconds');
  allow();
  await notice.getByRole('button', { name: 'Retry' }).click();
  await expect(notice).toBeHidden();
  const notebook = new NotebookPage(page);
  await expect(notebook.evaluationSource).toContainText('Before training');
});

test('the measuring worker’s script is blocked', async ({ page }) => {
  const allow = await block(page, 'race-worker', 'blocked');
  const lab = new LabPage(page);
  await lab.open('backend=cpu&epochs=20', '#lab/race');
  const race = page.getByRole('region', { name: 'The same training, three ways' });
  const status = race.locator('.race-status');
  const start = lab.button('Race');
  await start.click();
  const words = 'The worker for measuring could not be loaded';
  await expectBlocked(status, words);
  await page.getByRole('tab', { name: 'Kernels' }).click();
  await lab.button('Measure the times').click();
  await expectBlocked(page.getByText(words).first(), words);
  allow();
  await page.getByRole('tab', { name: 'Race' }).click();
  await start.click();
  // So short a race may be over before anybody looks.
  await expect(status).toHaveText(/Opening|Racing|Finished/);
});

test('the script of the benchmark’s workers is blocked', async ({ page }) => {
  const allow = await block(page, 'contender-worker', 'blocked');
  await page.goto('./bench.html');
  for (const name of WORKLOAD_NAMES) {
    const box = page.getByRole('checkbox', { name: new RegExp(`^${name}`) });
    await box.setChecked(name === 'notebook');
  }
  await page.getByRole('button', { name: 'Run the benchmark' }).click();
  const words = /The worker for .* could not be loaded/;
  await expectBlocked(page.getByRole('status'), words);
  allow();
  await page.getByRole('button', { name: 'Run the benchmark' }).click();
  await expect(page.getByRole('status')).not.toContainText(words);
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeEnabled();
});
