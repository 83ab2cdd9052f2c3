/** `npm run bench`: the benchmark's page, driven in a headless Chromium. */
import { type BenchResult, toDocument } from '../bench/results';
import type { BenchOptions } from '../bench/run';
import { BENCH_FLAGS, BENCH_HELP, readBenchArguments } from './bench-arguments';
import { benchReport } from './bench-report';
import { clearStoredTuning } from './clear-tuning';
import { runCommand } from './command';
import { inPage } from './headless';
import type { Output } from './output';
import { refuseSwallowed } from './swallowed-flags';

type Benchmark = (
  options: BenchOptions,
  onProgress: (line: string) => void,
) => Promise<BenchResult>;

/**
 * Runs the command.
 *
 * @returns the exit status: 0, 1 where the run failed, 2 where the command line is not allowed
 */
export function main(
  args: readonly string[],
  output?: Output,
  benchmark: Benchmark = runInChromium,
): Promise<number> {
  const command = async ({ print, warn }: Output) => {
    refuseSwallowed('bench', BENCH_FLAGS, args);
    const asked = readBenchArguments(args);
    if (asked.help) print(BENCH_HELP);
    else if (asked.clearTuning) print(await clearStoredTuning());
    else {
      const result = await benchmark(asked, warn);
      print(asked.json ? JSON.stringify(toDocument(result)) : `\n${benchReport(result)}`);
    }
    return 0;
  };
  return runCommand('bench', command, output);
}

/** Runs the benchmark in its page. */
function runInChromium(
  { workloads, quick }: BenchOptions,
  onProgress: (line: string) => void,
): Promise<BenchResult> {
  onProgress('Opening the page');
  return inPage({}, 'bench.html', onProgress, async (page) => {
    await page.waitForFunction(() => 'benchHeadless' in globalThis);
    return page.evaluate((options) => globalThis.benchHeadless(options), { workloads, quick });
  });
}
