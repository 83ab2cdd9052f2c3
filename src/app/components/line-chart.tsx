/**
 * A line chart that follows signals: redrawn at most ten times a second and only while it can be
 * seen, with its data as a table for those who do not see it.
 */
import { effect, signal } from '@preact/signals';
import {
  Chart,
  type ChartDataset,
  Legend,
  type LegendItem,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Point } from './decimate';
import { colorOf, themeVersion } from './theme';

Chart.register(LineController, LineElement, PointElement, LinearScale, Legend, Tooltip);

const REDRAW_MILLISECONDS = 100;

export interface Series {
  readonly label: string;
  readonly color: `--${string}`;
  readonly isDashed?: boolean;
  readonly points: readonly Point[];
}

export interface Axis {
  readonly title: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The least part of the axis that is always shown. */
  readonly suggested?: readonly [number, number];
}

export interface Drawing {
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

interface Props {
  readonly title: string;
  /** Reads signals; called again when they change. Must be the same function at every render. */
  readonly draw: () => Drawing;
  /** The chart in words, for its label. */
  readonly description: string;
  readonly isSmall?: boolean;
  /** The data as a table. */
  readonly children: ComponentChildren;
}

export function LineChart({ title, draw, description, isSmall, children }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [isTableOpen, setTableOpen] = useState(false);
  useEffect(() => {
    const canvas = ref.current;
    return canvas === null ? undefined : follow(canvas, draw);
  }, [draw]);
  return (
    <figure class="chart">
      <figcaption class="chart-title">{title}</figcaption>
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
function follow(canvas: HTMLCanvasElement, draw: () => Drawing): () => void {
  const isVisible = signal(false);
  const observer = new IntersectionObserver(([entry]) => {
    isVisible.value = entry.isIntersecting;
  });
  observer.observe(canvas);

  let chart: Chart<'line', Point[]> | undefined;
  let drawn = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const redraw = (drawing: Drawing) => {
    timer = undefined;
    drawnAt = performance.now();
    chart ??= new Chart(canvas, { type: 'line', data: { datasets: [] } });
    // New options make Chart.js start over; while a run grows, only the points are new.
    const frame = frameOf(drawing);
    if (frame !== drawn) {
      chart.data.datasets = drawing.series.map(datasetOf);
      chart.options = optionsOf(drawing);
      drawn = frame;
    }
    for (const [index, { points }] of drawing.series.entries()) {
      chart.data.datasets[index].data = [...points];
    }
    chart.update('none');
  };
  const stop = effect(() => {
    if (!isVisible.value) return;
    themeVersion.value;
    const drawing = draw();
    clearTimeout(timer);
    const wait = drawnAt + REDRAW_MILLISECONDS - performance.now();
    if (wait <= 0) redraw(drawing);
    else timer = setTimeout(() => redraw(drawing), wait);
  });
  return () => {
    stop();
    clearTimeout(timer);
    observer.disconnect();
    chart?.destroy();
  };
}

/** Everything of a drawing but its points, to tell whether it has changed. */
function frameOf({ x, y, series }: Drawing): string {
  const looks = series.map(({ label, color, isDashed }) => [label, color, isDashed]);
  return JSON.stringify([themeVersion.peek(), x, y, looks]);
}

function datasetOf(series: Series): ChartDataset<'line', Point[]> {
  const color = colorOf(series.color);
  return {
    label: series.label,
    data: [],
    borderColor: color,
    backgroundColor: color,
    borderWidth: 2,
    borderDash: series.isDashed ? [6, 4] : [],
    pointRadius: 0,
    // Dashes over the solid line, or they would vanish where the two are equal.
    order: series.isDashed ? 0 : 1,
    clip: 2,
    pointHitRadius: 8,
  };
}

function optionsOf({ x, y, series }: Drawing) {
  const ink = colorOf('--ink-faint');
  const font = { family: getComputedStyle(document.body).getPropertyValue('--font-ui'), size: 12 };
  const scaleOf = (axis: Axis) => ({
    type: 'linear' as const,
    min: axis.minimum,
    max: axis.maximum,
    suggestedMin: axis.suggested?.[0],
    suggestedMax: axis.suggested?.[1],
    title: { display: true, text: axis.title, color: ink, font },
    ticks: { color: ink, font, maxTicksLimit: 7, maxRotation: 0 },
    grid: { color: colorOf('--grid'), drawTicks: false },
    border: { color: colorOf('--rule-strong') },
  });
  return {
    animation: false as const,
    parsing: false as const,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'index' as const, intersect: false },
    scales: { x: scaleOf(x), y: scaleOf(y) },
    plugins: {
      legend: {
        display: series.length > 1,
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
