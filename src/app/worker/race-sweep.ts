/**
 * The sweep over sizes: a training step of a network with two hidden layers as wide as its input, on
 * WebGPU and on the CPU in turns, at each width and batch size. Both are checked before their times count.
 */

import { backendTraining } from '../../comparison/backend-training';
import type { Contender } from '../../comparison/contender';
import type { SweepPoint } from '../../comparison/crossover';
import { type Pace, SWEEP_PACE } from '../../comparison/measure';
import { measurePoints } from '../../comparison/run-points';
import { type SweepSizes, sweepWorkloads } from '../../comparison/sweep-workloads';
import type { Backend, BackendName, Problem } from '../../training/backend';

export const SWEEPS = {
  quick: { widths: [16, 64, 256], batches: [32, 256] },
  full: { widths: [16, 32, 64, 128, 256, 512], batches: [32, 256, 1024] },
} as const satisfies Record<string, SweepSizes>;
export type SweepName = keyof typeof SWEEPS;

export interface SweepProgress {
  readonly points: readonly SweepPoint[];
  /** Sizes that were left out, with the reason. */
  readonly skipped: readonly string[];
  readonly done: number;
  readonly total: number;
  /** Whether the adapter is a software one; nothing before WebGPU was open. */
  readonly isSoftware?: boolean;
}

interface SweepOptions {
  readonly sizes: SweepSizes;
  readonly open: (name: BackendName, problem: Problem) => Promise<Backend>;
  readonly onProgress: (progress: SweepProgress) => void;
  readonly now?: () => number;
}

/** Somebody waits: shorter than the benchmark's. */
const PACE: Pace = { ...SWEEP_PACE, roundMs: 60, warmUpMs: 60, longestStepMs: 1500 };

/** Measures every size. A size that cannot be had is named with its reason, and the sweep goes on. */
export async function runSweep(options: SweepOptions): Promise<SweepProgress> {
  const { sizes, open, onProgress, now } = options;
  const workloads = sweepWorkloads(sizes).map((workload) => ({
    ...workload,
    name: `width ${workload.width}, batch ${workload.batch}`,
  }));
  const total = workloads.length;
  let progress: SweepProgress = { points: [], skipped: [], done: 0, total };
  const report = (news: Partial<SweepProgress>) => {
    progress = { ...progress, ...news };
    onProgress(progress);
  };
  const skip = (reason: string) =>
    report({ skipped: [...progress.skipped, reason], done: progress.done + 1 });
  const contender = (name: BackendName): Contender => ({
    name,
    async prepare(problem) {
      const backend = await open(name, problem);
      const { isSoftware } = backend.info;
      if (name === 'webgpu') progress = { ...progress, isSoftware };
      return backendTraining(backend);
    },
  });
  const cpu = contender('cpu');
  const compared = [contender('webgpu'), cpu];
  report({});
  await measurePoints({
    ...{ points: workloads, contendersOf: () => compared, reference: contender('reference'), cpu },
    ...{ pace: PACE, skip, ...(now !== undefined && { now }) },
    keep({ name, contenders }, { width, batch }) {
      const refused = contenders.find(({ median_ms }) => median_ms === null);
      if (refused !== undefined) return skip(`${name}: ${refused.name} ${refused.check}`);
      const [webgpu, cpu] = contenders.map(({ median_ms }) => median_ms ?? Number.NaN);
      const points = [...progress.points, { width, batch, webgpu, cpu }];
      report({ points, done: progress.done + 1 });
    },
  });
  return progress;
}
