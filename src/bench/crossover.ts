/** The sweep's points among a run's workloads, and the sentence about them. */

import { medianOf, type WorkloadResult } from '../comparison/contender-result';
import { crossoverSentence, type SweepPoint } from '../comparison/crossover';
import type { BenchResult } from './results';

/** The points at which both have a time. */
export function sweepPoints(workloads: readonly WorkloadResult[]): readonly SweepPoint[] {
  return workloads.flatMap((workload) => {
    const { width, batch } = workload;
    const [webgpu, cpu] = ['webgpu', 'cpu'].map((name) => medianOf(workload, name));
    if (width === undefined || batch === undefined || webgpu === null || cpu === null) return [];
    return [{ width, batch, webgpu, cpu }];
  });
}

/** The sweep in one sentence, or undefined where there was none. */
export function sweepSentence({
  adapter,
  workloads,
}: Pick<BenchResult, 'adapter' | 'workloads'>): string | undefined {
  return crossoverSentence(sweepPoints(workloads), adapter?.isSoftware);
}
