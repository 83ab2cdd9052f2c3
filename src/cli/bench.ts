/** `npm run bench`: the benchmark's page, driven in a headless Chromium. */
import { createServer } from 'vite';
import type { BenchOutcome } from '../bench/headless';
import { type BenchResult, toDocument } from '../bench/results';
import type { BenchOptions } from '../bench/run';
import { USAGE_STATUS, UsageError } from './arguments';
import { BENCH_HELP, readBenchArguments } from './bench-arguments';
import { benchReport } from './bench-report';
import { ChromiumError } from './chromium';
import { clearStoredTuning } from './clear-tuning';
import { freePort } from './free-port';
import { openPage } from './headless';
import { STANDARD_OUTPUT } from './output';
import { ROOT } from './paths';

type Benchmark = (
  options: BenchOptions,
  onProgress: (line: string) => void,
) => Promise<BenchResult>;

/**
 * Runs the command.
 *
 * @returns the exit status: 0, 1 where the run failed, 2 where the command line is not allowed
 */
export async function main(
  args: readonly string[],
  output = STANDARD_OUTPUT,
  benchmark: Benchmark = runInChromium,
): Promise<number> {
  try {
    const asked = readBenchArguments(args);
    if (asked.help) {
      output.print(BENCH_HELP);
      return 0;
    }
    if (asked.clearTuning) {
      output.print(await clearStoredTuning());
      return 0;
    }
    const result = await benchmark(asked, output.warn);
    output.print(asked.json ? JSON.stringify(toDocument(result)) : `\n${benchReport(result)}`);
    return 0;
  } catch (error) {
    output.warn(`bench: ${messageOf(error)}`);
    return error instanceof UsageError ? USAGE_STATUS : 1;
  }
}

/** Serves the page on a free port of this machine, and runs the benchmark in it. */
async function runInChromium(
  { workloads, quick }: BenchOptions,
  onProgress: (line: string) => void,
): Promise<BenchResult> {
  const port = await freePort();
  const server = await createServer({
    root: ROOT,
    logLevel: 'error',
    server: { host: '127.0.0.1', port, strictPort: true, hmr: false, ws: false, watch: null },
  });
  try {
    await server.listen();
    onProgress('Opening the page');
    const { browser, page } = await openPage(`http://127.0.0.1:${port}/bench.html`);
    try {
      await page.exposeFunction('reportBenchProgress', onProgress);
      await page.waitForFunction(() => 'benchHeadless' in globalThis);
      return resultOf(
        await page.evaluate((options) => globalThis.benchHeadless(options), { workloads, quick }),
      );
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/** What went wrong in the page, in words that need no stack of Node's beside them. */
class BenchError extends Error {
  override readonly name = 'BenchError';
}

/**
 * The result that crossed from the page.
 *
 * @throws BenchError with the page's words where it failed: one line where that was foreseen, else
 * the page's stack
 */
export function resultOf(outcome: BenchOutcome): BenchResult {
  switch (outcome.kind) {
    case 'done':
      return outcome.result;
    case 'refused':
    case 'failed':
      throw new BenchError(outcome.message);
    default:
      return outcome satisfies never;
  }
}

function messageOf(error: unknown): string {
  const isExpected =
    error instanceof UsageError || error instanceof ChromiumError || error instanceof BenchError;
  if (isExpected) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
