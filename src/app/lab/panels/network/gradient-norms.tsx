/** The length of the gradient by epoch, where the run records it. */
import { useMemo } from 'preact/hooks';
import { Button } from '../../../components/button';
import { DataTable } from '../../../components/data-table';
import type { Drawing } from '../../../components/drawing';
import { pointsOf } from '../../../components/growing-line';
import { LineChart } from '../../../components/line-chart';
import { integer } from '../../../state/format';
import { tableEpochs } from '../../../state/printing';
import type { Run } from '../../../state/run';
import { useStore } from '../../../state/store-context';
import { exactNumber } from './scale';

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
  const draw = useMemo(() => () => drawingOf(run), [run]);
  const now = run.history.at(-1)?.gradientNorm;
  const last = now === undefined ? 'no epoch yet' : `${exactNumber(now)} now`;
  return (
    <LineChart title="Gradient norm" draw={draw} description={`Gradient norm by epoch; ${last}.`}>
      <DataTable
        label="Gradient norm as a table"
        columns={['Epoch', 'L2 norm']}
        rows={tableEpochs(run).map(([epoch, { gradientNorm = Number.NaN }]) => [
          integer(epoch),
          exactNumber(gradientNorm),
        ])}
      />
    </LineChart>
  );
}

function drawingOf({ configuration, history }: Run): Drawing {
  // The length is read for its signal: the column itself is a plain list.
  const points = history.length === 0 ? [] : pointsOf(history.columns.gradientNorm);
  return {
    x: { title: 'epoch', minimum: 0, maximum: configuration.epochs },
    y: { title: 'L2 norm of the gradient', minimum: 0 },
    series: [{ label: 'gradient norm', color: '--series-train', points }],
  };
}
