/** Measuring which plan is fastest can be cancelled, however long it takes. */
import { inWorker } from './in-worker';
import { expect, test } from './lab-page';

/** What is read back from the GPU before `hold` ends never comes: a step that takes longer than anybody waits. */
const HOLD_READING = `
  const hold = { isOn: true, held: 0 };
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = function (...range) {
    if (!hold.isOn) return mapAsync.apply(this, range);
    hold.held++;
    return new Promise(() => {});
  };
  self.hold = hold;
`;

test('cancelling ends the measuring of a wide layer amid a step, and training starts', async ({
  lab,
  page,
}) => {
  await inWorker(page, HOLD_READING);
  await page.goto('./?hidden=512&epochs=2#lab');
  await expect(page.getByRole('progressbar', { name: 'Measuring…' })).toBeVisible();
  const worker = page.workers().find((one) => one.url().includes('training-worker'));
  await expect.poll(() => worker?.evaluate('hold.held')).toBeGreaterThan(0);
  // There is something to see meanwhile.
  const digits = page.getByRole('group', { name: /^10 test digits not trained yet/ });
  await expect(digits.getByRole('img')).toHaveCount(10);
  await expect(page.getByText('before training', { exact: true })).toBeVisible();
  await worker?.evaluate('hold.isOn = false');
  await lab.button('Cancel').click();
  await expect(page.getByText('Measuring is cancelled.')).toBeVisible();
  await lab.ready();
  await lab.train();
  await page.getByRole('banner').locator('button.badge').click();
  await expect(page.getByRole('dialog').getByText(/^Now: /)).toHaveText(
    'Now: layered, chosen by the fixed table.',
  );
});
