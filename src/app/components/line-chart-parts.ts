/** Chart.js with the parts that line charts are made of, registered once, and a drawing in its terms. */
import type { Signal } from '@preact/signals';
import {
  Chart,
  type ChartDataset,
  Legend,
  type LegendItem,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
  Tooltip,
} from 'chart.js';
import type { Axis, Drawing, Series } from './drawing';
import type { Point } from './growing-line';
import { colorOf } from './theme';

Chart.register(
  LineController,
  LineElement,
  PointElement,
  LinearScale,
  LogarithmicScale,
  Legend,
  Tooltip,
);

export { Chart };

/** A line through all charts that share the signal, where people point in one of them. */
export function crosshairPlugin(crosshair: Signal<number | undefined>): Plugin<'line'> {
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

/** A series without its points. */
export function datasetOf(series: Series): ChartDataset<'line', Point[]> {
  const color = colorOf(series.color);
  return {
    label: series.label,
    data: [],
    borderColor: color,
    backgroundColor: color,
    borderWidth: 2,
    borderDash: series.isDashed ? [6, 4] : [],
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

/** All of a drawing but its series. */
export function optionsOf({ x, y, series, hasLegend = true }: Drawing, hasCrosshair: boolean) {
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
