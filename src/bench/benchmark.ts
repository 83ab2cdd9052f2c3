/** The whole benchmark in a page: machine, adapter, workloads, each contender in its worker. */

import type { WorkloadResult } from '../comparison/contender-result';
import { loadRows } from '../data/registry';
import { pageGpu } from '../session/page-device';
import { DEFAULTS } from '../training/configuration/fields';
import { describeMachine, findAdapter } from './machine';
import { RemoteContenders } from './remote-contenders';
import type { BenchResult } from './results';
import { type BenchOptions, runWorkloads } from './run';

interface BenchmarkHooks {
  readonly onProgress: (message: string) => void;
  /** Called with everything that has been measured so far, whenever there is more. */
  readonly onResult: (result: BenchResult) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs the benchmark.
 *
 * @throws the signal's reason where it is aborted
 */
export async function runBenchmark(
  options: BenchOptions,
  { onProgress, onResult, signal }: BenchmarkHooks,
): Promise<BenchResult> {
  const contenders = new RemoteContenders(signal);
  try {
    const machine = describeMachine();
    const adapter = await findAdapter(pageGpu);
    const soFar: WorkloadResult[] = [];
    const measured = await runWorkloads(options, {
      digits: await loadRows(DEFAULTS),
      contender: contenders.get,
      onProgress,
      onResult(result) {
        soFar.push(result);
        onResult({ machine, adapter, workloads: [...soFar], skipped: [] });
      },
      signal,
    });
    return { machine, adapter, ...measured };
  } finally {
    contenders.terminate();
  }
}
