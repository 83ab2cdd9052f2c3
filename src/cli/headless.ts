/** Headless Chromium on a page that Vite serves from this project: there sessions and the benchmark run. */
import { type Browser, chromium, type Page } from 'playwright';
import { createServer, type InlineConfig, type Plugin } from 'vite';
import { ALIASES } from '../../build/aliases.mjs';
import { assemblyScript } from '../../build/assemblyscript.mjs';
import type { BroughtFile } from '../data/registry';
import { type PageOutcome, resultOf } from '../session/page-outcome';
import { messageOf } from '../training/errors';
import { type AdapterChoice, ChromiumError, findChromium, launchOptions } from './chromium';
import { STANDARD_OUTPUT, withoutControls } from './output';
import { ROOT } from './paths';
import type { RuntimeInfo } from './runtime';
import type { BroughtStart } from './start-file';
import { readTuning, tuningFile, writeTuning } from './tuning-file';

const PAGE = `<!doctype html><html lang="en"><title>Shaderprop, headless</title>
<script type="module" src="/src/cli/headless-page.ts"></script></html>`;

const LOAD_LIMIT_MS = 120_000;

/** The page that trains, without the project's pages and the packages that only they need. */
const TRAINING_PAGE: InlineConfig = {
  configFile: false,
  appType: 'custom',
  resolve: { alias: ALIASES },
  plugins: [assemblyScript(), trainingPage()],
  // The few packages of this page are single modules: nothing to prepare, no cache to share.
  optimizeDeps: { noDiscovery: true },
};

/** Answers with the page. Vite's own handling would add its reload client, which has nobody to talk to. */
function trainingPage(): Plugin {
  return {
    name: 'training-page',
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        if (request.url !== '/') return next();
        response.setHeader('Content-Type', 'text/html').end(PAGE);
      });
    },
  };
}

/** Opens the page on the hardware's adapter, or on the software adapter where there is no other. */
async function openPage(url: string): Promise<{ browser: Browser; page: Page }> {
  const executablePath = findChromium();
  const attempt = async (adapter: AdapterChoice) => {
    const browser = await chromium.launch(launchOptions(executablePath, adapter));
    try {
      const page = await browser.newPage();
      page.on('pageerror', (error) => STANDARD_OUTPUT.warn(withoutControls(error.message)));
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

/** What a task gave, and what it ran on. */
export interface Ran<Result> {
  readonly result: Result;
  readonly runtime: RuntimeInfo;
}

/** The browser of a page. */
async function runtimeOf(browser: Browser, page: Page): Promise<RuntimeInfo> {
  // Chromium tells only a developer what its driver is called.
  const driver = await page.evaluate(
    async () => (await navigator.gpu?.requestAdapter())?.info?.description,
  );
  return {
    ...{ name: 'chromium', engine: 'Chromium', version: browser.version() },
    driver: driver || null,
  };
}

/**
 * What a task gives in a page of its own, served on a free port of this machine only.
 *
 * @param server - what Vite serves
 * @param path - of the page
 * @param onLine - called with each line that the page reports, in order
 * @param task - runs in the page, once its scripts have
 * @throws ChromiumError, or what `resultOf` throws
 */
export async function inPage<Result>(
  server: InlineConfig,
  path: string,
  onLine: (line: string) => void,
  task: (page: Page) => Promise<PageOutcome>,
): Promise<Ran<Result>> {
  const vite = await createServer({
    root: ROOT,
    logLevel: 'error',
    ...server,
    server: { host: '127.0.0.1', port: 0, hmr: false, ws: false, watch: null },
  });
  try {
    await vite.listen();
    const [url] = vite.resolvedUrls?.local ?? [];
    const { browser, page } = await openPage(new URL(path, url).href);
    try {
      const file = tuningFile();
      await page.exposeFunction('reportLine', onLine);
      await page.exposeFunction('readTuning', (key: string) => readTuning(file, key));
      await page.exposeFunction('writeTuning', (key: string, record: unknown) =>
        writeTuning(file, key, record),
      );
      const result = resultOf<Result>(await task(page));
      return { result, runtime: await runtimeOf(browser, page) };
    } finally {
      await browser.close();
    }
  } finally {
    await vite.close();
  }
}

/**
 * What a task gives in the page that trains; as `inPage`.
 *
 * @param brought - the file whose rows it may ask for
 * @param start - the file with the parameters that it may begin with
 */
export function inTrainingPage<Result>(
  onLine: (line: string) => void,
  task: (page: Page) => Promise<PageOutcome>,
  brought?: BroughtFile,
  start?: BroughtStart,
): Promise<Ran<Result>> {
  const parts = {
    ...(brought && rowsParts(brought)),
    ...(start && { [`/brought/start-${start.sha256}`]: start.bytes }),
  };
  const plugins = [...(TRAINING_PAGE.plugins ?? []), broughtParts(parts)];
  return inPage({ ...TRAINING_PAGE, plugins }, '/', onLine, task);
}

type Parts = Readonly<Record<string, string | Uint8Array>>;

/** The rows of a file by their paths: what they are as JSON, then the bytes of values and labels. */
function rowsParts({ description, rows: { values, labels, ...sizes } }: BroughtFile): Parts {
  return {
    '/brought/rows.json': JSON.stringify({
      ...{ description, ...sizes },
      areBytes: values instanceof Uint8Array,
    }),
    '/brought/values': new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    '/brought/labels': labels,
  };
}

/** Hands out what was brought. */
function broughtParts(parts: Parts): Plugin {
  return {
    name: 'brought-parts',
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const part = parts[request.url ?? ''];
        if (part === undefined) return next();
        response.end(part);
      });
    },
  };
}
