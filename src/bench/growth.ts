/** How the time of an epoch grows with samples, width and depth: the points measured, and their power. */

import type { ContenderResult, WorkloadResult } from '../comparison/contender-result';
import { GROWTH, GROWTH_AXES } from '../comparison/growth-workloads';
import { fitExponent, type SizedValue, upperHalf } from '../comparison/power-law';
import type { GrowthAxis, Unit } from '../comparison/workload';
import { CONTENDER_NAMES } from './contenders';

/** A size and what a contender took there; null where no time counts, and `check` says why. */
interface GrowthPoint extends Omit<ContenderResult, 'name' | 'note'> {
  readonly size: number;
}

/** One contender along one axis. */
export interface GrowthCurve {
  readonly axis: GrowthAxis;
  readonly contender: string;
  readonly unit: Unit;
  /** Sizes ascending. */
  readonly points: readonly GrowthPoint[];
  /**
   * Power of the size that the time grows with over the upper half of the sizes, where what an epoch
   * costs at any size no longer rules; null with fewer than two times.
   */
  readonly exponent: number | null;
  /** The least of the sizes that `exponent` is fitted to. */
  readonly exponent_from_size: number | null;
  /** The same over all sizes. */
  readonly overall_exponent: number | null;
  /** Power that the operations grow with over the sizes of `exponent`: what the arithmetic alone gives. */
  readonly operations_exponent: number | null;
}

/** The curves of a run, by axis and then by contender. */
export function growthCurves(workloads: readonly WorkloadResult[]): readonly GrowthCurve[] {
  return GROWTH_AXES.flatMap((axis) =>
    CONTENDER_NAMES.flatMap((contender) => {
      const curve = curveOf(axis, contender, workloads);
      return curve === null ? [] : [curve];
    }),
  );
}

function curveOf(
  axis: GrowthAxis,
  contender: string,
  workloads: readonly WorkloadResult[],
): GrowthCurve | null {
  const found = workloads
    .flatMap(({ growth, unit, contenders }) => {
      const result = contenders.find(({ name }) => name === contender);
      return growth?.axis === axis && result !== undefined ? [{ growth, unit, result }] : [];
    })
    .sort((a, b) => a.growth.size - b.growth.size);
  if (found.length === 0) return null;
  const timed = found.flatMap(({ growth: { size, operations }, result: { median_ms } }) =>
    median_ms === null ? [] : [{ size, operations, value: median_ms }],
  );
  const upper = upperHalf(timed);
  const exponent = fitExponent(upper);
  return {
    axis,
    contender,
    unit: found[0].unit,
    points: found.map(({ growth: { size }, result: { name: _, note: __, ...times } }) => ({
      size,
      ...times,
    })),
    exponent,
    exponent_from_size: exponent === null ? null : upper[0].size,
    overall_exponent: fitExponent(timed),
    operations_exponent: fitExponent(
      upper.map(({ size, operations }): SizedValue => ({ size, value: operations })),
    ),
  };
}

/** A curve's power in one sentence, or undefined where it has none. */
export function growthSentence(curve: GrowthCurve): string | undefined {
  const { axis, contender, exponent, exponent_from_size: from } = curve;
  const { overall_exponent: overall, operations_exponent: operations } = curve;
  if (exponent === null || from === null || overall === null || operations === null) return;
  const { at, quantity } = GROWTH[axis];
  const start = at(from.toLocaleString('en'));
  const power = `the power ${exponent.toFixed(2)} of the ${quantity}`;
  return `From ${start} on, the time of an epoch on ${contender} grows with ${power}; over all sizes ${overall.toFixed(2)}, and by the operations alone it would be ${operations.toFixed(2)}.`;
}
