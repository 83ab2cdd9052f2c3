/**
 * A line chart that follows signals: redrawn at most ten times a second and only while it can be
 * seen, with its data as a table for those who do not see it.
 */
import { effect, type Signal, signal } from '@preact/signals';
import type { ChartDataset, LegendItem, Plugin } from 'chart.js';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Point } from './growing-line';
import type { Chart } from './line-chart-parts';
import { colorOf, themeVersion } from './theme';
import { followVisibility } from './visibility';

const REDRAW_MILLISECONDS = 100;

/** Chart.js, from when a chart was first seen: a third of the page's JavaScript, which nobody waits for before. */
const chartClass = signal<typeof Chart | undefined>(undefined);
let isLoading = false;

/** Loads Chart.js; where that fails, the next chart that is seen tries again, and its table serves until then. */
function loadChart(): void {
  if (isLoading) return;
  isLoading = true;
  import('./line-chart-parts')
    .then(({ Chart }) => {
      chartClass.value = Chart;
    })
    .catch(() => {
      isLoading = false;
    });
}

export interface Series {
  readonly label: string;
  readonly color: `--${string}`;
  readonly isDashed?: boolean;
  readonly isDotted?: boolean;
  /** Its points are marked, on the line that joins them. */
  readonly hasPoints?: boolean;
  /** Its points are marked and no line joins them. */
  readonly isMark?: boolean;
  readonly points: readonly Point[];
}

export interface Axis {
  readonly title: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The least part of the axis that is always shown. */
  readonly suggested?: readonly [number, number];
  readonly isLogarithmic?: boolean;
  /** The values that have a tick; by default a few round ones. */
  readonly ticks?: readonly number[];
}

export interface Drawing {
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** False where something else says what each line is. */
  readonly hasLegend?: boolean;
}

interface Props {
  readonly title: string;
  /** Reads signals; called again when they change. Must be the same function at every render. */
  readonly draw: () => Drawing;
  /** The chart in words, for its label. */
  readonly description: string;
  readonly isSmall?: boolean;
  /** Where people point at, in units of the x axis; charts that share it show the same line. */
  readonly crosshair?: Signal<number | undefined>;
  /** Beside the title. */
  readonly controls?: ComponentChildren;
  /** The data as a table. */
  readonly children: ComponentChildren;
}

export function LineChart(props: Props) {
  const { title, draw, description, isSmall, crosshair, controls, children } = props;
  const ref = useRef<HTMLCanvasElement>(null);
  const [isTableOpen, setTableOpen] = useState(false);
  useEffect(() => {
    const canvas = ref.current;
    return canvas === null ? undefined : follow(canvas, draw, crosshair);
  }, [draw, crosshair]);
  return (
    <figure class="chart">
      <figcaption class="chart-heading">
        <span class="chart-title">{title}</span>
        {controls}
      </figcaption>
      <div class={isSmall ? 'chart-canvas chart-canvas-small' : 'chart-canvas'}>
        <canvas ref={ref} role="img" aria-label={description} />
      </div>
      <details class="disclosure" onToggle={(event) => setTableOpen(event.currentTarget.open)}>
        <summary>{title} as a table</summary>
        {isTableOpen && children}
      </details>
    </figure>
  );
}

/** Draws now and whenever a signal changes, until the function that it returns is called. */
function follow(
  canvas: HTMLCanvasElement,
  draw: () => Drawing,
  crosshair: Signal<number | undefined> | undefined,
): () => void {
  const isVisible = signal(false);
  const stopSeeing = followVisibility(canvas, (value) => {
    isVisible.value = value;
  });
  let chart: Chart<'line', Point[]> | undefined;
  let drawn = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const redraw = (ChartClass: typeof Chart, drawing: Drawing) => {
    timer = undefined;
    drawnAt = performance.now();
    chart ??= new ChartClass(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: crosshair === undefined ? [] : [crosshairPlugin(crosshair)],
    });
    // New options make Chart.js start over; while a run grows, only the points are new.
    const frame = frameOf(drawing);
    if (frame !== drawn) {
      chart.data.datasets = drawing.series.map(datasetOf);
      chart.options = optionsOf(drawing, crosshair !== undefined);
      drawn = frame;
    }
    for (const [index, { points }] of drawing.series.entries()) {
      chart.data.datasets[index].data = [...points];
    }
    chart.update('none');
  };
  const stop = effect(() => {
    if (!isVisible.value) return;
    const ChartClass = chartClass.value;
    if (ChartClass === undefined) {
      loadChart();
      return;
    }
    themeVersion.value;
    const drawing = draw();
    clearTimeout(timer);
    const wait = drawnAt + REDRAW_MILLISECONDS - performance.now();
    if (wait <= 0) redraw(ChartClass, drawing);
    else timer = setTimeout(() => redraw(ChartClass, drawing), wait);
  });
  const stopPointing = crosshair === undefined ? undefined : point(canvas, crosshair, () => chart);
  return () => {
    stop();
    stopPointing?.();
    clearTimeout(timer);
    stopSeeing();
    chart?.destroy();
  };
}

