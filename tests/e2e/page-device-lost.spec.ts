/** A run outlives the GPU's process, its worker, and the tab, standing still, crashed or closed: it goes on from its last copy, and ends with the notebook's numbers. */
import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';
import { launchOptions, testChromium } from '../../src/cli/chromium';
import { expect, NotebookPage, test } from './notebook-page';

const chromium = testChromium();
const { args = [], ...options } = chromium === undefined ? {} : launchOptions(chromium, 'software');

test.use({
  launchOptions: {
    ...options,
    args: [...args, '--disable-domain-blocking-for-3d-apis', '--disable-gpu-process-crash-limit'],
  },
});

test('the GPU crashes twice amid a run, which goes on on a new device', { tag: '@slow' }, async ({
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

/** Trains on the CPU, and pauses after some epochs: a pause is kept at once. Gives the epoch. */
async function trainAndPause(notebook: NotebookPage): Promise<number> {
  await notebook.page.goto('./?backend=cpu&epochs=1000000');
  await expect(notebook.evaluationSource).toContainText('Before training');
  await notebook.button('Start').click();
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(50);
  await notebook.button('Pause').click();
  await expect(notebook.button('Resume')).toBeVisible();
  return notebook.epoch();
}

/** Takes the page's offer to go on with a run that was kept at an epoch or later, and trains it further. */
async function goOn(notebook: NotebookPage, least: number): Promise<void> {
  const offer = notebook.page.locator('.notice', { hasText: 'Go on with the last run?' });
  await expect(offer).toContainText(/Epoch [\d,]+ of 1,000,000 on CPU/);
  await offer.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(least);
  await expect(notebook.button('Pause')).toBeVisible();
}

test('a tab that was closed amid a run offers to go on with it', async ({ notebook, page }) => {
  const epoch = await trainAndPause(notebook);
  await page.goto('./?backend=cpu&learning_rate=0.1');
  await goOn(notebook, epoch);
});

test('a tab that crashed amid a run offers to go on with it', { tag: '@slow' }, async ({
  page,
  context,
}) => {
  const notebook = new NotebookPage(page);
  const epoch = await trainAndPause(notebook);
  await notebook.button('Resume').click();
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(epoch);
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  // The command never answers: the process that would is gone.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  const next = await context.newPage();
  await next.goto('./?backend=cpu&learning_rate=0.1');
  await goOn(new NotebookPage(next), epoch);
});

test('a worker that breaks amid a run is started again, and the run is offered', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  const epoch = await trainAndPause(notebook);
  await notebook.button('Resume').click();
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(epoch);
  const [worker] = page.workers();
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('killed');
    });
  });
  const notice = page.locator('.notice', { hasText: 'The worker for training broke' });
  await notice.getByRole('button', { name: 'Retry' }).click();
  await goOn(notebook, epoch);
  await expect(notice).toBeHidden();
});

/** Stops the processes of a browser's tabs as the system does when it sleeps, and lets them go on. */
async function standStill(browser: Browser, milliseconds: number): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const tabs = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  for (const id of tabs) process.kill(id, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  for (const id of tabs) process.kill(id, 'SIGCONT');
}

// A tab that can be seen is not frozen on the protocol's word; the page can not tell the two apart.
test('a tab that stood still amid a run goes on', async ({ notebook, page, browser }) => {
  await trainAndPause(notebook);
  await notebook.button('Resume').click();
  await page.evaluate(() => {
    let last = performance.now();
    setInterval(() => {
      const gap = performance.now() - last;
      document.body.dataset.gap = String(Math.max(gap, Number(document.body.dataset.gap ?? 0)));
      last += gap;
    }, 50);
  });
  await standStill(browser, 3000);
  const epoch = await notebook.epoch();
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(epoch);
  await expect(page.locator('.notice')).toHaveCount(0);
  expect(await page.evaluate(() => Number(document.body.dataset.gap))).toBeGreaterThan(2500);
});

const EPOCHS = 24_000;
const FILM = `./?tune=off&epochs=${EPOCHS}`;

/** A run as it ended: the page's last words on it, and every epoch of its curves without the times. */
interface Ending {
  readonly report: string;
  readonly log: string;
  readonly epochs: readonly string[];
}

