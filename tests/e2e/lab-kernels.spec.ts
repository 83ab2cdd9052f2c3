/** The kernels panel: the plan of each schedule, one step from all sides, and times by the device. */
import type { Page } from '@playwright/test';
import { cellsOf, expect, test } from './notebook-page';

/** Opens the panel, and waits for the run that decides which plan is shown first. */
async function openPanel(page: Page, search: string): Promise<void> {
  await page.goto(`./?${search}#lab/kernels`);
  await expect(page.getByText(/^The run on WebGPU uses/)).toBeVisible({ timeout: 60_000 });
}

/** Which plan runs, in the diagnostics' words. */
async function planInDiagnostics(page: Page): Promise<string> {
  await page.getByRole('banner').locator('button.badge').click();
  const dialog = page.getByRole('dialog', { name: 'Diagnostics' });
  const text = await dialog.getByText(/^Now: /).innerText();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  return /^Now: (.+)\.$/.exec(text)?.[1] ?? '';
}

/** A plan of the notebook's network: its kernels, and what the WGSL of its last step was made of. */
interface Expected {
  readonly kernels: readonly string[];
  readonly last: string;
  readonly shape: Readonly<Record<string, string>>;
}

const PREDICTION = ['dense-forward', 'dense-forward', 'dense-forward', 'output-probabilities'];
const sampleParallel = (split: number): Expected => ({
  kernels: ['pack-weights', 'sample-forward-backward', 'gradient-update', ...PREDICTION],
  last: 'gradient-update',
  shape: { split: String(split) },
});
const PERSISTENT_64: Expected = {
  kernels: ['persistent-training', ...PREDICTION],
  last: 'persistent-training',
  shape: { invocations: '64' },
};

/** Holds what is drawn against a plan. */
async function expectPlan(page: Page, { kernels, last, shape }: Expected): Promise<void> {
  await expect(page.locator('.plan-choice')).toHaveText(kernels);
  await page.getByRole('button', { name: last, exact: true }).click();
  const sizes = page.getByRole('region', { name: new RegExp(`^${last}`) }).locator('.step-shape');
  for (const [name, value] of Object.entries(shape)) {
    const entry = sizes.locator('div', { has: page.getByText(name, { exact: true }) });
    await expect(entry.locator('dd')).toHaveText(value);
  }
}

test('shows the plan that was measured on an earlier visit, which is the one that runs', {
  tag: '@slow',
}, async ({ page }) => {
  await openPanel(page, 'tune=on');
  expect(await planInDiagnostics(page)).toContain('chosen by measurement');
  // Which plan is fastest is the machine's affair; one that no fixed table names shall have been it.
  await page.evaluate(storeWinner, 'sample-parallel-1-32');
  await page.reload();
  const words = 'sample-parallel-1-32, chosen by a measurement of an earlier visit';
  await expect(page.getByText(`The run on WebGPU uses ${words}.`)).toBeVisible();
  expect(await planInDiagnostics(page)).toBe(words);
  await expectPlan(page, sampleParallel(32));
  // Another plan is not said to be the run's.
  await page.locator('.kernels').getByRole('radio', { name: 'sample-parallel' }).check();
  await expect(page.getByText('Shown is another plan, not the run’s.')).toBeVisible();
  await expectPlan(page, sampleParallel(1));
  await expect(page.getByText(`The run on WebGPU uses ${words}.`)).toBeVisible();
});

test('shows and times the plan that was asked for', { tag: '@slow' }, async ({
  notebook,
  page,
}) => {
  await openPanel(page, 'tune=off&schedule_kind=persistent');
  expect(await planInDiagnostics(page)).toBe('persistent-64, chosen as asked for');
  await expectPlan(page, PERSISTENT_64);
  await notebook.button('Measure the times').click();
  await expect(page.getByText('Times are by the device’s clock')).toBeVisible({ timeout: 60_000 });
  await expectPlan(page, PERSISTENT_64);
  const [cells] = await cellsOf(page.getByRole('table', { name: 'Every step' }));
  expect(Number(cells[4])).toBeGreaterThan(0);
});

test('says on the cpu backend that no kernels run, and which ones WebGPU would', async ({
  page,
}) => {
  await page.goto('./?tune=off&backend=cpu#lab/kernels');
  await expect(page.getByText(/^No kernels run: this run is on the backend CPU\./)).toBeVisible();
  await expect(page.locator('.kernels').getByRole('radio', { name: 'WebGPU’s' })).toBeChecked();
  await expectPlan(page, sampleParallel(1));
});

