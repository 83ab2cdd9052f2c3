/**
 * Whether anything grows in the built page: 100,000 epochs with a panel open, 20 times all challenges,
 * 50 races; after each part of it, garbage collected, what the page, its workers and the GPU hold.
 * `node tests/bench/soak.mjs [--quick] [--only epochs,challenges,races] [--backend cpu] [--hardware]`;
 * `--backend` is that of the challenges.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { watchMainThread } from '../support/main-thread.mjs';
import { withBuiltPage } from './built-page.mjs';
import { median } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'epochs,challenges,races' },
    backend: { type: 'string', default: 'webgpu' },
    hardware: { type: 'boolean', default: false },
  },
});
const EPOCHS = values.quick ? 9000 : 100_000;
const CHALLENGES = values.quick ? 3 : 20;
const RACES = values.quick ? 6 : 50;
/** Samples of the epochs. */
const PARTS = values.quick ? 6 : 20;

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('playwright').Browser} Browser */

/**
 * What is held at a moment.
 *
 * @typedef {object} Sample
 * @property {number} done epochs, runs of all challenges, or races so far
 * @property {number} page bytes of the page's heap, with what its array buffers hold
 * @property {number} worker the same of the worker that trains
 * @property {number} nodes DOM nodes of the page
 * @property {number} listeners event listeners of the page
 * @property {number} observers what the page's context has to tell of its end: ports, observers
 * @property {number} workers
 * @property {number} devices of the worker that trains, as the next two
 * @property {number} buffers GPU buffers that nobody has destroyed
 * @property {number} bufferBytes
 * @property {number} pipelines
 * @property {number} gpuProcess resident bytes of the GPU's process; 0 where the system does not tell
 */

/**
 * An epoch's place in the history: loss and accuracy of both sets as doubles, whether they are finite,
 * and on the page its number and its time.
 */
const ROW_BYTES = { page: 8 * 7, worker: 8 * 5 };
/** An array that grows has up to half of its length in reserve. */
const RESERVE = 1.5;
/** A heap's settling of code and caches, and its noise. */
const HEAP_NOISE = 300_000;
const GPU_PROCESS_NOISE = 20_000_000;

/** Counts, in the worker, what is alive on its devices; a pipeline is until it is collected. */
const COUNT_IN_WORKER = `(() => {
  if (globalThis.GPUDevice === undefined) return;
  const buffers = new Map();
  const counts = { devices: 0, pipelines: 0 };
  const collected = new FinalizationRegistry(() => { counts.pipelines--; });
  const wrap = (type, name, around) => {
    const original = type.prototype[name];
    type.prototype[name] = function (...values) {
      return around.call(this, () => original.apply(this, values));
    };
  };
  wrap(GPUAdapter, 'requestDevice', async function (call) {
    const device = await call();
    counts.devices++;
    device.lost.then(() => {
      counts.devices--;
      for (const [buffer, { owner }] of buffers) if (owner === device) buffers.delete(buffer);
    });
    return device;
  });
  wrap(GPUDevice, 'createBuffer', function (call) {
    const buffer = call();
    buffers.set(buffer, { owner: this, bytes: buffer.size });
    return buffer;
  });
  wrap(GPUBuffer, 'destroy', function (call) {
    buffers.delete(this);
    return call();
  });
  wrap(GPUDevice, 'createComputePipelineAsync', async function (call) {
    const pipeline = await call();
    counts.pipelines++;
    collected.register(pipeline);
    return pipeline;
  });
  globalThis.heldOnDevices = () => JSON.stringify({
    ...counts,
    buffers: buffers.size,
    bufferBytes: [...buffers.values()].reduce((sum, { bytes }) => sum + bytes, 0),
  });
})();`;

let isLevel = true;
await withBuiltPage(values.hardware, async (browser, baseURL) => {
  console.log(`${cpus().length} cores, ${process.platform}, Chromium ${browser.version()}`);
  const parts = { epochs: soakEpochs, challenges: soakChallenges, races: soakRaces };
  for (const [name, part] of Object.entries(parts)) {
    if (values.only.split(',').includes(name)) await part(browser, baseURL);
  }
});
process.exitCode = isLevel ? 0 : 1;

/**
 * One run, a panel open that reads from it.
 *
 * @param {Browser} browser
 * @param {string} baseURL
 */
