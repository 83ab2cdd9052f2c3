/**
 * What looking at a run costs while the page trains at full speed: epochs a second with the stage, the panel
 * Boundary or the panel Maps in sight and out of sight, in turns, how often it is drawn, and the longest task
 * of the main thread. The stage is in sight whenever a panel is measured.
 * `node tests/bench/looks.mjs [--rounds 5] [--seconds 3] [--views stage,boundary,maps] [--only notebook,…]
 * [--backends cpu,webgpu] [--hardware]`; nothing else should run beside it.
 */
import { parseArgs } from 'node:util';
import { watchMainThread } from '../support/main-thread.mjs';
import { withBuiltPage } from './built-page.mjs';
import { median } from './in-page.mjs';

/**
 * @typedef {object} View
 * @property {Record<string, string>} networks settings as in an address
 * @property {string} at where it is on the page
 * @property {string} root what it is drawn in
 * @property {(page: import('playwright').Page) => Promise<unknown>} show
 * @property {(page: import('playwright').Page) => Promise<unknown>} hide brings what stands still into sight
 */

const TEN = 'digits=0,1,2,3,4,5,6,7,8,9&init=he_normal';
const DENSE = `${TEN}&activation=relu&learning_rate=0.01`;
const PLANE = 'activation=tanh&init=glorot_uniform';
/** The network of the preset MNIST: convolutions. */
const LAYERS =
  'conv 16 3x3 same relu; max_pool 2; conv 32 3x3 same relu; max_pool 2; dense 64 relu';
const CONVOLUTIONS = `${TEN}&optimizer=adam&learning_rate=0.001&batch_size=64&layers=${encodeURIComponent(LAYERS)}`;

/** @type {Record<string, View>} */
const VIEWS = {
  stage: {
    networks: {
      notebook: '',
      'ten digits': `${DENSE}&hidden=64,32`,
      wide: `${DENSE}&hidden=512,512`,
      mnist: `dataset=mnist&${CONVOLUTIONS}`,
    },
    at: '',
    root: '.stage-main',
    show: (page) => page.evaluate(() => scrollTo(0, 0)),
    hide: (page) => page.evaluate(() => document.querySelector('#data')?.scrollIntoView()),
  },
  boundary: {
    networks: {
      circle: `dataset=circle&hidden=4&learning_rate=0.03&batch_size=10&${PLANE}`,
      spiral: `dataset=spiral&hidden=16,8&optimizer=adam&learning_rate=0.01&batch_size=32&${PLANE}`,
    },
    ...panel('Boundary', '.plane'),
  },
  maps: {
    networks: {
      digits: CONVOLUTIONS,
      mnist: `dataset=mnist&${CONVOLUTIONS}`,
    },
    ...panel('Maps', '.maps-says'),
  },
};

/**
 * @param {string} name
 * @param {string} part that it has once it shows a run
 * @returns {Omit<View, 'networks'>}
 */
function panel(name, part) {
  /** @param {import('playwright').Page} page */
  const tab = (page, called = name) => page.getByRole('tab', { name: called, exact: true }).click();
  return {
    at: `#lab/${name.toLowerCase()}`,
    root: `.panel-content:has(${part})`,
    show: tab,
    hide: (page) => tab(page, 'Settings'),
  };
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    views: { type: 'string', default: Object.keys(VIEWS).join() },
    only: { type: 'string', default: '' },
    backends: { type: 'string', default: 'cpu,webgpu' },
    hardware: { type: 'boolean', default: false },
  },
});
const MILLISECONDS = 1000 * Number(values.seconds);

await withBuiltPage(values.hardware, async (browser, baseURL) => {
  for (const view of values.views.split(',')) {
    for (const [name, network] of Object.entries(VIEWS[view].networks)) {
      if (values.only !== '' && !values.only.split(',').includes(name)) continue;
      for (const backend of values.backends.split(',')) {
        await measure(browser, baseURL, { view, name, network, backend });
      }
    }
  }
});

/**
 * @param {import('playwright').Browser} browser
 * @param {string} baseURL
 * @param {{ view: string, name: string, network: string, backend: string }} what
 */
async function measure(browser, baseURL, { view, name, network, backend }) {
  const { at, root, show, hide } = VIEWS[view];
  const context = await browser.newContext({
    baseURL,
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await page.goto(`./?tune=off&backend=${backend}&epochs=1000000&${network}${at}`);
  await page.locator('.badge strong').waitFor({ timeout: 120_000 });
  await page.locator(root).waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  /** @type {Watched[]} */
  const seen = [];
  /** @type {Watched[]} */
  const unseen = [];
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const isSeen of round % 2 === 0 ? [true, false] : [false, true]) {
      await (isSeen ? show : hide)(page);
      await page.waitForTimeout(500);
      const watched = await page.evaluate(watch, { milliseconds: MILLISECONDS, root });
      // The first round warms up.
      if (round > 0) (isSeen ? seen : unseen).push(watched);
    }
  }
  await show(page);
  // Apart from the rest: a trace takes time of its own.
  const { tasks } = await watchMainThread(browser, page, () => page.waitForTimeout(MILLISECONDS));
  await context.close();
  const costs = seen.map(({ rate }, round) => 100 * (unseen[round].rate / rate - 1));
  const rate = median(unseen.map((watched) => watched.rate));
  const drawn = median(seen.map((watched) => watched.drawn));
  const longest = (/** @type {Watched[]} */ all) =>
    Math.max(...all.map((watched) => watched.longest)).toFixed(0);
  console.log(
    `${view}, ${name}, ${backend}: ${rate.toPrecision(3)} epochs a second with it out of sight; in sight training takes ${median(costs).toFixed(1)} % longer (${costs.map((cost) => cost.toFixed(1)).join(' ')}); it is drawn ${drawn.toFixed(1)} times a second; longest task ${Math.max(...tasks).toFixed(1)} ms of the thread’s own time; by the clock, where that is over 50 ms, ${longest(seen)} ms, and ${longest(unseen)} ms out of sight`,
  );
}

/**
 * @typedef {object} Watched
 * @property {number} rate epochs a second
 * @property {number} drawn times a second that what is looked at has changed
 * @property {number} longest milliseconds of the longest task over 50 ms; 0 where there was none
 */

/**
 * Runs in the page: watches it from one report of progress to another.
 *
 * @param {{ milliseconds: number, root: string }} what
 * @returns {Promise<Watched>}
 */
function watch({ milliseconds, root }) {
  const progress = document.querySelector('.progress progress');
  if (!(progress instanceof HTMLProgressElement)) throw new Error('The page has no progress.');
  let longest = 0;
  let drawn = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  tasks.observe({ type: 'longtask' });
  const drawings = new MutationObserver(() => {
    drawn += 1;
  });
  const shown = document.querySelector(root);
  // A panel is away while another one is shown.
  if (shown !== null) {
    const options = { attributes: true, characterData: true, childList: true, subtree: true };
    drawings.observe(shown, options);
  }
  return new Promise((resolve) => {
    /** @type {{ done: number, at: number } | undefined} */
    let first;
    const reports = new MutationObserver(() => {
      const at = performance.now();
      const done = progress.value;
      first ??= { done, at };
      const seconds = (at - first.at) / 1000;
      if (1000 * seconds < milliseconds) return;
      for (const observer of [reports, drawings, tasks]) observer.disconnect();
      resolve({ rate: (done - first.done) / seconds, drawn: drawn / seconds, longest });
    });
    reports.observe(progress, { attributes: true });
  });
}
