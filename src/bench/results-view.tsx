/** What a run gave: machine and adapter, tables, charts, and sentences about them. */

import { Button } from '../app/components/button';
import { CrossoverChart } from '../app/components/crossover-chart';
import { ScrollRegion } from '../app/components/scroll-region';
import { download } from '../app/download';
import type { ContenderResult, WorkloadResult } from './contender-result';
import { sweepPoints, sweepSentence } from './crossover';
import { Growth } from './growth-view';
import type { PageState } from './page-state';
import {
  type BenchResult,
  describeAdapter,
  formatMilliseconds,
  formatRatio,
  partsOf,
  ratiosToWebGpu,
  toDocument,
} from './results';

export function Results({ state }: { readonly state: PageState }) {
  const result = state.result.value;
  if (result === null) return null;
  const { single, sweep, growth } = partsOf(result.workloads);
  return (
    <section aria-labelledby="results-title">
      <h2 id="results-title">Results</h2>
      <MachineFacts result={result} />
      {single.map((workload) => (
        <WorkloadTable key={workload.name} workload={workload} />
      ))}
      {sweep.length > 0 && <Sweep result={result} sweep={sweep} />}
      {growth.length > 0 && <Growth workloads={growth} />}
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

function WorkloadTable({ workload }: { readonly workload: WorkloadResult }) {
  const ratios = ratiosToWebGpu(workload);
  return (
    <ScrollRegion class="bench-table" label={`Times of ${workload.name}`}>
      <table class="data-table">
        <caption>
          <strong>{workload.name}</strong>, {workload.unit}. {workload.title}.
        </caption>
        <thead>
          <tr>
            <th scope="col">Contender</th>
            <th scope="col">Median</th>
            <th scope="col">Least</th>
            <th scope="col">Most</th>
            <th scope="col">Rounds</th>
            <th scope="col">To webgpu</th>
            <th scope="col" class="start">
              Check
            </th>
          </tr>
        </thead>
        <tbody>
          {workload.contenders.map((contender, index) => (
            <Row key={contender.name} contender={contender} ratio={ratios[index]} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

interface RowProps {
  readonly contender: ContenderResult;
  readonly ratio: number | null;
}

function Row({ contender, ratio }: RowProps) {
  const { name, median_ms, min_ms, max_ms, rounds, check, note } = contender;
  const isOk = check.startsWith('ok');
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <strong>{formatMilliseconds(median_ms)}</strong>
      </td>
      <td>{formatMilliseconds(min_ms)}</td>
      <td>{formatMilliseconds(max_ms)}</td>
      <td>{rounds}</td>
      <td>{formatRatio(ratio)}</td>
      <td class="start wrap bench-check">
        <span class={isOk ? 'is-right' : 'is-wrong'}>{isOk ? '✓' : '✗'}</span> {check}
        {note !== undefined && `; ${note}`}
      </td>
    </tr>
  );
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
      <CrossoverChart points={sweepPoints(sweep)} />
      <details class="disclosure">
        <summary>Every size as a table</summary>
        <ScrollRegion class="bench-table" label="Times of the sweep">
          <table class="data-table">
            <caption>Median, ms per step: width→width→width→10, relu, SGD.</caption>
            <thead>
              <tr>
                <th scope="col">Size</th>
                {['webgpu', 'cpu'].map((name) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
                <th scope="col" class="start">
                  Check
                </th>
              </tr>
            </thead>
            <tbody>
              {sweep.map(({ name, contenders }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {contenders.map((contender) => (
                    <td key={contender.name}>{formatMilliseconds(contender.median_ms)}</td>
                  ))}
                  <td class="start wrap bench-check">
                    {contenders.map(({ name: who, check }) => `${who} ${check}`).join('; ')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
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
