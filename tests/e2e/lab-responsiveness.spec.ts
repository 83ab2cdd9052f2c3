/** The lab while it trains on WebGPU, with each panel open: no long task, and clicks are answered. */
import type { Browser, Locator, Page } from '@playwright/test';
import { clickAnswers, noteClicks, watchMainThread } from '../support/main-thread.mjs';
import { expect, type LabPage, test } from './lab-page';

/** Longer tasks are a defect: people feel them. */
const LONG_TASK_MS = 50;
const ANSWER_MS = 100;

/** Ten digits and two layers: the panels have more to draw than for the notebook. */
const TEN_DIGITS =
  'tune=off&digits=0,1,2,3,4,5,6,7,8,9&hidden=32,16&activation=relu&init=he_normal&learning_rate=0.1&epochs=1000000';

test('no long task and an answer to every click, with each panel open in turn', async ({
  lab,
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  // A busy machine may take its time from any task, and the same page then has 35 ms now and 60 ms later.
  // What the page does itself is as long on every fresh page, so the least of up to three counts.
  const least = new Map<string, number>();
  const isLong = () => [...least.values()].some((ms) => ms >= LONG_TASK_MS);
  for (let attempt = 0; attempt === 0 || (attempt < 3 && isLong()); attempt++) {
    for (const [title, ms] of await longestTasks(lab, page, browser)) {
      least.set(title, Math.min(ms, least.get(title) ?? ms));
    }
  }
  for (const [title, ms] of least) {
    expect(ms, `${title}: the longest task`).toBeLessThan(LONG_TASK_MS);
  }

  // Without a trace, which takes time of its own.
  await noteClicks(page);
  for (let round = 0; round < 2; round++) {
    for (const tab of await page.getByRole('tab').all()) {
      const { x, y } = await middleOf(tab);
      await page.mouse.click(x, y);
      await page.waitForTimeout(400);
    }
  }
  await expect(lab.button('Pause')).toBeVisible();
  const answers = await clickAnswers(page);
  const handled = answers.map((answer) => answer.handled).sort((a, b) => a - b);
  const shown = answers.map((answer) => answer.shown).sort((a, b) => a - b);
  console.log(
    `longest tasks: ${[...least].map(([title, ms]) => `${title} ${ms.toFixed(0)} ms`).join(', ')}; clicks handled after ${handled.map((ms) => ms.toFixed(0)).join(', ')} ms, on the screen after ${shown.join(', ')} ms`,
  );
  expect(answers.length).toBeGreaterThan(0);
  expect(Math.max(...handled)).toBeLessThan(ANSWER_MS);
  expect(shown[shown.length >> 1]).toBeLessThan(ANSWER_MS);
});

/** Milliseconds of the longest task while each panel is opened and used, on a fresh page that trains. */
async function longestTasks(
  lab: LabPage,
  page: Page,
  browser: Browser,
): Promise<ReadonlyMap<string, number>> {
  await page.goto('about:blank'); // the same address alone would not load it anew
  await lab.open(TEN_DIGITS);
  await lab.button('Start').click();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(0);
  // Places are found before the trace begins: Playwright's own look at the page would be a long task.
  await page.evaluate(() =>
    document.querySelector('.tabs')?.scrollIntoView({ behavior: 'instant', block: 'start' }),
  );
  const longest = new Map<string, number>();
  for (const tab of await page.getByRole('tab').all()) {
    const title = await tab.innerText();
    const place = await middleOf(tab);
    const { tasks } = await watchMainThread(browser, page, async () => {
      await page.mouse.click(place.x, place.y);
      await page.waitForTimeout(1500);
    });
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    expect(tasks.length).toBeGreaterThan(20);
    const control = CONTROLS[title];
    if (control !== undefined) {
      const { x, y } = await middleOf(page.locator(control).first());
      const clicked = await watchMainThread(browser, page, async () => {
        await page.mouse.click(x, y);
        await page.waitForTimeout(500);
      });
      tasks.push(...clicked.tasks);
    }
    longest.set(title, Math.max(...tasks));
  }
  return longest;
}

/** Something to press in each panel that has much to draw. */
const CONTROLS: Readonly<Record<string, string>> = {
  Results: '.matrix-cell.is-diagonal',
  Network: '.unit-map >> nth=5',
  Draw: '.pad',
  Kernels: '.plan-choice >> nth=1',
};

async function middleOf(locator: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('It can not be seen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
