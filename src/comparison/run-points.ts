/** Measures the same work at many sizes, as far as time and memory allow. */
import type { Contender } from './contender';
import type { WorkloadResult } from './contender-result';
import { type MeasureOptions, measureWorkload, type Pace } from './measure';
import { refusalOf } from './refusal';
import type { Workload } from './workload';

/** Above this the float64 reference would take longer than everything else: the CPU backend judges. */
const MOST_REFERENCE_OPERATIONS = 5e8;

interface PointsOptions<Point extends Workload>
  extends Pick<MeasureOptions, 'onProgress' | 'signal' | 'now'> {
  /** Small sizes come first. */
  readonly points: readonly Point[];
  readonly contendersOf: (point: Point) => readonly Contender[];
  readonly reference: Contender;
  /** Judges where the reference is too slow. */
  readonly cpu: Contender;
  readonly pace: Pace;
  /** Takes the result of each point as it comes. */
  readonly keep: (result: WorkloadResult, point: Point) => void;
  /** Takes the name of each size that is left out, with the reason. */
  readonly skip: (reason: string) => void;
}

/**
 * Measures at every size.
 *
 * @throws the signal's reason where it is aborted
 */
export async function measurePoints<Point extends Workload>(
  options: PointsOptions<Point>,
): Promise<void> {
  const { points, contendersOf, reference, cpu, pace, keep, skip, ...hooks } = options;
  /** Of all sizes so far the least time an operation: small sizes are slow by their launches alone. */
  let msPerOperation = 0;
  for (const point of points) {
    const { name, operations } = point;
    const expected = msPerOperation * operations;
    if (expected > pace.longestStepMs) {
      skip(`${name}: about ${(expected / 1000).toPrecision(2)} s a step`);
      continue;
    }
    const judge = operations <= MOST_REFERENCE_OPERATIONS ? reference : cpu;
    const contenders = contendersOf(point);
    let result: WorkloadResult;
    try {
      result = await measureWorkload({ ...hooks, workload: point, contenders, judge, pace });
    } catch (error) {
      // A size that this machine's memory does not hold ends its point, not the others.
      options.signal?.throwIfAborted();
      skip(`${name}: ${refusalOf(error)}`);
      continue;
    }
    keep(result, point);
    const slowest = Math.max(...result.contenders.map(({ min_ms }) => min_ms ?? 0));
    if (slowest === 0) continue;
    const rate = slowest / operations;
    msPerOperation = msPerOperation === 0 ? rate : Math.min(msPerOperation, rate);
  }
}
