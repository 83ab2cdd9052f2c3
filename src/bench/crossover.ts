/** The sweep's points among a run's workloads, and the sentence about them. */

import type { WorkloadResult } from '../comparison/contender-result';
import { crossoverSentence, type SweepPoint } from '../comparison/crossover';
import type { BenchResult } from './results';

/** The points at which both have a time. */
export function sweepPoints(workloads: readonly WorkloadResult[]): readonly SweepPoint[] {
  return workloads.flatMap(({ width, batch, contenders }) => {
    const time = (wanted: string) =>
      contenders.find(({ name }) => name === wanted)?.median_ms ?? null;
    const webgpu = time('webgpu');
    const cpu = time('cpu');
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
