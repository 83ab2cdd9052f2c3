/** `npm run bench`: the benchmark in its page, driven in a headless Chromium, or in this process on Dawn. */
import { benchInNode } from '../bench/in-node';
import { type BenchResult, toDocument } from '../bench/results';
import type { BenchOptions } from '../bench/run';
import { sweepPicture } from '../bench/sweep-picture';
import { BENCH_FLAGS, BENCH_HELP, readBenchArguments } from './bench-arguments';
import { benchReport } from './bench-report';
import { clearStoredTuning } from './clear-tuning';
import { runCommand } from './command';
import type { Ran } from './headless';
import { checkOutput, jsonLine, type Output, writeOutput } from './output';
import { chooseRuntime, type RuntimeChoice } from './runtime';
import { refuseSwallowed } from './swallowed-flags';

type Benchmark = (
  options: BenchOptions & { readonly runtime: RuntimeChoice },
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
  benchmark: Benchmark = run,
): Promise<number> {
  const command = async ({ print, warn }: Output) => {
    refuseSwallowed('bench', BENCH_FLAGS, args);
    const asked = readBenchArguments(args);
    if (asked.help) print(BENCH_HELP);
    else if (asked.clearTuning) print(await clearStoredTuning());
    else {
      const { picture } = asked;
      // Before the run, too: a file that cannot be written should not be found out after it.
      if (picture !== undefined) checkOutput('--picture', picture);
      const result = await benchmark(asked, warn);
      const drawn = sweepPicture(result);
      if (picture !== undefined && drawn !== undefined) writeOutput('--picture', picture, drawn);
      else if (picture !== undefined) warn('bench: no picture: nowhere have both a time');
      print(asked.json ? jsonLine(toDocument(result)) : `\n${benchReport(result)}`);
    }
    return 0;
  };
  return runCommand('bench', command, output);
}

/** Runs the benchmark where it was asked for: in its page, or without one in this process. */
async function run(
  { workloads, quick, runtime: choice }: Parameters<Benchmark>[0],
  onProgress: (line: string) => void,
): Promise<BenchResult> {
  const chosen = await chooseRuntime(choice, onProgress);
  const { result, runtime } =
    chosen === 'chromium'
      ? await runInChromium({ workloads, quick }, onProgress)
      : {
          result: await benchInNode({ workloads, quick }, chosen.gpu, onProgress),
          runtime: chosen.info,
        };
  return { ...result, runtime: { ...runtime, adapter: result.adapter?.description ?? null } };
}

async function runInChromium(
  options: BenchOptions,
  onProgress: (line: string) => void,
): Promise<Ran<BenchResult>> {
  onProgress('Opening the page');
  const { inPage } = await import('./headless');
  return inPage({}, 'bench.html', onProgress, async (page) => {
    await page.waitForFunction(() => 'benchHeadless' in globalThis);
    return page.evaluate((given) => globalThis.benchHeadless(given), options);
  });
}
