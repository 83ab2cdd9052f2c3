/** Runs a session in headless Chromium, which Node serves the project's own modules to. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright';
import { createServer } from 'vite';
import { ALIASES } from '../../build/aliases.mjs';
import { assemblyScript } from '../../build/assemblyscript.mjs';
import type { TrainDocument } from '../session/run';
import type { RunAllRow } from '../session/run-all';
import { BackendUnavailableError, InvalidInputError, messageOf } from '../training/errors';
import { type AdapterChoice, ChromiumError, findChromium, launchOptions } from './chromium';
import type { HeadlessOptions, HeadlessOutcome, HeadlessRunAllOptions } from './headless-page';
import { ROOT } from './paths';
import { readTuning, tuningFile, writeTuning } from './tuning-file';

// Not through Vite's own page handling: that adds its reload client, which has nobody to talk to here.
const PAGE = `<!doctype html><html lang="en"><title>Shaderprop, headless</title>
<script type="module" src="/src/cli/headless-page.ts"></script></html>`;

const LOAD_LIMIT_MS = 120_000;

interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the empty page and the modules it imports, on a free port of this machine only. */
async function servePage(): Promise<PageServer> {
  const vite = await createServer({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    appType: 'custom',
    resolve: { alias: ALIASES },
    plugins: [assemblyScript()],
    // The few packages of this page are single modules: nothing to prepare, no cache to share.
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
  const http = createHttpServer((request, response) => {
    if (request.url === '/') {
      response.setHeader('Content-Type', 'text/html').end(PAGE);
      return;
    }
    vite.middlewares(request, response, () => {
      response.statusCode = 404;
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      http.closeAllConnections();
      http.close();
      await vite.close();
    },
  };
}

/** Opens the page on the hardware's adapter, or on the software adapter where there is no other. */
export async function openPage(url: string): Promise<{ browser: Browser; page: Page }> {
  const executablePath = findChromium();
  const attempt = async (adapter: AdapterChoice) => {
    const browser = await chromium.launch(launchOptions(executablePath, adapter));
    try {
      const page = await browser.newPage();
      page.on('pageerror', (error) => process.stderr.write(`${error.message}\n`));
      await page.goto(url, { timeout: LOAD_LIMIT_MS });
      return { browser, page };
    } catch (error) {
      await browser.close();
      throw error;
    }
  };
  // The flags for hardware may keep a browser from starting where there is none.
  const onHardware = await attempt('default').catch(() => undefined);
  if (onHardware && (await hasAdapter(onHardware.page))) return onHardware;
  await onHardware?.browser.close();
  try {
    // Without an adapter here, too, the session says in its own words what is missing.
    return await attempt('software');
  } catch (error) {
    throw new ChromiumError(`${executablePath} does not start: ${causeOf(error)}`);
  }
}

function hasAdapter(page: Page): Promise<boolean> {
  return page.evaluate(async () => ((await navigator.gpu?.requestAdapter()) ?? null) !== null);
}

/** The line of a browser's log that says why it did not start. */
function causeOf(error: unknown): string {
  const lines = messageOf(error).split('\n');
  return lines.find((line) => /FATAL|error while loading|sandbox!/.test(line)) ?? lines[0];
}

/**
 * Trains in headless Chromium.
 *
 * @param onLine - called with each printed line, in order
 * @throws ChromiumError, or what `runSession` throws
 */
export function runHeadless(
  options: HeadlessOptions,
  onLine: (line: string) => void,
): Promise<TrainDocument> {
  return inPage(onLine, (page) =>
    page.evaluate((given) => globalThis.trainHeadless(given), options),
  );
}

/**
 * Trains every preset in headless Chromium.
 *
 * @param onLine - called with a line as each preset starts
 * @throws ChromiumError; what goes wrong with a preset is in its row
 */
export function runAllHeadless(
  options: HeadlessRunAllOptions,
  onLine: (line: string) => void,
): Promise<readonly RunAllRow[]> {
  return inPage(onLine, (page) =>
    page.evaluate((given) => globalThis.runAllHeadless(given), options),
  );
}

/** What `run` gives in a page of its own. */
async function inPage<Result>(
  onLine: (line: string) => void,
  run: (page: Page) => Promise<HeadlessOutcome>,
): Promise<Result> {
  const server = await servePage();
  try {
    const { browser, page } = await openPage(server.url);
    try {
      await page.exposeFunction('reportLine', onLine);
      const path = tuningFile();
      await page.exposeFunction('readTuning', (key: string) => readTuning(path, key));
      await page.exposeFunction('writeTuning', (key: string, record: unknown) =>
        writeTuning(path, key, record),
      );
      return documentOf<Result>(await run(page));
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

function documentOf<Result>(outcome: HeadlessOutcome): Result {
  switch (outcome.kind) {
    case 'done':
      return JSON.parse(outcome.document) as Result; // this project's own page wrote it
    case 'invalid-input':
      throw new InvalidInputError(outcome.field, JSON.parse(outcome.value), outcome.allowed);
    case 'unavailable':
      throw new BackendUnavailableError(outcome.reason, outcome.message);
    case 'failed':
      throw new Error(outcome.message);
    default:
      return outcome satisfies never;
  }
}
