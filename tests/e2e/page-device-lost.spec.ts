/** The GPU's process dies in the middle of a run: the reference takes over and trains to the end. */
import { launchOptions, testChromium } from '../../src/cli/chromium';
import { expect, test } from './notebook-page';

const chromium = testChromium();
const { args = [], ...options } = chromium === undefined ? {} : launchOptions(chromium, 'software');

test.use({
  launchOptions: {
    ...options,
    args: [...args, '--disable-domain-blocking-for-3d-apis', '--disable-gpu-process-crash-limit'],
  },
});

test('the reference takes over from a lost device', async ({ notebook, page, browser }) => {
  await notebook.open();
  await notebook.button('Start').click();
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(0);

  const session = await browser.newBrowserCDPSession();
  // The command never answers: the process that would is gone.
  session.send('Browser.crashGpuProcess').catch(() => undefined);

  const notice = page.locator('.notice');
  await expect(notice).toContainText('The GPU was lost');
  await expect(notice).toContainText('goes on with the reference backend');
  await expect(page.getByRole('radio', { name: 'Reference' })).toBeChecked();
  await expect(notebook.button('Start again')).toBeVisible({ timeout: 60_000 });
  await expect(notebook.evaluationSource).toContainText('After 1,000 epochs · Reference');

  // A new device can be had: going back to WebGPU works without a reload.
  await page.getByRole('radio', { name: 'WebGPU' }).check();
  await expect(notebook.evaluationSource).toContainText('Before training · WebGPU');
});
