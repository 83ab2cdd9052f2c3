/** What `npm run bench` prints: machine, adapter, a table for each workload, and the sweep's sentence. */
import { crossoverSentence } from '../bench/crossover';
import {
  type BenchResult,
  describeAdapter,
  formatMilliseconds,
  formatRatio,
  ratiosToWebGpu,
  type WorkloadResult,
} from '../bench/results';

/** The report, ending in a line break. */
export function benchReport(result: BenchResult): string {
  const { machine, adapter, workloads, skipped } = result;
  const named = workloads.filter(({ width }) => width === undefined);
  const sweep = workloads.filter(({ width }) => width !== undefined);
  const sentence = crossoverSentence(result);
  const parts = [
    [
      `Machine: ${machine.os}, ${machine.cores} logical processors`,
      `Browser: ${machine.user_agent}`,
      `WebGPU adapter: ${describeAdapter(adapter)}`,
    ].join('\n'),
    ...named.map(workloadTable),
    ...(sweep.length > 0 ? [sweepTable(sweep)] : []),
    ...(skipped.length > 0 ? [`Left out: ${skipped.join('; ')}`] : []),
    ...(sentence === null ? [] : [sentence]),
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
  return `${workload.name}, ${workload.unit}: ${workload.title}\n${layOut([heading, ...rows])}`;
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
  return `sweep, ms per step, medians\n${layOut([heading, ...rows])}`;
}

/** Columns with two spaces between; all but the first and the last are aligned to the right. */
function layOut(rows: readonly (readonly string[])[]): string {
  const last = rows[0].length - 1;
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, column) => {
      if (column === last) return cell;
      return column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
    }),
  );
  return lines.map((cells) => cells.join('  ').trimEnd()).join('\n');
}
