/** What `npm run bench` prints: machine, adapter, tables, and what they mean in sentences. */
import { sweepSentence } from '../bench/crossover';
import { type BenchResult, describeAdapter, partsOf } from '../bench/results';
import { contenderRows, SPLIT_COLUMNS, splitRows, splitSentence, sweepRows } from '../bench/tables';
import type { WorkloadResult } from '../comparison/contender-result';
import { textTable } from './text-table';
import { runtimeWords } from './train-report';

/** The report, ending in a line break. */
export function benchReport(result: BenchResult): string {
  const { machine, adapter, workloads, skipped, runtime } = result;
  const { single, sweep } = partsOf(workloads);
  const sentence = sweepSentence(result);
  const parts = [
    [
      `Machine: ${machine.os}, ${machine.cores} logical processors`,
      `${runtime?.name === 'dawn' ? 'Program' : 'Browser'}: ${machine.user_agent}`,
      `WebGPU adapter: ${describeAdapter(adapter)}`,
      ...(runtime === undefined ? [] : [`Runtime: ${runtimeWords(runtime)}`]),
    ].join('\n'),
    ...single.flatMap((workload) => [
      workloadTable(workload),
      ...splitTable(workload, adapter?.isSoftware ?? false),
    ]),
    ...(sweep.length > 0 ? [sweepTable(sweep)] : []),
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

/** Where the time goes, and what that means; nothing where no contender has a device. */
function splitTable(workload: WorkloadResult, isSoftware: boolean): readonly string[] {
  const rows = splitRows(workload);
  const sentence = splitSentence(workload, isSoftware);
  const heading = `${workload.name}, where the time goes, ${workload.unit}`;
  return [
    ...(rows.length === 0
      ? []
      : [`${heading}\n${textTable([['contender', ...SPLIT_COLUMNS], ...rows])}`]),
    ...(sentence === undefined ? [] : [sentence]),
  ];
}

function sweepTable(sweep: readonly WorkloadResult[]): string {
  const heading = ['size (width x batch)', 'webgpu', 'cpu', 'check'];
  // Who has no time, and why.
  const rows = sweepRows(sweep).map(({ cells, checks }) => {
    const refused = checks.filter(({ check }) => !check.startsWith('ok'));
    return [...cells, refused.map(({ name, check }) => `${name} ${check}`).join('; ') || 'ok'];
  });
  return `sweep, ms per step, medians\n${textTable([heading, ...rows])}`;
}
