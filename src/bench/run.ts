/** A whole run: the chosen workloads one after the other, then the sweep as far as time allows. */
import type { Contender } from '../comparison/contender';
import type { WorkloadResult } from '../comparison/contender-result';
import {
  FULL_PACE,
  type MeasureOptions,
  measureWorkload,
  QUICK_PACE,
  SWEEP_PACE,
} from '../comparison/measure';
import { measurePoints } from '../comparison/run-points';
import { sweepWorkloads } from '../comparison/sweep-workloads';
import type { Rows } from '../data/dataset';
import { CONTENDER_NAMES, type ContenderName } from './contenders';
import type { BenchResult } from './results';
import { FULL_SWEEP, namedWorkload, QUICK_SWEEP, type WorkloadName } from './workloads';

export interface BenchOptions {
  readonly workloads: readonly WorkloadName[];
  /** Fewer and shorter rounds, fewer sizes. */
  readonly quick: boolean;
}

export interface BenchHooks extends Pick<MeasureOptions, 'onProgress' | 'signal' | 'now'> {
  readonly digits: Rows;
  readonly contender: (name: ContenderName) => Contender;
  /** Who can take part here; by default all. */
  readonly names?: readonly ContenderName[];
  /** Who else takes part in all but the sweep. */
  readonly others?: readonly Contender[];
  /** Called with each workload's result as it comes. */
  readonly onResult?: (result: WorkloadResult) => void;
}

/** Take what was measured, and what was left out. */
interface Findings {
  readonly keep: (result: WorkloadResult) => void;
  readonly skip: (reason: string) => void;
}

/**
 * Measures the chosen workloads.
 *
 * @throws the signal's reason where it is aborted
 */
export async function runWorkloads(
  options: BenchOptions,
  hooks: BenchHooks,
): Promise<Pick<BenchResult, 'workloads' | 'skipped'>> {
  const { names = CONTENDER_NAMES, others = [] } = hooks;
  const pace = options.quick ? QUICK_PACE : FULL_PACE;
  const workloads: WorkloadResult[] = [];
  const skipped: string[] = [];
  const findings: Findings = {
    keep(result) {
      workloads.push(result);
      hooks.onResult?.(result);
    },
    skip: (reason) => skipped.push(reason),
  };
  for (const name of options.workloads) {
    if (name === 'sweep') {
      await runSweep(options, hooks, findings);
      continue;
    }
    const contenders = [...names.map((contender) => hooks.contender(contender)), ...others];
    const workload = namedWorkload(name, hooks.digits);
    const judge = hooks.contender('reference');
    findings.keep(
      await measureWorkload({ ...hooks, workload, contenders, judge, pace, splitsTime: true }),
    );
  }
  return { workloads, skipped };
}

/** WebGPU and the CPU at every width and batch size. */
function runSweep({ quick }: BenchOptions, hooks: BenchHooks, findings: Findings) {
  const [webgpu, cpu, reference] = (['webgpu', 'cpu', 'reference'] as const).map(hooks.contender);
  return measurePoints({
    ...hooks,
    ...findings,
    ...{ reference, cpu },
    points: sweepWorkloads(quick ? QUICK_SWEEP : FULL_SWEEP),
    contendersOf: () => [webgpu, cpu],
    pace: quick ? QUICK_PACE : SWEEP_PACE,
  });
}
