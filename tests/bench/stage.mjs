/**
 * What the stage costs while the page trains at full speed: epochs a second with it in sight and out of
 * sight, in turns, the longest task of the main thread, and how often it is drawn.
 * `node tests/bench/stage.mjs [--rounds 5] [--seconds 3] [--backends cpu,webgpu] [--only notebook,…]
 * [--hardware]`; nothing else should run beside it.
 */
import { parseArgs } from 'node:util';
import { watchMainThread } from '../support/main-thread.mjs';
import { withBuiltPage } from './built-page.mjs';
import { median } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    backends: { type: 'string', default: 'cpu,webgpu' },
    only: { type: 'string', default: 'notebook,ten digits,wide' },
    hardware: { type: 'boolean', default: false },
  },
});
const MILLISECONDS = 1000 * Number(values.seconds);
const ALL = 'digits=0,1,2,3,4,5,6,7,8,9&activation=relu&init=he_normal&learning_rate=0.01';
/** @type {Record<string, string>} */
const NETWORKS = {
  notebook: '',
  'ten digits': `&${ALL}&hidden=64,32`,
  wide: `&${ALL}&hidden=512,512`,
};

await withBuiltPage(values.hardware, async (browser, baseURL) => {
  for (const name of values.only.split(',')) {
    for (const backend of values.backends.split(',')) {
      const context = await browser.newContext({
        baseURL,
        viewport: { width: 1280, height: 800 },
        reducedMotion: 'reduce',
        serviceWorkers: 'block',
      });
      const page = await context.newPage();
      await page.goto(`./?tune=off&backend=${backend}&epochs=1000000${NETWORKS[name]}`);
      await page.locator('.badge strong').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      /** @type {Watched[]} */
      const seen = [];
      /** @type {Watched[]} */
      const unseen = [];
      for (let round = 0; round <= Number(values.rounds); round++) {
        for (const isSeen of round % 2 === 0 ? [true, false] : [false, true]) {
          // Part 1 stands still.
          await page.evaluate(
            (top) => (top ? scrollTo(0, 0) : document.querySelector('#data')?.scrollIntoView()),
            isSeen,
          );
          await page.waitForTimeout(500);
          const watched = await page.evaluate(watch, MILLISECONDS);
          // The first round warms up.
          if (round > 0) (isSeen ? seen : unseen).push(watched);
        }
      }
      await page.evaluate(() => scrollTo(0, 0));
      // Apart from the rest: a trace takes time of its own.
      const { tasks } = await watchMainThread(browser, page, () =>
        page.waitForTimeout(MILLISECONDS),
      );
      await context.close();
      const costs = seen.map(({ rate }, round) => 100 * (unseen[round].rate / rate - 1));
      const rate = median(unseen.map((watched) => watched.rate));
      console.log(
        `${name}, ${backend}: ${rate.toPrecision(3)} epochs a second without the stage; with it in sight training takes ${median(costs).toFixed(1)} % longer (${costs.map((cost) => cost.toFixed(1)).join(' ')}); it is drawn ${median(seen.map(({ drawn }) => drawn)).toFixed(1)} times a second; longest task ${Math.max(...tasks).toFixed(1)} ms of the thread’s own time; by the clock, where that is over 50 ms, ${Math.max(...seen.map(({ longest }) => longest)).toFixed(0)} ms, and ${Math.max(...unseen.map(({ longest }) => longest)).toFixed(0)} ms without the stage`,
      );
    }
  }
});

/**
 * @typedef {object} Watched
 * @property {number} rate epochs a second
 * @property {number} drawn changes of the stage a second
 * @property {number} longest milliseconds of the longest task over 50 ms; 0 where there was none
 */

/**
 * Runs in the page: watches it from one report of progress to another.
 *
 * @param {number} milliseconds
 * @returns {Promise<Watched>}
 */
function watch(milliseconds) {
  const progress = document.querySelector('.progress-numbers span');
  const shown = document.querySelector('.stage-epoch');
  if (progress === null || shown === null) throw new Error('The page has no stage.');
  let longest = 0;
  let drawn = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  tasks.observe({ type: 'longtask' });
  const drawings = new MutationObserver(() => {
    drawn += 1;
  });
  drawings.observe(shown, { characterData: true, childList: true, subtree: true });
  return new Promise((resolve) => {
    /** @type {{ epoch: number, at: number } | undefined} */
    let first;
    const reports = new MutationObserver(() => {
      const at = performance.now();
      const epoch = Number(
        /^Epoch ([\d,]+)/.exec(progress.textContent ?? '')?.[1].replaceAll(',', ''),
      );
      first ??= { epoch, at };
      const seconds = (at - first.at) / 1000;
      if (1000 * seconds < milliseconds) return;
      for (const observer of [reports, drawings, tasks]) observer.disconnect();
      resolve({ rate: (epoch - first.epoch) / seconds, drawn: drawn / seconds, longest });
    });
    reports.observe(progress, { characterData: true, childList: true, subtree: true });
  });
}
