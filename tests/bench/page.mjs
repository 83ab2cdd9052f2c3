/**
 * Measures the built page in headless Chromium and prints a table: first load, first render, response to
 * clicks and redraws while it trains, and how much each panel slows training.
 * `node tests/bench/page.mjs [--rounds 5] [--seconds 3] [--hardware]`; nothing else should run beside it.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  clickAnswers,
  MARK_DRAWINGS,
  noteClicks,
  watchMainThread,
} from '../support/main-thread.mjs';
import { withBuiltPage } from './built-page.mjs';
import { median } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    hardware: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(values.rounds);
const MILLISECONDS = 1000 * Number(values.seconds);
const LOADS = 7;
const LONG_HISTORY = 100_000;

/** The lab at the size of a desk, and no plan is measured first. */
const VIEWPORT = { width: 1280, height: 800 };
const LAB = './?tune=off&epochs=1000000#lab';
/** Large tables and two hidden layers: more to draw than for the notebook. */
const TEN_DIGITS =
  './?tune=off&classes=0,1,2,3,4,5,6,7,8,9&hidden=32,16&activation=relu&init=he_normal&learning_rate=0.1&epochs=1000000#lab';

/**
 * Something to press in each panel that has much to draw.
 *
 * @type {Readonly<Record<string, string>>}
 */
const CONTROLS = {
  Results: '.matrix-cell.is-diagonal',
  Network: '.unit-map >> nth=5',
  Draw: '.pad',
  Kernels: '.plan-choice >> nth=1',
};

/**
 * Networks with feature maps.
 *
 * @type {Readonly<Record<string, string>>}
 */
const CONVOLUTIONAL = {
  'the digits':
    'classes=0,1,2,3,4,5,6,7,8,9&layers=conv 8 3x3 same relu; max_pool 2; conv 16 3x3 same relu; max_pool 2&init=he_normal&optimizer=adam&learning_rate=0.003&batch_size=64',
  MNIST:
    'dataset=mnist&classes=0,1,2,3,4,5,6,7,8,9&scaling=unit&train_samples=2000&test_samples=500&layers=conv 16 3x3 same relu; max_pool 2; conv 32 3x3 same relu; max_pool 2; dense 64 relu&init=he_normal&optimizer=adam&learning_rate=0.001&batch_size=64',
};

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('playwright').Locator} Locator */
/** @typedef {{ browser: import('playwright').Browser, baseURL: string }} At */

await withBuiltPage(values.hardware, async (browser, baseURL) => {
  const at = { browser, baseURL };
  /** @type {[what: string, figure: string][]} */
  const rows = [
    ...(await firstLoad(at)),
    ...(await notebookTasks(at)),
    ...(await whileTraining(at)),
    ...(await mapsAlive(at)),
    ...(await longHistory(at)),
    ...(await slowDown(at)),
  ];
  const width = Math.max(...rows.map(([what]) => what.length));
  console.log(`${cpus().length} cores, ${process.platform}, Chromium ${browser.version()}`);
  for (const [what, figure] of rows) console.log(`${what.padEnd(width)}  ${figure}`);
});

/**
 * A page of its own, with empty caches.
 *
 * @param {At} at
 * @param {string} path
 */
async function open({ browser, baseURL }, path) {
  const context = await browser.newContext({
    baseURL,
    viewport: VIEWPORT,
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await page.addInitScript(MARK_DRAWINGS);
  /** @type {Promise<number>[]} */
  const scripts = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
  });
  await page.goto(path);
  await page.locator('.badge strong').waitFor({ timeout: 60_000 });
  return { page, scripts };
}

/** @param {At} at */
async function firstLoad(at) {
  const paints = [];
  const readies = [];
  let bytes = 0;
  for (let load = 0; load < LOADS; load++) {
    const { page, scripts } = await open(at, './?tune=off');
    const [paint, ready] = await page.evaluate(() => [
      performance.getEntriesByName('first-contentful-paint')[0].startTime,
      performance.now(),
    ]);
    paints.push(paint);
    readies.push(ready);
    bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
    await page.context().close();
  }
  return /** @type {[string, string][]} */ ([
    ['first load, JavaScript compressed', `${(bytes / 1000).toFixed(1)} kB`],
    ['first contentful paint', spread(paints, 'ms')],
    ['until a backend stands ready', spread(readies, 'ms')],
  ]);
}

/** @param {At} at */
async function notebookTasks(at) {
  /** @type {[string, string][]} */
  const rows = [];
  for (const backend of ['webgpu', 'cpu', 'reference']) {
    const { page } = await open(at, `./?tune=off&backend=${backend}&epochs=1000000`);
    await page.locator('#training .chart').first().scrollIntoViewIfNeeded();
    await start(page);
    const { tasks } = await watchMainThread(at.browser, page, () =>
      page.waitForTimeout(MILLISECONDS),
    );
    rows.push([
      `longest task of the main thread, the notebook training on ${backend}`,
      `${Math.max(...tasks).toFixed(1)} ms`,
    ]);
    await page.context().close();
  }
  return rows;
}