/** Sets the crosshair where the pointer is, and shows it wherever it was set. */
function point(
  canvas: HTMLCanvasElement,
  crosshair: Signal<number | undefined>,
  chartOf: () => Chart<'line', Point[]> | undefined,
): () => void {
  const move = ({ offsetX }: PointerEvent) => {
    const scale = chartOf()?.scales.x;
    const value = scale?.getValueForPixel(offsetX);
    if (scale === undefined || value === undefined) return;
    crosshair.value = Math.min(scale.max, Math.max(scale.min, value));
  };
  const leave = () => {
    crosshair.value = undefined;
  };
  canvas.addEventListener('pointermove', move);
  canvas.addEventListener('pointerdown', move);
  canvas.addEventListener('pointerleave', leave);
  let frame = 0;
  const stop = effect(() => {
    crosshair.value;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => chartOf()?.draw());
  });
  return () => {
    stop();
    cancelAnimationFrame(frame);
    canvas.removeEventListener('pointermove', move);
    canvas.removeEventListener('pointerdown', move);
    canvas.removeEventListener('pointerleave', leave);
  };
}

function crosshairPlugin(crosshair: Signal<number | undefined>): Plugin<'line'> {
  return {
    id: 'crosshair',
    afterDatasetsDraw({ ctx, chartArea, scales: { x } }) {
      const value = crosshair.peek();
      if (value === undefined || value < x.min || value > x.max) return;
      const at = x.getPixelForValue(value);
      ctx.save();
      ctx.strokeStyle = colorOf('--ink-soft');
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(at, chartArea.top);
      ctx.lineTo(at, chartArea.bottom);
      ctx.stroke();
      ctx.restore();
    },
  };
}

/** Everything of a drawing but its points, to tell whether it has changed. */
function frameOf({ x, y, series, hasLegend }: Drawing): string {
  const looks = series.map(({ points: _, ...look }) => look);
  return JSON.stringify([themeVersion.peek(), x, y, hasLegend, looks]);
}

function datasetOf(series: Series): ChartDataset<'line', Point[]> {
  const color = colorOf(series.color);
  return {
    label: series.label,
    data: [],
    borderColor: color,
    backgroundColor: color,
    borderWidth: 2,
    borderDash: series.isDashed ? [6, 4] : series.isDotted ? [2, 3] : [],
    pointRadius: series.isMark ? 4.5 : series.hasPoints ? 3 : 0,
    pointBackgroundColor: series.isMark ? colorOf('--paper') : color,
    pointBorderWidth: 2,
    showLine: series.isMark !== true,
    // Dashes over the solid line, or they would vanish where the two are equal.
    order: series.isMark ? -1 : series.isDashed ? 0 : 1,
    clip: series.isMark ? 8 : 2,
    pointHitRadius: 8,
  };
}

function optionsOf({ x, y, series, hasLegend = true }: Drawing, hasCrosshair: boolean) {
  const ink = colorOf('--ink-faint');
  // Three quarters of the root's size, as --text-xs is: presenter mode makes it larger.
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = {
    family: getComputedStyle(document.body).getPropertyValue('--font-ui'),
    size: 0.75 * rem,
  };
  const scaleOf = (axis: Axis) => ({
    type: axis.isLogarithmic ? ('logarithmic' as const) : ('linear' as const),
    min: axis.minimum,
    max: axis.maximum,
    suggestedMin: axis.suggested?.[0],
    suggestedMax: axis.suggested?.[1],
    title: { display: true, text: axis.title, color: ink, font },
    ticks: {
      ...{ color: ink, font, maxTicksLimit: axis.ticks?.length ?? 7, maxRotation: 0 },
      ...(axis.ticks && { callback: (value: string | number) => `${value}` }),
    },
    ...(axis.ticks && {
      afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
        scale.ticks = axis.ticks?.map((value) => ({ value })) ?? [];
      },
    }),
    grid: { color: colorOf('--grid'), drawTicks: false },
    border: { color: colorOf('--rule-strong') },
  });
  return {
    animation: false as const,
    parsing: false as const,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    // With a crosshair, values stand beside the chart, and nothing in it answers to the pointer.
    ...(hasCrosshair && { events: [] }),
    interaction: { mode: 'index' as const, intersect: false },
    scales: { x: scaleOf(x), y: scaleOf(y) },
    plugins: {
      legend: {
        display: hasLegend && series.length > 1,
        align: 'end' as const,
        // A box without height is a line, and keeps its dashes.
        labels: {
          color: colorOf('--ink-soft'),
          font,
          boxWidth: 28,
          boxHeight: 0,
          // In the order of the series, whichever is drawn on top.
          sort: (a: LegendItem, b: LegendItem) => (a.datasetIndex ?? 0) - (b.datasetIndex ?? 0),
        },
      },
      tooltip: {
        enabled: !hasCrosshair,
        animation: false as const,
        usePointStyle: true,
        callbacks: {
          title: (items: readonly { parsed: { x: number | null } }[]) =>
            `${x.title} ${items[0]?.parsed.x ?? ''}`,
        },
      },
    },
  };
}
