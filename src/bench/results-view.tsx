/** What a run gave: machine and adapter, tables, charts, and sentences about them. */

import { Button } from '../app/components/button';
import { CrossoverChart } from '../app/components/crossover-chart';
import { DataTable } from '../app/components/data-table';
import { download } from '../app/download';
import type { WorkloadResult } from '../comparison/contender-result';
import { sweepPoints, sweepSentence } from './crossover';
import type { PageState } from './page-state';
import { type BenchResult, describeAdapter, partsOf, toDocument } from './results';
import { contenderRows, SPLIT_COLUMNS, splitRows, splitSentence, sweepRows } from './tables';

/** How a table says whether its numbers are right. */
const CHECK_COLUMN = { title: 'Check', class: 'start wrap bench-check' } as const;

export function Results({ state }: { readonly state: PageState }) {
  const result = state.result.value;
  if (result === null) return null;
  const { single, sweep } = partsOf(result.workloads);
  return (
    <section aria-labelledby="results-title">
      <h2 id="results-title">Results</h2>
      <MachineFacts result={result} />
      {single.map((workload) => (
        <WorkloadTable
          key={workload.name}
          workload={workload}
          isSoftware={result.adapter?.isSoftware ?? false}
        />
      ))}
      {sweep.length > 0 && <Sweep result={result} sweep={sweep} />}
      {result.skipped.length > 0 && <p class="source">Left out: {result.skipped.join('; ')}.</p>}
      <Export result={result} />
    </section>
  );
}

function MachineFacts({ result: { machine, adapter } }: { readonly result: BenchResult }) {
  return (
    <dl class="bench-machine">
      <dt>Machine</dt>
      <dd>
        {machine.os}, {machine.cores} logical processors
        {machine.cross_origin_isolated ? '' : '; no shared memory, so no threads in WebAssembly'}
      </dd>
      <dt>Browser</dt>
      <dd>{machine.user_agent}</dd>
      <dt>WebGPU adapter</dt>
      <dd>{describeAdapter(adapter)}</dd>
    </dl>
  );
}

interface WorkloadProps {
  readonly workload: WorkloadResult;
  readonly isSoftware: boolean;
}

function WorkloadTable({ workload, isSoftware }: WorkloadProps) {
  const splits = splitRows(workload);
  const sentence = splitSentence(workload, isSoftware);
  return (
    <>
      <DataTable
        label={`Times of ${workload.name}`}
        class="bench-table"
        caption={
          <>
            <strong>{workload.name}</strong>, {workload.unit}. {workload.title}.
          </>
        }
        columns={['Contender', 'Median', 'Least', 'Most', 'Rounds', 'To webgpu', CHECK_COLUMN]}
        rows={contenderRows(workload).map(
          ({ cells: [name, median, ...others], checks: [{ check }] }) => [
            name,
            <strong>{median}</strong>,
            ...others,
            <>
              <Mark isOk={check.startsWith('ok')} /> {check}
            </>,
          ],
        )}
      />
      {splits.length > 0 && (
        <DataTable
          label={`Where the time of ${workload.name} goes`}
          class="bench-table"
          caption={`Where the time goes, ${workload.unit}.`}
          columns={['Contender', ...SPLIT_COLUMNS.map(capitalized)]}
          rows={splits}
        />
      )}
      {sentence !== undefined && <p class="source">{sentence}</p>}
    </>
  );
}

function capitalized(words: string): string {
  return words[0].toUpperCase() + words.slice(1);
}

function Mark({ isOk }: { readonly isOk: boolean }) {
  return <span class={isOk ? 'is-right' : 'is-wrong'}>{isOk ? '✓' : '✗'}</span>;
}

interface SweepProps {
  readonly result: BenchResult;
  readonly sweep: readonly WorkloadResult[];
}

function Sweep({ result, sweep }: SweepProps) {
  const sentence = sweepSentence(result);
  return (
    <section>
      <h3>Where WebGPU passes the CPU</h3>
      {sentence !== undefined && <p class="bench-sentence">{sentence}</p>}
      <CrossoverChart points={sweepPoints(sweep)}>
        <DataTable
          label="Times of the sweep"
          class="bench-table"
          caption="Median, ms per step: width→width→width→10, relu, SGD."
          columns={['Size', 'webgpu', 'cpu', CHECK_COLUMN]}
          rows={sweepRows(sweep).map(({ cells, checks }) => [
            ...cells,
            checks.map(({ name, check }) => `${name} ${check}`).join('; '),
          ])}
        />
      </CrossoverChart>
    </section>
  );
}

function Export({ result }: { readonly result: BenchResult }) {
  const json = () => JSON.stringify(toDocument(result), null, 2);
  return (
    <div class="bench-buttons">
      <Button onPress={() => void navigator.clipboard.writeText(json())}>Copy JSON</Button>
      <Button onPress={() => download('shaderprop-benchmark.json', 'application/json', json())}>
        Download JSON
      </Button>
    </div>
  );
}