/** @param {At} at */
async function whileTraining(at) {
  const { page } = await open(at, TEN_DIGITS);
  await start(page);
  /** @type {[string, string][]} */
  const longest = [];
  /** @type {number[]} */
  const rates = [];
  await page.locator('.tabs').evaluate((tabs) => tabs.scrollIntoView({ block: 'start' }));
  for (const tab of await page.getByRole('tab').all()) {
    const title = await tab.innerText();
    const tasks = await tasksOfClick(at, page, tab, 1500);
    const control = CONTROLS[title];
    if (control !== undefined) {
      tasks.push(...(await tasksOfClick(at, page, page.locator(control).first(), 500)));
    }
    longest.push([
      `longest task of the main thread, ${title} opened and used`,
      `${Math.max(...tasks).toFixed(1)} ms`,
    ]);
  }
  // Clicks are timed without a trace, which takes time of its own.
  await noteClicks(page);
  for (let round = 0; round < 3; round++) {
    for (const tab of await page.getByRole('tab').all()) {
      const { x, y } = await middleOf(tab);
      await page.mouse.click(x, y);
      await page.waitForTimeout(300);
    }
  }
  await page.evaluate(() => scrollTo(0, 0));
  await page.getByRole('tab', { name: 'Curves', exact: true }).click();
  for (let round = 0; round < 3; round++) rates.push(await redrawRate(page));
  const clicks = await clickAnswers(page);
  const handled = clicks.map((click) => click.handled);
  const shown = clicks.map((click) => click.shown);
  await page.context().close();
  return /** @type {[string, string][]} */ ([
    ['a click while training, all panels, until it is handled', spread(handled, 'ms')],
    ['the same until it is on the screen, in steps of 8', spread(shown, 'ms')],
    ...longest,
    ['redraws of the curves a second', spread(rates, '')],
  ]);
}

/**
 * Feature maps in sight while their network trains: the longest task with nobody's hand on the page, and
 * with a pointer that goes over the maps; and how often they are drawn.
 *
 * @param {At} at
 */
async function mapsAlive(at) {
  /** @type {[string, string][]} */
  const rows = [];
  for (const [name, settings] of Object.entries(CONVOLUTIONAL)) {
    const { page } = await open(at, `./?tune=off&backend=cpu&${settings}&epochs=1000000#lab/maps`);
    const maps = page.locator('.feature-map');
    await maps.last().waitFor();
    await start(page);
    const boxes = await Promise.all([0, 3, 7].map((position) => middleOf(maps.nth(position))));
    const resting = await watchMainThread(at.browser, page, () =>
      page.waitForTimeout(MILLISECONDS),
    );
    const moving = await watchMainThread(at.browser, page, async () => {
      for (const { x, y } of boxes) {
        await page.mouse.move(x, y, { steps: 10 });
        await page.mouse.click(x, y);
        await page.waitForTimeout(MILLISECONDS / boxes.length);
      }
    });
    const redraws = await maps.first().locator('canvas').evaluate(paintsASecond, MILLISECONDS);
    await page.context().close();
    const longest = [resting, moving].map(({ tasks }) => `${Math.max(...tasks).toFixed(1)} ms`);
    rows.push(
      [`longest task of the main thread, feature maps of ${name} while it trains`, longest[0]],
      [`the same with a pointer that looks at places of them`, longest[1]],
      [`the same: redraws a second`, redraws.toFixed(1)],
    );
  }
  return rows;
}

/**
 * Runs in the page: how often a canvas gets other pixels.
 *
 * @param {Element} canvas
 * @param {number} milliseconds
 * @returns {Promise<number>}
 */
function paintsASecond(canvas, milliseconds) {
  const { putImageData } = CanvasRenderingContext2D.prototype;
  let painted = 0;
  CanvasRenderingContext2D.prototype.putImageData = new Proxy(putImageData, {
    apply(target, context, parameters) {
      if (context.canvas === canvas) painted += 1;
      return Reflect.apply(target, context, parameters);
    },
  });
  return new Promise((resolve) => {
    setTimeout(() => {
      CanvasRenderingContext2D.prototype.putImageData = putImageData;
      resolve((1000 * painted) / milliseconds);
    }, milliseconds);
  });
}

/**
 * What the main thread does about a click, and for `milliseconds` after it.
 *
 * @param {At} at
 * @param {Page} page
 * @param {Locator} locator
 * @param {number} milliseconds
 */
