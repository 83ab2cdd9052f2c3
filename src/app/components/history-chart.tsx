/** The curves of a run as they grow: train solid, test dashed. */
import { useMemo } from 'preact/hooks';
import { changeMarks, changeSentences } from '../state/changes';
import { integer, printedNumber } from '../state/format';
import { tableEpochs } from '../state/printing';
import type { Run } from '../state/run';
import { useStore } from '../state/store-context';
import { DataTable } from './data-table';
import type { Axis, Drawing, Mark } from './drawing';
import { pointsOf } from './growing-line';
import { LineChart } from './line-chart';

/** What a chart shows of the training set and of the test set. */
export interface Measure {
  readonly title: string;
  readonly axis: Axis;
  readonly train: 'loss' | 'accuracy';
  readonly test: 'valLoss' | 'valAccuracy';
}

export const LOSS: Measure = {
  title: 'Loss',
  axis: { title: 'cross-entropy loss', minimum: 0, suggested: [0, 0.8] },
  train: 'loss',
  test: 'valLoss',
};

export const ACCURACY: Measure = {
  title: 'Accuracy',
  axis: { title: 'accuracy, share of samples', minimum: 0, maximum: 1 },
  train: 'accuracy',
  test: 'valAccuracy',
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

function drawingOf(run: Run | undefined, { axis, train, test }: Measure, epochs: number): Drawing {
  // The length is read for its signal: the columns themselves are plain lists.
  const columns = run !== undefined && run.history.length > 0 ? run.history.columns : undefined;
  const points = (key: typeof train | typeof test) => (columns ? pointsOf(columns[key]) : []);
  return {
    x: { title: 'epoch', minimum: 0, maximum: run?.configuration.epochs ?? epochs },
    y: axis,
    series: [
      { label: 'train', color: '--series-train', points: points(train) },
      { label: 'test', color: '--series-test', isDashed: true, points: points(test) },
    ],
    marks: run === undefined ? [] : marksOf(run),
  };
}

/** A change stands where the last epoch without it ended. */
function marksOf({ configuration }: Run): Mark[] {
  return changeMarks(configuration).map(({ epoch, text }) => ({ x: epoch - 1, text }));
}

function descriptionOf(run: Run | undefined, { title, train, test }: Measure): string {
  const metrics = run?.history.at(-1);
  if (run === undefined || metrics === undefined) return `${title} by epoch; no epoch yet.`;
  const epoch = `${title} by epoch, at epoch ${run.history.length}`;
  const values = `train ${printedNumber(metrics[train])}, test ${printedNumber(metrics[test])}`;
  return `${epoch}: ${values}.${changeSentences(run.configuration)}`;
}

interface TableProps {
  readonly run: Run | undefined;
  readonly measure: Measure;
}

/** The values of about ten epochs. */
export function HistoryTable({ run, measure: { title, train, test } }: TableProps) {
  return (
    <DataTable
      label={`${title} as a table`}
      columns={['Epoch', 'Train', 'Test']}
      rows={tableEpochs(run).map(([epoch, metrics]) => [
        integer(epoch),
        ...[metrics[train], metrics[test]].map(printedNumber),
      ])}
    />
  );
}
