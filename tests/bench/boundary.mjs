/**
 * What the panel Boundary costs while the page trains at full speed: epochs a second with it in sight and
 * out of sight, in turns, how often it is drawn, and the longest task of the main thread.
 * `node tests/bench/boundary.mjs [--rounds 4] [--seconds 3] [--backends cpu,webgpu] [--only circle,spiral]
 * [--hardware]`; nothing else should run beside it.
 */
import { parseArgs } from 'node:util';
import { watchMainThread } from '../support/main-thread.mjs';
import { withBuiltPage } from './built-page.mjs';
import { median } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '3' },
    backends: { type: 'string', default: 'cpu,webgpu' },
    only: { type: 'string', default: 'circle,spiral' },
    hardware: { type: 'boolean', default: false },
  },
});
const MILLISECONDS = 1000 * Number(values.seconds);
const PLAYGROUND = 'activation=tanh&init=glorot_uniform&epochs=1000000';
/** @type {Record<string, string>} The presets of the plane, longer. */
const NETWORKS = {
  circle: `dataset=circle&hidden=4&learning_rate=0.03&batch_size=10&${PLAYGROUND}`,
  spiral: `dataset=spiral&hidden=16,8&optimizer=adam&learning_rate=0.01&batch_size=32&${PLAYGROUND}`,
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
      await page.goto(`./?tune=off&backend=${backend}&${NETWORKS[name]}#lab/boundary`);
      await page.locator('.plane').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      /** @type {Watched[]} */
      const seen = [];
      /** @type {Watched[]} */
      const unseen = [];
      for (let round = 0; round <= Number(values.rounds); round++) {
        for (const isSeen of round % 2 === 0 ? [true, false] : [false, true]) {
          // The stage stays in sight either way; of the panels, the settings stand still.
          await page
            .getByRole('tab', { name: isSeen ? 'Boundary' : 'Settings', exact: true })
            .click();
          await page.waitForTimeout(500);
          const watched = await page.evaluate(watch, MILLISECONDS);
          // The first round warms up.
          if (round > 0) (isSeen ? seen : unseen).push(watched);
        }
      }
      await page.getByRole('tab', { name: 'Boundary', exact: true }).click();
      // Apart from the rest: a trace takes time of its own.
      const { tasks } = await watchMainThread(browser, page, () =>
        page.waitForTimeout(MILLISECONDS),
      );
      await context.close();
      const costs = seen.map(({ rate }, round) => 100 * (unseen[round].rate / rate - 1));
      const rate = median(unseen.map((watched) => watched.rate));
      console.log(
        `${name}, ${backend}: ${rate.toPrecision(3)} epochs a second without the panel; with it in sight training takes ${median(costs).toFixed(1)} % longer (${costs.map((cost) => cost.toFixed(1)).join(' ')}); it is drawn ${median(seen.map(({ drawn }) => drawn)).toFixed(1)} times a second; longest task ${Math.max(...tasks).toFixed(1)} ms of the thread’s own time`,
      );
    }
  }
});

/**
 * @typedef {object} Watched
 * @property {number} rate epochs a second
 * @property {number} drawn changes of the picture a second
 */

/**
 * Runs in the page: watches it from one report of progress to another.
 *
 * @param {number} milliseconds
 * @returns {Promise<Watched>}
 */
function watch(milliseconds) {
  const progress = document.querySelector('.progress-numbers span');
  if (progress === null) throw new Error('The page has no progress.');
  let drawn = 0;
  const drawings = new MutationObserver(() => {
    drawn += 1;
  });
  // It says which epoch the picture is of; there is none while other panels are shown.
  const source = document.querySelector('[role=tabpanel]:not([hidden]) .panel-content .source');
  if (source !== null) drawings.observe(source, { characterData: true, subtree: true });
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
      for (const observer of [reports, drawings]) observer.disconnect();
      resolve({ rate: (epoch - first.epoch) / seconds, drawn: drawn / seconds });
    });
    reports.observe(progress, { characterData: true, childList: true, subtree: true });
  });
}
