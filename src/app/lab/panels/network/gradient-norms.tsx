/** The length of the gradient by epoch, where the run records it. */
import { useMemo } from 'preact/hooks';
import { Button } from '../../../components/button';
import { DataTable } from '../../../components/data-table';
import { lineOf } from '../../../components/growing-line';
import { type Drawing, LineChart } from '../../../components/line-chart';
import { integer } from '../../../state/format';
import { printedEpochs } from '../../../state/printing';
import type { Run } from '../../../state/run';
import { useStore } from '../../../state/store-context';
import { exactNumber } from './scale';

const MOST_POINTS = 400;
/** Rows of the table beside the chart, about. */
const TABLE_ROWS = 10;

export function GradientNorms({ run }: { readonly run: Run }) {
  const store = useStore();
  return (
    <section class="panel-section" aria-labelledby="gradient-norms">
      <h2 id="gradient-norms">Gradients over time</h2>
      {run.configuration.norms ? (
        <NormChart run={run} />
      ) : (
        <div class="panel-offer">
          <p>This run does not record the length of its gradients.</p>
          <Button
            onPress={() => {
              store.settings.replace({ ...run.configuration, norms: true });
              store.applyAndRestart();
            }}
          >
            Record it and restart
          </Button>
        </div>
      )}
    </section>
  );
}

function NormChart({ run }: { readonly run: Run }) {
  const draw = useMemo(
    () => (): Drawing => ({
      x: { title: 'epoch', minimum: 0, maximum: run.configuration.epochs },
      y: { title: 'L2 norm of the gradient', minimum: 0 },
      series: [
        {
          label: 'gradient norm',
          color: '--series-train',
          points: lineOf(run, normAt, (index) => normAt(run, index), MOST_POINTS).points(
            run.epochs.value,
          ),
        },
      ],
    }),
    [run],
  );
  const epochs = run.epochs.value;
  const interval = Math.max(1, Math.floor(run.configuration.epochs / TABLE_ROWS));
  const last = epochs === 0 ? 'no epoch yet' : `${exactNumber(normAt(run, epochs - 1))} now`;
  return (
    <LineChart title="Gradient norm" draw={draw} description={`Gradient norm by epoch; ${last}.`}>
      <DataTable
        label="Gradient norm as a table"
        columns={['Epoch', 'L2 norm']}
        rows={printedEpochs(epochs, interval).map((epoch) => [
          integer(epoch),
          exactNumber(normAt(run, epoch - 1)),
        ])}
      />
    </LineChart>
  );
}

function normAt(run: Run, index: number): number {
  return run.history.at(index)?.gradientNorm ?? Number.NaN;
}
