/** Loss or accuracy of all runs that are shown, one over the other. */

import { useMemo } from 'preact/hooks';
import type { Axis, Drawing, Mark, Series } from '../../components/drawing';
import { type Point, pointsOf } from '../../components/growing-line';
import { HistoryTable, type Measure } from '../../components/history-chart';
import { LineChart } from '../../components/line-chart';
import { changeMarks } from '../../state/changes';
import { printedNumber } from '../../state/format';
import type { Store } from '../../state/store';
import { useStore } from '../../state/store-context';
import { crosshair, isAccuracyFit, isLogLoss, smoothing, xAxis } from '../state/chart-view';
import { nameOf, type RunBook, runBookOf } from '../state/run-book';
import type { RunEntry } from '../state/run-entry';
import { AXIS_TITLES, placeOf, xOf } from '../state/x-axis';

export function CurvesChart({ measure }: { readonly measure: Measure }) {
  const store = useStore();
  const book = runBookOf(store);
  const draw = useMemo(() => () => curvesOf(store, book, measure), [store, book, measure]);
  return (
    <LineChart
      title={measure.title}
      draw={draw}
      crosshair={crosshair}
      description={descriptionOf(measure, book.shown.value)}
    >
      <HistoryTable run={store.run.value} measure={measure} />
    </LineChart>
  );
}

/** The lines of all runs that are shown, in one of the charts. */
export function curvesOf(store: Store, book: RunBook, measure: Measure): Drawing {
  const selected = store.run.value;
  const shown = book.shown.value;
  // The selected run lies on top: what is drawn first covers the rest.
  const series = shown.flatMap((entry): Series[] => {
    const { history, run } = entry;
    const { length, bestRow } = history;
    const isSelected = run !== undefined && run === selected;
    const label = nameOf(entry);
    const color = isSelected ? '--series-train' : entry.color;
    const testColor = isSelected ? '--series-test' : entry.color;
    // The length is read for its signal: the columns themselves are plain lists.
    const line = (metric: Measure['train' | 'test']) => lineOf(entry, metric, length);
    const test = line(measure.test);
    const lines: Series[] = [
      { label: `${label}, train`, color, points: line(measure.train) },
      { label: `${label}, test`, color: testColor, isDashed: true, points: test },
    ];
    if (bestRow === undefined) return lines;
    const best = {
      x: xOf(history, xAxis.value, bestRow),
      y: history.columns[measure.test][bestRow],
    };
    const name = `${label}, best epoch`;
    return [...lines, { label: name, color: testColor, isMark: true, points: [best] }];
  });
  const maximum = xMaximum(shown, store);
  return {
    x: { title: AXIS_TITLES[xAxis.value], minimum: 0, ...(maximum !== undefined && { maximum }) },
    y: yAxisOf(measure),
    series,
    marks: shown.flatMap(marksOf),
    hasLegend: false,
  };
}

/** A change stands where the last epoch without it ended, as soon as that is known. */
function marksOf({ configuration, history }: RunEntry): Mark[] {
  return changeMarks(configuration).flatMap(({ epoch, text }) => {
    const row = history.epochs.indexOf(epoch - 1);
    return row < 0 ? [] : [{ x: xOf(history, xAxis.value, row), text }];
  });
}

/** @param length - rows of the history */
function lineOf(
  { history, run }: RunEntry,
  metric: Measure['train' | 'test'],
  length: number,
): Point[] {
  const axis = xAxis.value;
  const rows = length === 0 ? [] : pointsOf(history.columns[metric], smoothing.value);
  // A point's x is its row, from 1.
  const line = rows.map(({ x, y }) => ({ x: xOf(history, axis, x - 1), y }));
  // Of the epoch under way nothing is known of the test set, and there is nothing to smooth it by.
  if (run === undefined || smoothing.value > 0) return line;
  if (metric !== 'loss' && metric !== 'accuracy') return line;
  const trail = run.trail.value.map(({ done, milliseconds, ...means }) => ({
    x: placeOf(history, axis, done, milliseconds),
    y: means[metric],
  }));
  return [...line, ...trail];
}

/** The end of the x axis; seconds have none that could be known. */
function xMaximum(shown: readonly RunEntry[], store: Store): number | undefined {
  const axis = xAxis.value;
  if (axis === 'seconds') return undefined;
  const ends = shown.map(({ history, run, configuration }) => {
    const last = history.length === 0 ? 0 : history.epochs[history.length - 1];
    return placeOf(history, axis, run === undefined ? last : configuration.epochs, 0);
  });
  return ends.length === 0 ? store.settings.configuration.value.epochs : Math.max(1, ...ends);
}

function yAxisOf({ axis, train }: Measure): Axis {
  const { title } = axis;
  const isLoss = train === 'loss';
  if (isLoss && isLogLoss.value) return { title: `${title}, logarithmic`, isLogarithmic: true };
  if (!isLoss && isAccuracyFit.value) return { title, maximum: 1 };
  return axis;
}

function descriptionOf({ title, train, test }: Measure, shown: readonly RunEntry[]): string {
  const parts = shown.flatMap((entry) => {
    const { length, columns } = entry.history;
    if (length === 0) return [];
    const values = [train, test].map((metric) => printedNumber(columns[metric][length - 1]));
    return [`${nameOf(entry)}: train ${values[0]}, test ${values[1]}`];
  });
  return parts.length === 0
    ? `${title} by ${xAxis.value}; no epoch yet.`
    : `${title} by ${xAxis.value}. ${parts.join('. ')}.`;
}
