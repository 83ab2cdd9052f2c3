/** What `npm run bench` prints: machine, adapter, tables, and what they mean in sentences. */
import { sweepSentence } from '../bench/crossover';
import { type GrowthCurve, growthCurves, growthSentence } from '../bench/growth';
import { type BenchResult, describeAdapter, partsOf } from '../bench/results';
import { contenderRows, growthRows, sweepRows, type TimesRow } from '../bench/tables';
import type { WorkloadResult } from '../comparison/contender-result';
import { GROWTH, GROWTH_AXES } from '../comparison/growth-workloads';
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
  const { name, unit, title } = workload;
  const rows = contenderRows(workload).map(({ cells, checks: [{ check }] }) => [...cells, check]);
  const heading = ['contender', 'median', 'least', 'most', 'rounds', 'to webgpu', 'check'];
  return `${name}, ${unit}: ${title}\n${textTable([heading, ...rows])}`;
}

/** The curves of one axis beside each other, and a sentence on each. */
function growthTable(curves: readonly GrowthCurve[]): string[] {
  if (curves.length === 0) return [];
  const [{ axis, unit }] = curves;
  const heading = [axis, ...curves.map(({ contender }) => contender), 'check'];
  return [
    [
      `growth with ${axis}, ${unit}, medians: ${GROWTH[axis].title}`,
      textTable([heading, ...growthRows(curves).map(withRefusals)]),
      ...curves.flatMap((curve) => growthSentence(curve) ?? []),
    ].join('\n'),
  ];
}

function sweepTable(sweep: readonly WorkloadResult[]): string {
  const heading = ['size (width x batch)', 'webgpu', 'cpu', 'check'];
  const rows = sweepRows(sweep).map(withRefusals);
  return `sweep, ms per step, medians\n${textTable([heading, ...rows])}`;
}

/** The row's cells, and at its end who has no time, and why. */
function withRefusals({ cells, checks }: TimesRow): string[] {
  const refused = checks.filter(({ check }) => !check.startsWith('ok'));
  return [...cells, refused.map(({ name, check }) => `${name} ${check}`).join('; ') || 'ok'];
}
