/** The self-test in the diagnostics: every kernel of the plan against float64, in the page. */
import { violationsOf } from './axe';
import { expect, type LabPage, test } from './lab-page';

async function openDiagnostics({ page }: LabPage) {
  await page.getByRole('banner').locator('.badge').click();
  const dialog = page.getByRole('dialog', { name: 'Diagnostics' });
  return {
    dialog,
    start: dialog.getByRole('button', { name: 'Run the self-test' }),
    rows: dialog.getByRole('region', { name: 'Self-test of each kernel' }).locator('tbody tr'),
  };
}

test('every kernel passes, with its error and its bound, and not while training', async ({
  lab,
  page,
}) => {
  await lab.open('tune=off&schedule_kind=layered&hidden=6,4&epochs=1000000&batch_size=100');
  const { dialog, start, rows } = await openDiagnostics(lab);
  await start.click();
  await expect(dialog).toContainText(/✓ All 18 kernels passed on .*\(software adapter\)/);
  await expect(rows).toHaveCount(18);
  await expect(dialog).toContainText('✓ Sums keep their rounding error on this device.');
  await expect(dialog).toContainText('✓ The exponential takes ln 2 in two parts on this device.');
  for (const row of await rows.all()) {
    await expect(row.locator('td').nth(0)).toHaveText('✓ passed');
    await expect(row.locator('td').nth(1)).toHaveText(/^(0|\d\.\d × 10−\d+)$/);
    await expect(row.locator('td').nth(2)).toHaveText(/^(0|\d\.\d × 10−\d+)$/);
  }
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await lab.button('Start').click();
  await expect(lab.button('Pause')).toBeVisible();
  const again = await openDiagnostics(lab);
  await expect(again.start).toHaveAttribute('aria-disabled', 'true');
  await expect(again.dialog).toContainText('Pause training first');
});

test('a kernel that computes wrongly fails, and only that one', { tag: '@slow' }, async ({
  lab,
  page,
}) => {
  await page.route('**/*.js', async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    // The update's learning rate, one part in a thousand too large.
    const wrong = text.replaceAll('step.learning_rate', '(1.001 * step.learning_rate)');
    await route.fulfill({ response, body: wrong });
  });
  await lab.open('tune=off&schedule_kind=layered&hidden=6,4');
  const { dialog, start, rows } = await openDiagnostics(lab);
  await start.click();
  await expect(dialog).toContainText('✗ 1 of 18 kernels failed');
  const failed = rows.filter({ hasText: '✗ failed' });
  await expect(failed).toHaveCount(1);
  await expect(failed.locator('th')).toHaveText('sgd-update');
});
