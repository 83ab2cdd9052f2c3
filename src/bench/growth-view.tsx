/** How the time grows with samples, width and depth: a chart, a sentence for each curve, a table. */

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { COMPARED } from '../app/components/crossover-chart';
import { DataTable } from '../app/components/data-table';
import { type Drawing, LineChart } from '../app/components/line-chart';
import type { WorkloadResult } from '../comparison/contender-result';
import { GROWTH_AXES, GROWTH_TITLES, type GrowthAxis } from '../comparison/growth-workloads';
import { type GrowthCurve, growthCurves, growthSentence } from './growth';
import { formatMilliseconds } from './results';

const AXIS_TITLES = {
  samples: 'Samples',
  width: 'Width of the layers (units)',
  depth: 'Hidden layers',
} as const satisfies Record<GrowthAxis, string>;

/** How a table says whether its numbers are right. */
export const CHECK_COLUMN = { title: 'Check', class: 'start wrap bench-check' } as const;

/** As in the chart of the sweep; the reference is beside the two that are compared. */
const STYLES = [
  { ...COMPARED.webgpu, contender: 'webgpu-layered', label: 'WebGPU, layered' },
  { ...COMPARED.cpu, contender: 'cpu' },
  { ...COMPARED.reference, contender: 'reference' },
] as const;

export function Growth({ workloads }: { readonly workloads: readonly WorkloadResult[] }) {
  const curves = growthCurves(workloads);
  return (
    <section>
      <h3>How the time grows</h3>
      <p class="bench-sentence">
        One size grows and all others stay. WebGPU is held to the schedule layered, so that a curve
        is that of one program. The power is the slope on logarithmic axes over the larger half of
        the sizes; smaller ones take what an epoch costs at any size.
      </p>
      {GROWTH_AXES.map((axis) => {
        const along = curves.filter((curve) => curve.axis === axis);
        return along.length > 0 && <Axis key={axis} axis={axis} curves={along} />;
      })}
    </section>
  );
}

interface AxisProps {
  readonly axis: GrowthAxis;
  readonly curves: readonly GrowthCurve[];
}

function Axis({ axis, curves }: AxisProps) {
  const drawn = useSignal<readonly GrowthCurve[]>([]);
  drawn.value = curves;
  const draw = useMemo(() => () => drawingOf(axis, drawn.value), [axis, drawn]);
  const sizes = sizesOf(curves);
  const numbers = curves.map((curve) => {
    const times = sizes.map((size) => `${size}: ${formatMilliseconds(timeOf(curve, size))}`);
    return `${curve.contender}: ${times.join(', ')}`;
  });
  return (
    <>
      <LineChart
        title={`Time of an epoch with growing ${axis}`}
        description={`Milliseconds per epoch with growing ${axis}. ${numbers.join('; ')}`}
        draw={draw}
      >
        <DataTable
          label={`Times with growing ${axis}`}
          class="bench-table"
          caption={`Median, ms per epoch: ${GROWTH_TITLES[axis]}.`}
          columns={[axis, ...curves.map(({ contender }) => contender), CHECK_COLUMN]}
          rows={sizes.map((size) => [
            size.toLocaleString('en'),
            ...curves.map((curve) => formatMilliseconds(timeOf(curve, size))),
            checksAt(curves, size),
          ])}
        />
      </LineChart>
      <ul class="bench-sentence">
        {curves.map((curve) => {
          const sentence = growthSentence(curve);
          return sentence !== undefined && <li key={curve.contender}>{sentence}</li>;
        })}
      </ul>
    </>
  );
}

function drawingOf(axis: GrowthAxis, curves: readonly GrowthCurve[]): Drawing {
  return {
    x: { title: AXIS_TITLES[axis], isLogarithmic: true, ticks: sizesOf(curves) },
    y: { title: 'Time per epoch (ms)', isLogarithmic: true },
    series: STYLES.flatMap(({ contender, ...style }) => {
      const curve = curves.find((candidate) => candidate.contender === contender);
      if (curve === undefined) return [];
      const points = curve.points.flatMap(({ size, median_ms }) =>
        median_ms === null ? [] : [{ x: size, y: median_ms }],
      );
      return [{ ...style, points }];
    }),
  };
}

function sizesOf(curves: readonly GrowthCurve[]): readonly number[] {
  const sizes = new Set(curves.flatMap(({ points }) => points.map(({ size }) => size)));
  return [...sizes].sort((a, b) => a - b);
}

function timeOf({ points }: GrowthCurve, at: number): number | null {
  return points.find(({ size }) => size === at)?.median_ms ?? null;
}

function checksAt(curves: readonly GrowthCurve[], size: number): string {
  return curves
    .flatMap(({ contender, points }) => {
      const point = points.find((candidate) => candidate.size === size);
      return point === undefined ? [] : [`${contender} ${point.check}`];
    })
    .join('; ');
}
