/** A whole run: the chosen workloads one after the other, and the sweep as far as time allows. */
import { CONTENDER_NAMES, type Contender, type ContenderName } from './contender';
import { FULL_PACE, measureWorkload, QUICK_PACE, SWEEP_PACE } from './measure';
import { refusalOf } from './refusal';
import type { BenchResult, WorkloadResult } from './results';
import {
  FULL_SWEEP,
  namedWorkload,
  QUICK_SWEEP,
  sweepWorkloads,
  type WorkloadName,
} from './workloads';

export interface BenchOptions {
  readonly workloads: readonly WorkloadName[];
  /** Fewer and shorter rounds, fewer sizes. */
  readonly quick: boolean;
}

export interface BenchHooks {
  /** The text of the digits CSV. */
  readonly digits: string;
  readonly contender: (name: ContenderName) => Contender;
  readonly onProgress?: (message: string) => void;
  /** Called with each workload's result as it comes. */
  readonly onResult?: (result: WorkloadResult) => void;
  readonly signal?: AbortSignal;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** Above this the float64 reference would take longer than everything else: the CPU backend judges. */
const MOST_REFERENCE_OPERATIONS = 5e8;

/**
 * Measures the chosen workloads.
 *
 * @throws the signal's reason where it is aborted
 */
export async function runWorkloads(
  options: BenchOptions,
  hooks: BenchHooks,
): Promise<Pick<BenchResult, 'workloads' | 'skipped'>> {
  const pace = options.quick ? QUICK_PACE : FULL_PACE;
  const workloads: WorkloadResult[] = [];
  const skipped: string[] = [];
  const keep = (result: WorkloadResult) => {
    workloads.push(result);
    hooks.onResult?.(result);
  };
  for (const name of options.workloads) {
    if (name === 'sweep') {
      skipped.push(...(await runSweep(options, hooks, keep)));
      continue;
    }
    const contenders = CONTENDER_NAMES.map((contender) => hooks.contender(contender));
    const workload = namedWorkload(name, hooks.digits);
    const judge = contenders[CONTENDER_NAMES.indexOf('reference')];
    keep(await measureWorkload({ ...hooks, workload, contenders, judge, pace }));
  }
  return { workloads, skipped };
}

/** Measures WebGPU and the CPU at every size; gives the sizes that were left out. */
async function runSweep(
  { quick }: BenchOptions,
  hooks: BenchHooks,
  keep: (result: WorkloadResult) => void,
): Promise<readonly string[]> {
  const [webgpu, cpu, reference] = (['webgpu', 'cpu', 'reference'] as const).map(hooks.contender);
  const pace = quick ? QUICK_PACE : SWEEP_PACE;
  const skipped: string[] = [];
  /** Of all sizes so far the least time an operation: small sizes are slow by their launches alone. */
  let msPerOperation = 0;
  for (const workload of sweepWorkloads(quick ? QUICK_SWEEP : FULL_SWEEP)) {
    const { width, batch, operations } = workload;
    const expected = msPerOperation * operations;
    if (expected > pace.longestStepMs) {
      skipped.push(`${workload.name}: about ${(expected / 1000).toPrecision(2)} s a step`);
      continue;
    }
    const judge = operations <= MOST_REFERENCE_OPERATIONS ? reference : cpu;
    let result: WorkloadResult;
    try {
      result = await measureWorkload({
        ...hooks,
        workload,
        contenders: [webgpu, cpu],
        judge,
        pace,
      });
    } catch (error) {
      // A size that this machine's memory does not hold ends its point, not the sweep.
      if (hooks.signal?.aborted) throw error;
      skipped.push(`${workload.name}: ${refusalOf(error)}`);
      continue;
    }
    keep({ ...result, width, batch });
    const slowest = Math.max(...result.contenders.map(({ min_ms }) => min_ms ?? 0));
    if (slowest === 0) continue;
    const rate = slowest / operations;
    msPerOperation = msPerOperation === 0 ? rate : Math.min(msPerOperation, rate);
  }
  return skipped;
}
