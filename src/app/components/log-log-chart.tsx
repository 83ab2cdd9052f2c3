/** Times against sizes on logarithmic axes, where a power of the size is a straight line. */
import { effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Chart } from './line-chart-parts';
import { colorOf, themeVersion } from './theme';

/** How WebGPU and the CPU are drawn wherever they are compared. */
export const COMPARED = [
  { key: 'webgpu', label: 'WebGPU', color: '--series-train', dash: [] },
  { key: 'cpu', label: 'CPU', color: '--series-test', dash: [6, 4] },
] as const;

interface LogLogSeries {
  readonly label: string;
  readonly color: `--${string}`;
  readonly dash: readonly number[];
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** What is drawn; units stand in the titles of the axes. */
interface LogLogDrawing {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly LogLogSeries[];
}

interface Props {
  readonly title: string;
  /** The numbers in words, for those who do not see the chart. */
  readonly description: string;
  readonly drawing: LogLogDrawing;
  /** Controls beside the title. */
  readonly children?: ComponentChildren;
}

export function LogLogChart({ title, description, drawing, children }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef(signal(drawing)).current;
  shown.value = drawing;
  useEffect(() => (canvas.current === null ? undefined : follow(canvas.current, shown)), [shown]);
  return (
    <figure class="chart">
      <figcaption class="chart-heading">
        <span class="chart-title">{title}</span>
        {children}
      </figcaption>
      <div class="chart-canvas">
        <canvas ref={canvas} role="img" aria-label={description} />
      </div>
    </figure>
  );
}

/** Draws now and whenever drawing or theme change, until the function that it returns is called. */
function follow(canvas: HTMLCanvasElement, drawing: { readonly value: LogLogDrawing }): () => void {
  const chart = new Chart(canvas, { type: 'line', data: { datasets: [] } });
  const stop = effect(() => {
    themeVersion.value;
    chart.data.datasets = drawing.value.series.map(({ label, color, dash, points }) => ({
      label,
      data: [...points],
      borderColor: colorOf(color),
      backgroundColor: colorOf(color),
      borderWidth: 2,
      borderDash: [...dash],
      pointRadius: 3,
    }));
    chart.options = optionsOf(drawing.value);
    chart.update('none');
  });
  return () => {
    stop();
    chart.destroy();
  };
}

function optionsOf({ xTitle, yTitle, series }: LogLogDrawing) {
  const ink = colorOf('--ink-faint');
  const font = { family: getComputedStyle(document.body).getPropertyValue('--font-ui'), size: 12 };
  const ticks = { color: ink, font, maxRotation: 0 };
  const scale = (text: string) => ({
    type: 'logarithmic' as const,
    title: { display: true, text, color: ink, font },
    grid: { color: colorOf('--grid'), drawTicks: false },
    border: { color: colorOf('--rule-strong') },
    ticks,
  });
  const sizes = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  );
  return {
    animation: false as const,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'index' as const, intersect: false },
    scales: {
      x: {
        ...scale(xTitle),
        // A tick at each size that was measured, and nowhere else.
        afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
          axis.ticks = sizes.map((value) => ({ value }));
        },
        ticks: { ...ticks, callback: (value: string | number) => `${value}` },
      },
      y: scale(yTitle),
    },
    plugins: {
      legend: {
        align: 'end' as const,
        labels: { color: colorOf('--ink-soft'), font, boxWidth: 28, boxHeight: 0 },
      },
      tooltip: { animation: false as const },
    },
  };
}
