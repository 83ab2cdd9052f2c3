/** The sweep on logarithmic axes: milliseconds a step against width, WebGPU and CPU, for one batch size. */
import { effect, signal, useSignal } from '@preact/signals';
import {
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'preact/hooks';
import { colorOf, themeVersion } from '../../../components/theme';
import { duration } from '../../../state/format';
import type { SweepPoint } from '../../../worker/race-sweep';

Chart.register(
  LineController,
  LineElement,
  PointElement,
  LinearScale,
  LogarithmicScale,
  Legend,
  Tooltip,
);

const SERIES = [
  { key: 'webgpu', label: 'WebGPU', color: '--series-train', dash: [] },
  { key: 'cpu', label: 'CPU', color: '--series-test', dash: [6, 4] },
] as const;

export function CrossoverChart({ points }: { readonly points: readonly SweepPoint[] }) {
  const batches = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
  const chosen = useSignal<number | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef(signal<readonly SweepPoint[]>([])).current;
  const batch = chosen.value ?? batches[batches.length - 1];
  shown.value = points.filter((point) => point.batch === batch);
  useEffect(() => (canvas.current === null ? undefined : follow(canvas.current, shown)), [shown]);
  const description = shown.value
    .map((p) => `width ${p.width}: WebGPU ${duration(p.webgpu)}, CPU ${duration(p.cpu)}`)
    .join('; ');
  return (
    <figure class="chart">
      <figcaption class="race-chart-title">
        <span class="chart-title">Time of a training step</span>
        <label>
          Batch size{' '}
          <select
            value={batch}
            onChange={(event) => {
              chosen.value = Number(event.currentTarget.value);
            }}
          >
            {batches.map((size) => (
              <option key={size} value={size}>
                {size}
              </option>
            ))}
          </select>
        </label>
      </figcaption>
      <div class="chart-canvas">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Milliseconds per step at batch size ${batch}. ${description}`}
        />
      </div>
    </figure>
  );
}

/** Draws now and whenever points or theme change, until the function that it returns is called. */
function follow(
  canvas: HTMLCanvasElement,
  points: { readonly value: readonly SweepPoint[] },
): () => void {
  const chart = new Chart(canvas, { type: 'line', data: { datasets: [] } });
  const stop = effect(() => {
    themeVersion.value;
    chart.data.datasets = SERIES.map(({ key, label, color, dash }) => ({
      label,
      data: points.value.map((point) => ({ x: point.width, y: point[key] })),
      borderColor: colorOf(color),
      backgroundColor: colorOf(color),
      borderWidth: 2,
      borderDash: [...dash],
      pointRadius: 3,
    }));
    chart.options = optionsOf(points.value.map(({ width }) => width));
    chart.update('none');
  });
  return () => {
    stop();
    chart.destroy();
  };
}

function optionsOf(widths: readonly number[]) {
  const ink = colorOf('--ink-faint');
  const font = { family: getComputedStyle(document.body).getPropertyValue('--font-ui'), size: 12 };
  const scale = (text: string) => ({
    type: 'logarithmic' as const,
    title: { display: true, text, color: ink, font },
    grid: { color: colorOf('--grid'), drawTicks: false },
    border: { color: colorOf('--rule-strong') },
    ticks: { color: ink, font, maxRotation: 0 },
  });
  return {
    animation: false as const,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'index' as const, intersect: false },
    scales: {
      x: {
        ...scale('Width of the layers (units)'),
        // A tick at each width that was measured, and nowhere else.
        afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
          axis.ticks = widths.map((value) => ({ value }));
        },
        ticks: {
          color: ink,
          font,
          maxRotation: 0,
          callback: (value: string | number) => `${value}`,
        },
      },
      y: scale('Time per step (ms)'),
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
