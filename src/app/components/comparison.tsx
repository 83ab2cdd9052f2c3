/** The backends side by side: who computed, how long it took, and how far apart the results are. */

import type { BackendName } from '../../training/backend';
import { compareHistories } from '../state/compare';
import { count, duration, integer, NOT_MEASURED } from '../state/format';
import { backendTitle } from '../state/names';
import type { Run } from '../state/run';
import { isSameConfiguration } from '../state/settings';
import { useStore } from '../state/store-context';
import { Button } from './button';
import { DataTable } from './data-table';
import { Scientific } from './scientific';

const COMPARED = ['webgpu', 'reference'] as const satisfies readonly BackendName[];

export function Comparison() {
  const store = useStore();
  const runs = COMPARED.map((name) => store.runs.value[name]);
  return (
    <>
      <DataTable
        label="Times of WebGPU and the reference"
        class="wide"
        caption="Wall time of training on each backend; setup is adapter, compilation, upload."
        columns={[
          'Backend',
          'Epochs',
          'Setup',
          'Training',
          'Per epoch',
          { title: 'Adapter', class: 'start' },
        ]}
        rows={COMPARED.map((name, index) => cellsOf(name, runs[index]))}
      />
      <Verdict runs={runs} />
    </>
  );
}

function cellsOf(name: BackendName, run: Run | undefined): string[] {
  const title = backendTitle(name);
  if (run === undefined) return [title, '–', '–', '–', '–', '–'];
  const setup = duration(run.setupMilliseconds);
  const adapter = `${run.info.adapter}, ${run.info.precision}`;
  const epochs = run.history.length;
  if (epochs === 0) return [title, '–', setup, '–', '–', adapter];
  const milliseconds = run.trainMilliseconds.value;
  const perEpoch = run.history.perEpoch(milliseconds);
  const times = [
    run.history.unmeasured > 0 ? NOT_MEASURED : duration(milliseconds),
    perEpoch === undefined ? NOT_MEASURED : duration(perEpoch),
  ];
  return [title, integer(epochs), setup, ...times, adapter];
}

function Verdict({ runs }: { readonly runs: readonly (Run | undefined)[] }) {
  const store = useStore();
  const missing = COMPARED.find((_, index) => (runs[index]?.history.length ?? 0) === 0);
  const [first, second] = runs;
  if (missing !== undefined || first === undefined || second === undefined) {
    const name = missing ?? 'webgpu';
    return (
      <Button
        isDisabled={store.run.value === undefined || store.run.value.isBusy}
        onPress={async () => {
          await store.select(name);
          if (store.backend.value === name) await store.start();
        }}
      >
        Train on {name === 'reference' ? 'the reference' : backendTitle(name)}
      </Button>
    );
  }
  if (first.isBusy || second.isBusy) return <p class="source">Compared when training stops.</p>;
  if (!isSameConfiguration(first.configuration, second.configuration)) {
    return <p class="source">The two ran with different settings; reset one to compare them.</p>;
  }
  const { epochs, loss, accuracy } = compareHistories(first.history, second.history);
  return (
    <div>
      <p>
        {sentenceOf(first, second)} Over {count(epochs, 'epoch')} the two histories differ by at
        most{' '}
        <strong>
          <Scientific value={loss} />
        </strong>{' '}
        in loss and{' '}
        <strong>
          <Scientific value={accuracy} />
        </strong>{' '}
        in accuracy.
      </p>
      {[first, second].some((run) => run.info.isSoftware) && (
        <p class="source">
          The adapter is a software one: it runs the kernels on the CPU, so its times are not a
          GPU’s.
        </p>
      )}
    </div>
  );
}

/** Who was faster; empty where the time of one is not known. */
function sentenceOf(first: Run, second: Run): string {
  const [a, b] = [first, second].map((run) => run.history.perEpoch(run.trainMilliseconds.value));
  if (a === undefined || b === undefined) return '';
  const [fast, slow] = a < b ? [first, second] : [second, first];
  const ratio = Math.max(a, b) / Math.min(a, b);
  return `Per epoch, ${backendTitle(fast.info.name)} was ${ratio.toFixed(1)} times as fast as ${backendTitle(slow.info.name)} here.`;
}
