/** A whole run: the chosen workloads one after the other, then sweep and growth as far as time allows. */
import type { Rows } from '../data/dataset';
import { CONTENDER_NAMES, type Contender, type ContenderName } from './contender';
import type { WorkloadResult } from './contender-result';
import { FULL_GROWTH, GROWTH_AXES, growthWorkload, QUICK_GROWTH } from './growth-workloads';
import { FULL_PACE, GROWTH_PACE, measureWorkload, QUICK_PACE, SWEEP_PACE } from './measure';
import type { BenchResult } from './results';
import { measurePoints } from './run-points';
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
  readonly digits: Rows;
  readonly contender: (name: ContenderName) => Contender;
  readonly onProgress?: (message: string) => void;
  /** Called with each workload's result as it comes. */
  readonly onResult?: (result: WorkloadResult) => void;
  readonly signal?: AbortSignal;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

type Keep = (result: WorkloadResult) => void;

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
  const keep: Keep = (result) => {
    workloads.push(result);
    hooks.onResult?.(result);
  };
  for (const name of options.workloads) {
    if (name === 'sweep' || name === 'growth') {
      const run = name === 'sweep' ? runSweep : runGrowth;
      skipped.push(...(await run(options, hooks, keep)));
      continue;
    }
    const contenders = CONTENDER_NAMES.map((contender) => hooks.contender(contender));
    const workload = namedWorkload(name, hooks.digits);
    const judge = contenders[CONTENDER_NAMES.indexOf('reference')];
    keep(await measureWorkload({ ...hooks, workload, contenders, judge, pace }));
  }
  return { workloads, skipped };
}

/** WebGPU and the CPU at every width and batch size; gives the sizes that were left out. */
function runSweep({ quick }: BenchOptions, hooks: BenchHooks, keep: Keep) {
  const [webgpu, cpu, reference] = (['webgpu', 'cpu', 'reference'] as const).map(hooks.contender);
  return measurePoints({
    ...hooks,
    ...{ reference, cpu },
    points: sweepWorkloads(quick ? QUICK_SWEEP : FULL_SWEEP),
    contendersOf: () => [webgpu, cpu],
    pace: quick ? QUICK_PACE : SWEEP_PACE,
    keep: (result, { width, batch }) => keep({ ...result, width, batch }),
  });
}

/** Above this many operations an epoch the reference takes no part in the growth. */
const MOST_GROWTH_REFERENCE_OPERATIONS = 2e8;

/**
 * How the time grows along each axis; gives the sizes that were left out. WebGPU is held to the
 * schedule layered, which takes every size: the curve is then that of one program, not of a choice.
 */
async function runGrowth({ quick }: BenchOptions, hooks: BenchHooks, keep: Keep) {
  const [webgpu, cpu, reference] = (['webgpu-layered', 'cpu', 'reference'] as const).map(
    hooks.contender,
  );
  const sizes = quick ? QUICK_GROWTH : FULL_GROWTH;
  const skipped: string[] = [];
  for (const axis of GROWTH_AXES) {
    const points = sizes[axis].map((size) => growthWorkload(axis, size));
    const leftOut = await measurePoints({
      ...hooks,
      ...{ points, reference, cpu },
      contendersOf: ({ operations }) =>
        operations <= MOST_GROWTH_REFERENCE_OPERATIONS ? [webgpu, cpu, reference] : [webgpu, cpu],
      pace: quick ? QUICK_PACE : GROWTH_PACE,
      keep: (result, { growth }) => keep({ ...result, growth }),
    });
    skipped.push(...leftOut);
  }
  return skipped;
}
