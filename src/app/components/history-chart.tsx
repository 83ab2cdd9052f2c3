/** The curves of a run as they grow: train solid, test dashed. */
import { useMemo } from 'preact/hooks';
import type { EpochMetrics } from '../../training/backend';
import { integer, printedNumber } from '../state/format';
import { printedEpochs } from '../state/printing';
import type { Run } from '../state/run';
import { useStore } from '../state/store-context';
import { DataTable } from './data-table';
import { lineOf } from './growing-line';
import { type Axis, type Drawing, LineChart } from './line-chart';

const MOST_POINTS = 400;
/** Rows of the table beside a chart, about. */
const TABLE_ROWS = 10;

export interface Measure {
  readonly title: string;
  readonly axis: Axis;
  readonly train: (metrics: EpochMetrics) => number;
  readonly test: (metrics: EpochMetrics) => number;
}

export const LOSS: Measure = {
  title: 'Loss',
  axis: { title: 'cross-entropy loss', minimum: 0, suggested: [0, 0.8] },
  train: (metrics) => metrics.loss,
  test: (metrics) => metrics.valLoss,
};

export const ACCURACY: Measure = {
  title: 'Accuracy',
  axis: { title: 'accuracy, share of samples', minimum: 0, maximum: 1 },
  train: (metrics) => metrics.accuracy,
  test: (metrics) => metrics.valAccuracy,
};

export function HistoryChart({ measure }: { readonly measure: Measure }) {
  const store = useStore();
  const draw = useMemo(
    () => () => drawingOf(store.run.value, measure, store.settings.configuration.value.epochs),
    [store, measure],
  );
  const run = store.run.value;
  return (
    <LineChart title={measure.title} draw={draw} description={descriptionOf(run, measure)}>
      <HistoryTable run={run} measure={measure} />
    </LineChart>
  );
}

function drawingOf(run: Run | undefined, measure: Measure, epochs: number): Drawing {
  const length = run?.epochs.value ?? 0;
  const pointsOf = (value: (metrics: EpochMetrics) => number) => {
    if (run === undefined) return [];
    const valueAt = (index: number) => {
      const metrics = run.history.at(index);
      return metrics === undefined ? Number.NaN : value(metrics);
    };
    return lineOf(run, value, valueAt, MOST_POINTS).points(length);
  };
  return {
    x: { title: 'epoch', minimum: 0, maximum: run?.configuration.epochs ?? epochs },
    y: measure.axis,
    series: [
      { label: 'train', color: '--series-train', points: pointsOf(measure.train) },
      { label: 'test', color: '--series-test', isDashed: true, points: pointsOf(measure.test) },
    ],
  };
}

function descriptionOf(run: Run | undefined, { title, train, test }: Measure): string {
  // Read first, for its signal: before the first epoch there is nothing else to hear of it by.
  const epochs = run?.epochs.value ?? 0;
  const metrics = run?.history.at(epochs - 1);
  if (run === undefined || metrics === undefined) return `${title} by epoch; no epoch yet.`;
  const epoch = `${title} by epoch, at epoch ${epochs}`;
  return `${epoch}: train ${printedNumber(train(metrics))}, test ${printedNumber(test(metrics))}.`;
}

/** The values of about ten epochs. */
export function HistoryTable({
  run,
  measure,
}: {
  readonly run: Run | undefined;
  readonly measure: Measure;
}) {
  const done = run?.epochs.value ?? 0;
  const interval = Math.max(1, Math.floor((run?.configuration.epochs ?? 1) / TABLE_ROWS));
  const epochs = printedEpochs(done, interval);
  return (
    <DataTable
      label={`${measure.title} as a table`}
      columns={['Epoch', 'Train', 'Test']}
      rows={epochs.flatMap((epoch) => {
        const metrics = run?.history.at(epoch - 1);
        if (metrics === undefined) return [];
        const values = [measure.train(metrics), measure.test(metrics)];
        return [[integer(epoch), ...values.map(printedNumber)]];
      })}
    />
  );
}
