/** A run outlives the GPU's process, and the tab: it goes on from its last copy and ends with the notebook's numbers. */
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

test('the GPU crashes twice amid a run, which goes on on a new device', async ({
  notebook,
  page,
  browser,
}) => {
  await page.goto('./?tune=off&epochs=1000000');
  await expect(notebook.evaluationSource).toContainText('Before training', { timeout: 60_000 });
  await notebook.button('Start').click();
  const notice = page.locator('.notice', { hasText: 'The GPU was lost' });
  const lostAt = async () =>
    Number(/^At epoch ([\d,]+)/m.exec(await notice.innerText())?.[1].replaceAll(',', '') ?? 0);
  const poll = { timeout: 60_000 };
  // Long enough for a first copy.
  for (const epochs of [3000, 6000]) {
    await expect.poll(() => notebook.epoch(), poll).toBeGreaterThan(epochs);
    const session = await browser.newBrowserCDPSession();
    // The command never answers: the process that would is gone.
    session.send('Browser.crashGpuProcess').catch(() => undefined);
    await expect(notice).toContainText(/training went on from epoch [1-9][\d,]* on a new device/);
    await expect.poll(lostAt, poll).toBeGreaterThanOrEqual(epochs);
  }
  await expect.poll(() => notebook.epoch(), poll).toBeGreaterThan(await lostAt());
  await expect(page.getByRole('radio', { name: 'WebGPU' })).toBeChecked();
  await notebook.button('Pause').click();
  await expect(notebook.button('Resume')).toBeVisible();
});

test('a tab that was closed amid a run offers to go on with it', async ({ notebook, page }) => {
  await page.goto('./?backend=cpu&epochs=300000');
  await expect(notebook.evaluationSource).toContainText('Before training');
  await notebook.button('Start').click();
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(50);
  // A pause is kept at once.
  await notebook.button('Pause').click();
  await expect(notebook.button('Resume')).toBeVisible();
  const epoch = await notebook.epoch();
  await page.goto('./?backend=cpu&learning_rate=0.1');
  const offer = page.locator('.notice', { hasText: 'Go on with the last run?' });
  await expect(offer).toContainText(`Epoch ${epoch.toLocaleString('en')} of 300,000 on CPU`);
  await offer.getByRole('button', { name: 'Go on' }).click();
  await expect(notebook.progress).toContainText(`Epoch ${epoch.toLocaleString('en')} of 300,000`);
  await notebook.button('Resume').click();
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(epoch);
});
