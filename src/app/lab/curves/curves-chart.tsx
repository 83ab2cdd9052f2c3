/** Loss or accuracy of all runs that are shown, one over the other. */

import { useMemo } from 'preact/hooks';
import type { JudgedKey } from '../../../training/metrics';
import { lineOf, type Point } from '../../components/growing-line';
import { HistoryTable, type Measure } from '../../components/history-chart';
import { type Axis, type Drawing, LineChart, type Series } from '../../components/line-chart';
import { printedNumber } from '../../state/format';
import type { Store } from '../../state/store';
import { useStore } from '../../state/store-context';
import {
  AXIS_TITLES,
  crosshair,
  isAccuracyFit,
  isLogLoss,
  smoothing,
  xAxis,
} from '../state/chart-view';
import { type Curve, xOf } from '../state/curve';
import { nameOf, type RunBook, runBookOf } from '../state/run-book';
import type { RunEntry } from '../state/run-entry';

const MOST_POINTS = 400;

interface Props {
  readonly measure: Measure;
  readonly metrics: { readonly train: JudgedKey; readonly test: JudgedKey };
}

export function CurvesChart({ measure, metrics }: Props) {
  const store = useStore();
  const book = runBookOf(store);
  const draw = useMemo(
    () => () => drawingOf(store, book, measure, metrics),
    [store, book, measure, metrics],
  );
  const shown = book.entries.value.filter(({ isHidden }) => !isHidden.value);
  return (
    <LineChart
      title={measure.title}
      draw={draw}
      crosshair={crosshair}
      description={descriptionOf(measure.title, metrics, shown)}
    >
      <HistoryTable run={store.run.value} measure={measure} />
    </LineChart>
  );
}

function drawingOf(
  store: Store,
  book: RunBook,
  measure: Measure,
  { train, test }: Props['metrics'],
): Drawing {
  const selected = store.run.value;
  const shown = book.entries.value.filter(({ isHidden }) => !isHidden.value);
  // The selected run lies on top: what is drawn first covers the rest.
  const series = shown.flatMap((entry): Series[] => {
    const isSelected = entry.run !== undefined && entry.run === selected;
    const label = nameOf(entry);
    const { curve } = entry;
    const trainColor = isSelected ? '--series-train' : entry.color;
    const testColor = isSelected ? '--series-test' : entry.color;
    const lines: Series[] = [
      { label: `${label}, train`, color: trainColor, points: pointsOf(curve, train) },
      { label: `${label}, test`, color: testColor, isDashed: true, points: pointsOf(curve, test) },
    ];
    const best = bestPoint(curve, test);
    if (best === undefined) return lines;
    const name = `${label}, best epoch`;
    return [...lines, { label: name, color: testColor, isMark: true, points: [best] }];
  });
  const maximum = xMaximum(shown, store);
  return {
    x: { title: AXIS_TITLES[xAxis.value], minimum: 0, ...(maximum !== undefined && { maximum }) },
    y: yAxisOf(measure.axis, train === 'loss'),
    series,
    hasLegend: false,
  };
}

function pointsOf(curve: Curve, metric: JudgedKey): readonly Point[] {
  const axis = xAxis.value;
  const valueAt = (row: number) => curve.valueAt(metric, row);
  const points = lineOf(curve, metric, valueAt, MOST_POINTS, smoothing.value).points(curve.length);
  // A point's x is its row, from 1.
  const line = points.map(({ x, y }) => ({ x: xOf(curve, axis, x - 1), y }));
  // The epoch under way is one value, with nothing to smooth it by.
  const tip = smoothing.value === 0 ? curve.tip(metric, axis) : undefined;
  return tip === undefined ? line : [...line, tip];
}

/** The epoch with the least test loss. */
function bestPoint(curve: Curve, metric: JudgedKey): Point | undefined {
  const row = curve.bestRow;
  if (row === undefined) return undefined;
  return { x: xOf(curve, xAxis.value, row), y: curve.valueAt(metric, row) };
}

/** The end of the x axis; seconds have none that could be known. */
function xMaximum(shown: readonly RunEntry[], store: Store): number | undefined {
  const axis = xAxis.value;
  if (axis === 'seconds') return undefined;
  const ends = shown.map(({ curve, run, configuration }) => {
    const { length } = curve;
    const last = length === 0 ? 0 : curve.epochAt(length - 1);
    const epochs = run === undefined ? last : configuration.epochs;
    return epochs * (axis === 'step' ? curve.batchesPerEpoch : 1);
  });
  return ends.length === 0 ? store.settings.configuration.value.epochs : Math.max(1, ...ends);
}

function yAxisOf(axis: Axis, isLoss: boolean): Axis {
  const { title } = axis;
  if (isLoss && isLogLoss.value) return { title: `${title}, logarithmic`, isLogarithmic: true };
  if (!isLoss && isAccuracyFit.value) return { title, maximum: 1 };
  return axis;
}

function descriptionOf(
  title: string,
  { train, test }: Props['metrics'],
  shown: readonly RunEntry[],
): string {
  const parts = shown.flatMap((entry) => {
    const row = entry.curve.length - 1;
    if (row < 0) return [];
    const values = [train, test].map((metric) => printedNumber(entry.curve.valueAt(metric, row)));
    return [`${nameOf(entry)}: train ${values[0]}, test ${values[1]}`];
  });
  return parts.length === 0
    ? `${title} by ${xAxis.value}; no epoch yet.`
    : `${title} by ${xAxis.value}. ${parts.join('. ')}.`;
}