test('the notebook shows the code of the kernels that run', async ({ page }) => {
  await page.goto('./?tune=off&hidden=4&schedule_kind=layered');
  const layered = page.getByRole('region', { name: 'Backpropagation', exact: true });
  await layered.scrollIntoViewIfNeeded();
  await expect(layered.locator('.kernel-meta code').first()).toHaveText('binary-cross-entropy');
  await page.goto('./?tune=off&hidden=4&schedule_kind=persistent');
  await layered.scrollIntoViewIfNeeded();
  await expect(layered.locator('.kernel-meta')).toHaveCount(3);
  for (const kernel of await layered.locator('.kernel-meta').all()) {
    await expect(kernel.locator('code').first()).toHaveText('persistent-training');
  }
  // Its code stands there once.
  await expect(layered.locator('.kernel-code')).toHaveCount(1);
});

/** Runs in the page: makes `winner` the winner of every stored measurement. */
async function storeWinner(winner: string): Promise<void> {
  const resultOf = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await resultOf(indexedDB.open('shaderprop', 1));
  const store = database.transaction('tuning', 'readwrite').objectStore('tuning');
  const keys = await resultOf(store.getAllKeys());
  if (keys.length === 0) throw new Error('nothing was stored');
  for (const key of keys) {
    await resultOf(store.put({ ...(await resultOf(store.get(key))), winner }, key));
  }
  database.close();
}

test.describe('of the layered schedule', () => {
  test.beforeEach(async ({ page }) => {
    await openPanel(page, 'tune=off');
    await page.locator('.kernels').getByRole('radio', { name: 'layered' }).check();
  });

  test('lists and draws its ten dispatches, shows one from all sides, and says what it declines', async ({
    page,
  }) => {
    await expect(page.getByText(/^10 dispatches a step/)).toBeVisible();
    const rows = await cellsOf(page.getByRole('table', { name: 'Every step' }));
    expect(rows).toHaveLength(10);
    expect(rows[0].slice(0, 2)).toEqual(['dense-forward', '1']);
    expect(rows[9][0]).toBe('sgd-update');
    const drawing = page.getByRole('region', { name: 'Drawing: every step' });
    await expect(drawing.locator('.plan-kernel')).toHaveCount(10);
    await expect(drawing).toContainText('train-features');

    // A step as WGSL, formula, NumPy and the reference’s TypeScript.
    const choice = page.getByRole('button', { name: 'dense-backward-weights' }).first();
    await choice.focus();
    await page.keyboard.press('Enter');
    await expect(choice).toHaveAttribute('aria-pressed', 'true');
    const detail = page.getByRole('region', { name: /^dense-backward-weights/ });
    await expect(
      detail.getByRole('region', { name: 'WGSL of dense-backward-weights' }),
    ).toContainText('@compute');
    await expect(detail.locator('math').first()).toBeVisible();
    await expect(detail).toContainText('dW = dZ.T @ A_in / m');
    const reference = detail.getByRole('region', {
      name: 'The reference for dense-backward-weights',
    });
    await expect(reference).toContainText('export function denseBackwardWeights(');
    await expect(reference).not.toContainText('export function backward(');

    await page.getByRole('tab', { name: 'Settings' }).click();
    const hidden = page.getByLabel('Hidden layers');
    await hidden.fill('300');
    await hidden.blur();
    await page.getByRole('tab', { name: 'Kernels' }).click();
    await page.locator('.kernels').getByRole('radio', { name: 'persistent' }).check();
    await expect(
      page.getByText(/The schedule persistent does not take this network: .+/),
    ).toBeVisible();
  });

  test('every kernel of every schedule has a formula, and text of the reference or a word why not', {
    tag: '@slow',
  }, async ({ page }) => {
    const dispatches = { layered: 18, 'sample-parallel': 7, persistent: 5 };
    for (const [schedule, expected] of Object.entries(dispatches)) {
      await page.locator('.kernels').getByRole('radio', { name: schedule }).check();
      await expect(page.locator('.plan-choice')).toHaveCount(expected);
      for (const choice of await page.locator('.plan-choice').all()) {
        await choice.click();
        const detail = page.locator('.step-detail');
        await expect(detail.locator('math').first()).toBeVisible();
        await expect(detail).toContainText(/export function |needs no such step/);
      }
    }
  });

  test('measures the time of each kernel', { tag: '@slow' }, async ({ notebook, page }) => {
    // Pressed again, on a page that has just begun: the button waits until a backend stands ready.
    await page.reload();
    await notebook.button('Measure the times').click();
    await expect(page.getByText('Times are by the device’s clock')).toBeVisible({
      timeout: 60_000,
    });
    const rows = await cellsOf(page.getByRole('table', { name: 'Every step' }));
    for (const cells of rows) expect(Number(cells[4])).toBeGreaterThan(0);
  });
});
