/**
 * How long MNIST takes in the page, from its choice in the settings to the first step of its training, and
 * the longest task of the main thread meanwhile: `node tests/bench/choosing-mnist.mjs [--backend cpu]
 * [--rounds 3] [--hardware]`. Start is pressed as soon as there is one; every round is a first visit.
 */
import { parseArgs } from 'node:util';
import { watchMainThread } from '../support/main-thread.mjs';
import { withBuiltPage } from './built-page.mjs';
import { median } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'cpu' },
    rounds: { type: 'string', default: '3' },
    hardware: { type: 'boolean', default: false },
  },
});

await withBuiltPage(values.hardware, async (browser, baseURL) => {
  /** @type {number[]} */
  const seconds = [];
  let longest = 0;
  for (let round = 0; round < Number(values.rounds); round++) {
    const context = await browser.newContext({ baseURL, serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.goto(`./?tune=off&backend=${values.backend}#lab/settings`);
    await page.locator('.badge strong').waitFor({ timeout: 60_000 });
    const { tasks } = await watchMainThread(browser, page, async () => {
      const from = performance.now();
      await page.getByLabel('Data set', { exact: true }).selectOption('mnist');
      await page.getByText('28 × 28 pixels').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page
        .getByRole('group', { name: 'Training' })
        .getByText(/batch [1-9]|Epoch [1-9]/)
        .first()
        .waitFor({ timeout: 60_000 });
      seconds.push((performance.now() - from) / 1000);
    });
    longest = Math.max(longest, ...tasks);
    await context.close();
  }
  console.log(
    `${values.backend}: ${median(seconds).toFixed(2)} s from the choice of MNIST to the first step (${seconds.map((time) => time.toFixed(2)).join(' ')}); longest task ${longest.toFixed(1)} ms of the thread’s own time`,
  );
});