/** Waits for the end and reads what the page has of the run. */
async function endingOf(notebook: NotebookPage): Promise<Ending> {
  const { page } = notebook;
  await expect(notebook.button('Start again')).toBeVisible({ timeout: 240_000 });
  await expect(notebook.evaluationSource).toContainText(`After ${EPOCHS.toLocaleString('en')}`);
  const report = await notebook.part('Final evaluation').innerText();
  const log = await notebook.log.innerText();
  await page.evaluate(() => {
    location.hash = '#lab/curves';
  });
  // A panel that is loaded by then has one of its own.
  const csv = notebook.part('Curves').getByRole('button', { name: 'CSV', exact: true });
  const [file] = await Promise.all([page.waitForEvent('download'), csv.click()]);
  const [, ...rows] = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n');
  const epochs = rows.map((row) => {
    // Names of adapters may hold commas; behind the precision there are numbers only.
    const [epoch, _step, _seconds, ...metrics] = (/,float\d\d,(.*)/.exec(row)?.[1] ?? '').split(
      ',',
    );
    return [epoch, ...metrics.slice(0, 4)].join(' ');
  });
  return { report, log, epochs };
}

/** Crashes the GPU's process once so many epochs are done; gives what the page says of it. */
async function crashAt(notebook: NotebookPage, epochs: number): Promise<string> {
  const { page } = notebook;
  const notice = page.locator('.notice', { hasText: 'The GPU was lost' });
  const said = async () => ((await notice.count()) === 0 ? '' : notice.innerText());
  const before = await said();
  await expect.poll(() => notebook.epoch(), { timeout: 120_000 }).toBeGreaterThan(epochs);
  const session = await page.context().browser()?.newBrowserCDPSession();
  session?.send('Browser.crashGpuProcess').catch(() => undefined);
  await expect.poll(said, { timeout: 60_000 }).not.toBe(before);
  return said();
}

/** Closes nothing and says nothing: the tab is gone, and comes again. */
async function reloadAndGoOn(notebook: NotebookPage): Promise<string> {
  const { page } = notebook;
  await page.reload();
  const offer = page.locator('.notice', { hasText: 'Go on with the last run?' });
  const text = await offer.innerText();
  await offer.getByRole('button', { name: 'Go on' }).click();
  await expect(notebook.button('Pause')).toBeVisible({ timeout: 60_000 });
  return text;
}

test('the film: lost three times and reloaded, a run ends as if nothing had been', {
  tag: '@slow',
}, async ({ notebook, page }) => {
  test.setTimeout(900_000);
  const start = async () => {
    await page.goto(FILM);
    await expect(notebook.evaluationSource).toContainText('Before training', { timeout: 60_000 });
    await notebook.button('Start').click();
  };
  await start();
  const alone = await endingOf(notebook);
  expect(alone.epochs).toHaveLength(EPOCHS);

  // Twice, a reload, and once more: no three within a minute in one worker, so it stays on WebGPU.
  await start();
  const film = [await crashAt(notebook, 4000), await crashAt(notebook, 8000)];
  await expect.poll(() => notebook.epoch(), { timeout: 60_000 }).toBeGreaterThan(12_000);
  film.push(await reloadAndGoOn(notebook), await crashAt(notebook, 16_000));
  expect(await endingOf(notebook)).toEqual(alone);

  // Three times within a minute: the CPU takes over, with every epoch once.
  await start();
  for (const epochs of [3000, 6000, 9000]) film.push(await crashAt(notebook, epochs));
  console.log(film.join('\n'));
  const [, from] = /from epoch ([\d,]+) on CPU/.exec(film.at(-1) ?? '') ?? [];
  const ended = await endingOf(notebook);
  expect(ended.report).toContain('· CPU,');
  expect(ended.epochs.map((epoch) => Number.parseInt(epoch, 10))).toEqual(
    alone.epochs.map((_, i) => i + 1),
  );
  const before = Number(from.replaceAll(',', ''));
  expect(ended.epochs.slice(0, before)).toEqual(alone.epochs.slice(0, before));
});
