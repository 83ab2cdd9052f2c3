/** The sweep: from which size on the GPU is faster than the CPU on this machine. */
import { useState } from 'preact/hooks';
import { Button } from '../../../components/button';
import { CrossoverChart } from '../../../components/crossover-chart';
import { DataTable } from '../../../components/data-table';
import { Select } from '../../../components/select';
import { duration, integer } from '../../../state/format';
import { useStore } from '../../../state/store-context';
import { SWEEPS, type SweepName, type SweepProgress } from '../../../worker/race-sweep';
import { PausedRun } from './paused-run';
import { activity, broken, cancel, pauseRun, startSweep, sweepProgress } from './race-state';
import { sweepSentence } from './verdict';

const TITLES: Readonly<Record<SweepName, string>> = { quick: 'a few sizes', full: 'all sizes' };
const SIZES = Object.keys(TITLES) as readonly SweepName[];

export function Sweep() {
  const store = useStore();
  const [sizes, setSizes] = useState<SweepName>('quick');
  const progress = sweepProgress.value;
  const isSweeping = activity.value === 'sweep';
  const { widths, batches } = SWEEPS[sizes];
  return (
    <section aria-labelledby="sweep-heading">
      <h2 id="sweep-heading">Where the GPU passes the CPU</h2>
      <p class="race-lead">
        Small networks suit the CPU: a dispatch costs more than the arithmetic in it. A sweep over
        networks of three layers, widths {widths[0]} to {widths[widths.length - 1]} and batches of{' '}
        {batches.join(', ')}, finds where this machine turns.
      </p>
      <div class="race-controls">
        <div class="race-choice">
          <label for="sweep-sizes">Sizes</label>
          <Select
            id="sweep-sizes"
            disabled={isSweeping}
            choices={SIZES}
            titleOf={(name) => TITLES[name]}
            chosen={sizes}
            onChoose={setSizes}
          />
        </div>
        {isSweeping ? (
          <Button onPress={cancel}>Cancel</Button>
        ) : (
          <Button
            isDisabled={activity.value !== undefined}
            onPress={async () => {
              await pauseRun(store);
              await startSweep(sizes);
            }}
          >
            Sweep
          </Button>
        )}
        {progress !== undefined && (
          <progress
            class="sweep-bar"
            max={progress.total}
            value={progress.done}
            aria-label="Sizes measured"
          />
        )}
      </div>
      <output class="race-status">
        {isSweeping && progress !== undefined && `${progress.done} of ${progress.total} sizes…`}
        {!isSweeping && broken.value.sweep}
      </output>
      {isSweeping && <PausedRun />}
      {progress !== undefined && <Findings progress={progress} />}
    </section>
  );
}

function Findings({ progress }: { readonly progress: SweepProgress }) {
  const { points, skipped } = progress;
  const sentence = sweepSentence(progress);
  return (
    <>
      {sentence !== undefined && <p class="race-speed">{sentence}</p>}
      {points.length > 0 && (
        <CrossoverChart points={points}>
          <DataTable
            label="The sweep as a table"
            columns={['Width', 'Batch', 'WebGPU, a step', 'CPU, a step']}
            rows={points.map(({ width, batch, webgpu, cpu }) => [
              ...[width, batch].map(integer),
              ...[webgpu, cpu].map(duration),
            ])}
          />
        </CrossoverChart>
      )}
      {skipped.length > 0 && <p class="source">Left out: {skipped.join('; ')}.</p>}
    </>
  );
}