async function tasksOfClick({ browser }, page, locator, milliseconds) {
  // Found before the trace begins: Playwright's own look at the page would be a long task.
  const { x, y } = await middleOf(locator);
  const watched = await watchMainThread(browser, page, async () => {
    await page.mouse.click(x, y);
    await page.waitForTimeout(milliseconds);
  });
  return watched.tasks;
}

/** @param {Locator} locator */
async function middleOf(locator) {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('What is to be pressed can not be seen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** @param {Page} page */
async function redrawRate(page) {
  const drawn = () => /** @type {Promise<number>} */ (page.evaluate('mostDrawings()'));
  const [before, began] = [await drawn(), Date.now()];
  await page.waitForTimeout(MILLISECONDS);
  return (1000 * ((await drawn()) - before)) / (Date.now() - began);
}

/** @param {At} at */
async function longHistory(at) {
  const { page } = await open(at, './?tune=off&backend=cpu&hidden=&epochs=1000000#lab/curves');
  await start(page);
  while ((await epochOf(page)) < LONG_HISTORY) await page.waitForTimeout(200);
  const watched = await watchMainThread(at.browser, page, () => page.waitForTimeout(MILLISECONDS));
  const rate = await redrawRate(page);
  await page.context().close();
  const epochs = LONG_HISTORY.toLocaleString('en');
  return /** @type {[string, string][]} */ ([
    [`with over ${epochs} epochs: redraws a second`, rate.toFixed(1)],
    [`with over ${epochs} epochs: a task that redraws`, spread(watched.drawings, 'ms')],
  ]);
}

/**
 * Epochs a second with each panel in sight, in turns, against none.
 *
 * @param {At} at
 */
async function slowDown(at) {
  const { page } = await open(at, LAB);
  const tabs = await page.getByRole('tab').allInnerTexts();
  const adapter = await page.locator('.badge').getAttribute('title');
  const none = 'nothing but the stage that follows training in sight';
  const names = [none, ...tabs];
  /** @type {Map<string, number[]>} */
  const speeds = new Map(names.map((name) => [name, []]));
  await start(page);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      // The list of kernels does not change while a run trains.
      await page.getByRole('tab', { name: name === none ? 'Kernels' : name, exact: true }).click();
      await page
        .locator(name === none ? '.kernels-drawings' : '.tabs')
        .evaluate((element) => element.scrollIntoView({ block: 'start' }));
      await page.waitForTimeout(500);
      const speed = await epochsPerSecond(page);
      // The first round warms up.
      if (round > 0) speeds.get(name)?.push(speed);
    }
    // A history that grew all the time would be one more difference between the rounds.
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await start(page);
  }
  await page.context().close();
  const base = speeds.get(none) ?? [];
  return /** @type {[string, string][]} */ ([
    ['adapter', adapter?.split(';')[0] ?? ''],
    [`epochs a second, ${none}`, spread(base, '')],
    ...tabs.map((name) => {
      const speed = speeds.get(name) ?? [];
      const shares = speed.map((value, round) => 100 * (base[round] / value - 1));
      return [`training slowed with the panel ${name} in sight`, spread(shares, '%')];
    }),
  ]);
}

/** @param {Page} page */
async function start(page) {
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  while (!((await epochOf(page)) > 0)) await page.waitForTimeout(50);
}

/**
 * Epochs done, as the bar says.
 *
 * @param {Page} page
 */
async function epochOf(page) {
  const text = await page.locator('.progress-numbers span').first().innerText();
  return Number(/^Epoch ([\d,]+)/.exec(text)?.[1].replaceAll(',', ''));
}

/**
 * From one report of progress to another, so that what lies between two reports does not count.
 *
 * @param {Page} page
 */
async function epochsPerSecond(page) {
  return page
    .locator('.progress-numbers span')
    .first()
    .evaluate(
      (element, milliseconds) =>
        new Promise((resolve) => {
          /** @type {{ epoch: number, at: number } | undefined} */
          let first;
          const observer = new MutationObserver(() => {
            const at = performance.now();
            const epoch = Number(
              /^Epoch ([\d,]+)/.exec(element.textContent ?? '')?.[1].replaceAll(',', ''),
            );
            first ??= { epoch, at };
            if (at - first.at < milliseconds) return;
            observer.disconnect();
            resolve((1000 * (epoch - first.epoch)) / (at - first.at));
          });
          observer.observe(element, { characterData: true, childList: true, subtree: true });
        }),
      MILLISECONDS,
    );
}

/**
 * @param {readonly number[]} numbers
 * @param {string} unit
 */
function spread(numbers, unit) {
  const digits = numbers.every((number) => Math.abs(number) >= 100) ? 0 : 1;
  const [middle, least, most] = [median(numbers), Math.min(...numbers), Math.max(...numbers)].map(
    (number) => number.toFixed(digits),
  );
  return `${middle} ${unit} (${least} to ${most})`.replace('  ', ' ');
}
