/** What `npm run bench` prints: machine, adapter, a table for each workload, and the sweep's sentence. */
import { sweepSentence } from '../bench/crossover';
import {
  type BenchResult,
  describeAdapter,
  formatMilliseconds,
  formatRatio,
  ratiosToWebGpu,
  type WorkloadResult,
} from '../bench/results';
import { textTable } from './text-table';

/** The report, ending in a line break. */
export function benchReport(result: BenchResult): string {
  const { machine, adapter, workloads, skipped } = result;
  const named = workloads.filter(({ width }) => width === undefined);
  const sweep = workloads.filter(({ width }) => width !== undefined);
  const sentence = sweepSentence(result);
  const parts = [
    [
      `Machine: ${machine.os}, ${machine.cores} logical processors`,
      `Browser: ${machine.user_agent}`,
      `WebGPU adapter: ${describeAdapter(adapter)}`,
    ].join('\n'),
    ...named.map(workloadTable),
    ...(sweep.length > 0 ? [sweepTable(sweep)] : []),
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
