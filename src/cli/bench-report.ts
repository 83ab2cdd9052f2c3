/** What `npm run bench` prints: machine, adapter, tables, and what they mean in sentences. */

import { sweepSentence } from '../bench/crossover';
import { type GrowthCurve, growthCurves, growthSentence } from '../bench/growth';
import {
  type BenchResult,
  describeAdapter,
  formatMilliseconds,
  formatRatio,
  partsOf,
  ratiosToWebGpu,
} from '../bench/results';
import type { WorkloadResult } from '../comparison/contender-result';
import { GROWTH_AXES, GROWTH_TITLES } from '../comparison/growth-workloads';
import { textTable } from './text-table';

/** The report, ending in a line break. */
export function benchReport(result: BenchResult): string {
  const { machine, adapter, workloads, skipped } = result;
  const { single, sweep, growth } = partsOf(workloads);
  const curves = growthCurves(growth);
  const sentence = sweepSentence(result);
  const parts = [
    [
      `Machine: ${machine.os}, ${machine.cores} logical processors`,
      `Browser: ${machine.user_agent}`,
      `WebGPU adapter: ${describeAdapter(adapter)}`,
    ].join('\n'),
    ...single.map(workloadTable),
    ...(sweep.length > 0 ? [sweepTable(sweep)] : []),
    ...GROWTH_AXES.flatMap((axis) => growthTable(curves.filter((curve) => curve.axis === axis))),
    ...(skipped.length > 0 ? [`Left out: ${skipped.join('; ')}`] : []),
    ...(sentence === undefined ? [] : [sentence]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function workloadTable(workload: WorkloadResult): string {
  const ratios = ratiosToWebGpu(workload);
  const rows = workload.contenders.map((contender, index) => {
    const { name, median_ms, min_ms, max_ms, rounds, check, note } = contender;
    const times = [median_ms, min_ms, max_ms].map(formatMilliseconds);
    const remark = note === undefined ? check : `${check}; ${note}`;
    return [name, ...times, `${rounds}`, formatRatio(ratios[index]), remark];
  });
  const heading = ['contender', 'median', 'least', 'most', 'rounds', 'to webgpu', 'check'];
  return `${workload.name}, ${workload.unit}: ${workload.title}\n${textTable([heading, ...rows])}`;
}

/** The curves of one axis beside each other, and a sentence on each. */
function growthTable(curves: readonly GrowthCurve[]): string[] {
  if (curves.length === 0) return [];
  const [{ axis, unit }] = curves;
  const sizes = [...new Set(curves.flatMap(({ points }) => points.map(({ size }) => size)))];
  const rows = sizes
    .sort((a, b) => a - b)
    .map((size) => {
      const found = curves.map(({ points }) => points.find((point) => point.size === size));
      const refused = curves.flatMap(({ contender }, index) => {
        const check = found[index]?.check ?? 'ok';
        return check.startsWith('ok') ? [] : [`${contender} ${check}`];
      });
      const times = found.map((point) => formatMilliseconds(point?.median_ms ?? null));
      return [size.toLocaleString('en'), ...times, refused.join('; ') || 'ok'];
    });
  const heading = [axis, ...curves.map(({ contender }) => contender), 'check'];
  return [
    [
      `growth with ${axis}, ${unit}, medians: ${GROWTH_TITLES[axis]}`,
      textTable([heading, ...rows]),
      ...curves.flatMap((curve) => growthSentence(curve) ?? []),
    ].join('\n'),
  ];
}

function sweepTable(sweep: readonly WorkloadResult[]): string {
  const rows = sweep.map(({ name, contenders }) => {
    const time = (wanted: string) =>
      formatMilliseconds(contenders.find((one) => one.name === wanted)?.median_ms ?? null);
    const refused = contenders.filter(({ check }) => !check.startsWith('ok'));
    const remark = refused.map((one) => `${one.name} ${one.check}`).join('; ') || 'ok';
    return [name, time('webgpu'), time('cpu'), remark];
  });
  const heading = ['size (width x batch)', 'webgpu', 'cpu', 'check'];
  return `sweep, ms per step, medians\n${textTable([heading, ...rows])}`;
}
