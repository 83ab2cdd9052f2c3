/** The kernels panel: the plan of each schedule, one step from all sides, and times by the device. */
import { cellsOf, expect, test } from './notebook-page';

test.beforeEach(async ({ page }) => {
  await page.goto('./?tune=off#lab/kernels');
  // The run, once it is open, decides which schedule is shown first.
  await expect(page.getByText('The run on WebGPU uses')).toBeVisible();
  await page.locator('.kernels').getByRole('radio', { name: 'layered' }).check();
});

test('lists and draws the ten dispatches of the layered schedule', async ({ page }) => {
  await expect(page.getByText(/^10 dispatches a step/)).toBeVisible();
  const rows = await cellsOf(page.getByRole('table', { name: 'Every step' }));
  expect(rows).toHaveLength(10);
  expect(rows[0].slice(0, 2)).toEqual(['dense-forward', '1']);
  expect(rows[9][0]).toBe('sgd-update');
  const drawing = page.getByRole('region', { name: 'Drawing: every step' });
  await expect(drawing.locator('.plan-kernel')).toHaveCount(10);
  await expect(drawing).toContainText('train-features');
});

test('shows a step as WGSL, formula, NumPy and the reference’s TypeScript', async ({ page }) => {
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
});

test('every kernel of every schedule has a formula, and text of the reference or a word why not', async ({
  page,
}) => {
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

test('says why a schedule declines a network', async ({ page }) => {
  const hidden = page.getByLabel('Hidden layers');
  await hidden.fill('300');
  await hidden.blur();
  await page.locator('.kernels').getByRole('radio', { name: 'persistent' }).check();
  await expect(
    page.getByText(/The schedule persistent does not take this network: .+/),
  ).toBeVisible();
});

test('measures the time of each kernel', async ({ notebook, page }) => {
  // Pressed again, on a page that has just begun: the button waits until a backend stands ready.
  await page.reload();
  await notebook.button('Measure the times').click();
  await expect(page.getByText('Times are by the device’s clock')).toBeVisible({ timeout: 60_000 });
  const rows = await cellsOf(page.getByRole('table', { name: 'Every step' }));
  for (const cells of rows) expect(Number(cells[4])).toBeGreaterThan(0);
});
