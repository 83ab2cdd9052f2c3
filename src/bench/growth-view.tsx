/** How the time grows with samples, width and depth: a chart, a sentence for each curve, a table. */

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { COMPARED } from '../app/components/crossover-chart';
import { DataTable } from '../app/components/data-table';
import type { Drawing } from '../app/components/drawing';
import { LineChart } from '../app/components/line-chart';
import type { WorkloadResult } from '../comparison/contender-result';
import { GROWTH, GROWTH_AXES } from '../comparison/growth-workloads';
import type { GrowthAxis } from '../comparison/workload';
import { type GrowthCurve, growthCurves, growthSentence } from './growth';
import { growthRows, sizesOf, type TimesRow } from './tables';

/** How a table says whether its numbers are right. */
export const CHECK_COLUMN = { title: 'Check', class: 'start wrap bench-check' } as const;

/** A row's cells, and at its end every check. */
export function withChecks({ cells, checks }: TimesRow): string[] {
  return [...cells, checks.map(({ name, check }) => `${name} ${check}`).join('; ')];
}

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
  const rows = growthRows(curves);
  const numbers = curves.map(({ contender }, index) => {
    const times = rows.map(({ cells: [size, ...medians] }) => `${size}: ${medians[index]}`);
    return `${contender}: ${times.join(', ')}`;
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
          caption={`Median, ms per epoch: ${GROWTH[axis].title}.`}
          columns={[axis, ...curves.map(({ contender }) => contender), CHECK_COLUMN]}
          rows={rows.map(withChecks)}
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
    x: { title: GROWTH[axis].label, isLogarithmic: true, ticks: sizesOf(curves) },
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