async function soakEpochs(browser, baseURL) {
  const { page, sample } = await open(browser, `${baseURL}?tune=off&epochs=1000000#lab/network`);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const samples = [];
  for (let part = 1; part <= PARTS; part++) {
    while ((await epochOf(page)) < (part * EPOCHS) / PARTS) await page.waitForTimeout(100);
    samples.push(await sample(await epochOf(page)));
  }
  const { tasks } = await watchMainThread(browser, page, () => page.waitForTimeout(5000));
  report(`${EPOCHS.toLocaleString('en')} epochs of the notebook, Network in sight`, samples, true);
  console.log(`longest task of the page's thread then: ${Math.max(...tasks).toFixed(1)} ms\n`);
  await page.context().close();
}

/**
 * @param {Browser} browser
 * @param {string} baseURL
 */
async function soakChallenges(browser, baseURL) {
  const address = `${baseURL}?tune=off&backend=${values.backend}#lab/challenges`;
  const { page, sample } = await open(browser, address);
  const samples = [];
  const began = Date.now();
  for (let run = 1; run <= CHALLENGES; run++) {
    await page.getByRole('button', { name: 'Run all', exact: true }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
    await page
      .getByRole('button', { name: 'Run all', exact: true })
      .waitFor({ timeout: 1_800_000 });
    samples.push(await sample(run));
  }
  const each = (Date.now() - began) / 1000 / CHALLENGES;
  report(`${CHALLENGES} times Run all on ${values.backend}, ${each.toFixed(1)} s each`, samples);
  await page.context().close();
}

/**
 * @param {Browser} browser
 * @param {string} baseURL
 */
async function soakRaces(browser, baseURL) {
  const { page, sample } = await open(browser, `${baseURL}?tune=off&epochs=100#lab/race`);
  await page.getByLabel('Length of the race').selectOption('100');
  const status = page
    .getByRole('region', { name: 'The same training, three ways' })
    .getByRole('status');
  const samples = [];
  for (let race = 1; race <= RACES; race++) {
    await page.getByRole('button', { name: 'Race', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel', exact: true }).waitFor();
    // Each fifth one is broken off amid its course.
    if (race % 5 === 0) {
      await page.waitForTimeout(300);
      const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
      // A fast machine may be through by then.
      await cancel.click({ timeout: 1000 }).catch(() => undefined);
    }
    await page.getByRole('button', { name: 'Race', exact: true }).waitFor({ timeout: 120_000 });
    const said = await status.innerText();
    if (!/^(Finished after 100 epochs|Cancelled)/.test(said)) throw new Error(said);
    samples.push(await sample(race));
  }
  report(`${RACES} races of WebGPU, CPU and reference over 100 epochs`, samples);
  await page.context().close();
}

/**
 * The page in a context of its own, and what takes a sample of it.
 *
 * @param {Browser} browser
 * @param {string} address
 */
async function open(browser, address) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await page.route(/training-worker.*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${COUNT_IN_WORKER}${await response.text()}` });
  });
  await page.goto(address);
  await page.locator('.badge strong').waitFor({ timeout: 60_000 });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const { targets, ask } = await speakToWorkers(browser);
  /** @param {number} done @returns {Promise<Sample>} */
  const sample = async (done) => {
    const { targetId } = (await targets()).find(({ url }) => url.includes('training-worker')) ?? {};
    if (targetId === undefined) throw new Error('There is no training worker.');
    // A worker that was ended amid its work takes a moment.
    const until = Date.now() + 5000;
    while ((await targets()).length > 1 && Date.now() < until) await page.waitForTimeout(100);
    // Twice: what a finalizer lets go of is collected the second time.
    for (let time = 0; time < 2; time++) {
      await session.send('HeapProfiler.collectGarbage');
      await ask(targetId, 'HeapProfiler.collectGarbage');
      await page.waitForTimeout(200);
    }
    const { metrics } = await session.send('Performance.getMetrics');
    /** @param {string} name */
    const metric = (name) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
    const evaluated = await ask(targetId, 'Runtime.evaluate', {
      expression: 'globalThis.heldOnDevices?.() ?? "{}"',
    });
    const held = JSON.parse(evaluated.result.value);
    return {
      done,
      page: heapOf(await session.send('Runtime.getHeapUsage')),
      worker: heapOf(await ask(targetId, 'Runtime.getHeapUsage')),
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
      observers: metric('ContextLifecycleStateObservers'),
      workers: (await targets()).length,
      ...held,
      gpuProcess: await gpuProcessBytes(browser),
    };
  };
  return { page, sample };
}

/**
 * Workers as the browser lists them, and what asks one of them in the DevTools protocol.
 *
 * @param {Browser} browser
 */
async function speakToWorkers(browser) {
  const session = await browser.newBrowserCDPSession();
  /** @type {Map<string, string>} */
  const sessions = new Map();
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map();
  let lastId = 0;
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const answer = JSON.parse(message);
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  const targets = async () =>
    (await session.send('Target.getTargets')).targetInfos.filter(({ type }) => type === 'worker');
  /** @param {string} targetId @param {string} method @param {object} [params] */
  const ask = async (targetId, method, params = {}) => {
    let sessionId = sessions.get(targetId);
    if (sessionId === undefined) {
      ({ sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false }));
      sessions.set(targetId, sessionId);
    }
    const id = ++lastId;
    /** @type {Promise<any>} */
    const answered = new Promise((resolve) => waiting.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await session.send('Target.sendMessageToTarget', { sessionId, message });
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  return { targets, ask };
}

/** @param {object} usage of Runtime.getHeapUsage */
function heapOf(usage) {
  const { usedSize = 0, backingStorageSize = 0 } =
    /** @type {{ usedSize?: number, backingStorageSize?: number }} */ (usage);
  return usedSize + backingStorageSize;
}

/** @param {Browser} browser */
async function gpuProcessBytes(browser) {
  if (process.platform !== 'linux') return 0;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pid = processInfo.find(({ type }) => type === 'GPU')?.id;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
}

/** @param {Page} page */
async function epochOf(page) {
  const text = await page.locator('.progress-numbers span').first().innerText();
  return Number(/^Epoch ([\d,]+)/.exec(text)?.[1].replaceAll(',', ''));
}

/**
 * Prints samples as a table, and what does not level off: a count whose median over the last third of the
 * samples is above that over the middle third, or a size that is above it by more than its noise and what
 * the history of the epochs between may take.
 *
 * @param {string} title
 * @param {readonly Sample[]} samples
 * @param {boolean} [hasHistory] whether `done` are epochs of one run
 */
function report(title, samples, hasHistory = false) {
  const third = Math.floor(samples.length / 3);
  const middle = samples.slice(third, 2 * third);
  const last = samples.slice(-third);
  /** @param {readonly Sample[]} part @param {keyof Sample} key */
  const medianOf = (part, key) => median(part.map((each) => each[key]));
  // Of a run's epochs there is a history; races and challenges leave none.
  const rows = hasHistory ? RESERVE * medianOf(last, 'done') - medianOf(middle, 'done') : 0;
  /** @type {Record<keyof Omit<Sample, 'done'>, number>} */
  const allowances = {
    page: HEAP_NOISE + ROW_BYTES.page * rows,
    worker: HEAP_NOISE + ROW_BYTES.worker * rows,
    gpuProcess: GPU_PROCESS_NOISE,
    ...{ nodes: 0, listeners: 0, observers: 0, workers: 0 },
    ...{ devices: 0, buffers: 0, bufferBytes: 0, pipelines: 0 },
  };
  const keys = /** @type {(keyof typeof allowances)[]} */ (
    Object.keys(samples[0]).filter((key) => key in allowances)
  );
  /** @param {keyof Sample} key @param {number} value */
  const shown = (key, value) =>
    ['page', 'worker', 'bufferBytes', 'gpuProcess'].includes(key)
      ? `${(value / 1e6).toFixed(2)} MB`
      : value.toLocaleString('en');
  const columns = /** @type {(keyof Sample)[]} */ (['done', ...keys]);
  /** @param {readonly string[]} cells */
  const line = (cells) => console.log(cells.map((cell) => cell.padStart(12)).join(' '));
  console.log(title);
  line(columns);
  for (const each of samples) line(columns.map((key) => shown(key, each[key])));
  for (const key of keys) {
    const grown = medianOf(last, key) - medianOf(middle, key);
    const grows = grown > allowances[key];
    if (grows) isLevel = false;
    console.log(
      `${key}: last third against middle third ${grown >= 0 ? '+' : ''}${shown(key, grown)}, allowed ${shown(key, allowances[key])}${grows ? ': IT GROWS' : ''}`,
    );
  }
  console.log('');
}
