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
import type { Axis, Drawing, Mark, Series } from './drawing';
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

/** Marks of a drawing; the text of each stands to its left or right, wherever there is more room. */
export function marksPlugin(marksOf: () => readonly Mark[]): Plugin<'line'> {
  return {
    id: 'marks',
    afterDatasetsDraw({ ctx, chartArea: { left, right, top, bottom }, scales: { x } }) {
      ctx.save();
      ctx.strokeStyle = colorOf('--ink-faint');
      ctx.fillStyle = colorOf('--ink-soft');
      ctx.font = `${LABEL_REM * rootFontSize()}px ${fontFamily()}`;
      ctx.textBaseline = 'top';
      ctx.setLineDash([2, 3]);
      for (const [i, { x: value, text }] of marksOf().entries()) {
        if (value < x.min || value > x.max) continue;
        const at = Math.round(x.getPixelForValue(value)) + 0.5;
        ctx.beginPath();
        ctx.moveTo(at, top);
        ctx.lineTo(at, bottom);
        ctx.stroke();
        const isLeft = at - left > right - at;
        ctx.textAlign = isLeft ? 'right' : 'left';
        // One below the other, or neighbours would lie over each other.
        const line = (i % MARK_LINES) * LABEL_REM * rootFontSize() * 1.4;
        ctx.fillText(text, isLeft ? at - 4 : at + 4, top + 2 + line);
      }
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
  const font = { family: fontFamily(), size: LABEL_REM * rootFontSize() };
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

/** As --text-xs is: presenter mode makes it larger. */
const LABEL_REM = 0.75;
/** Texts of marks that stand one below the other before the next one is on top again. */
const MARK_LINES = 4;

function rootFontSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function fontFamily(): string {
  return getComputedStyle(document.body).getPropertyValue('--font-ui');
}
