/**
 * A line chart that follows signals: redrawn at most ten times a second and only while it can be
 * seen, with its data as a table for those who do not see it.
 */
import { effect, type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Drawing, Mark } from './drawing';
import type { Point } from './growing-line';
import type { Chart } from './line-chart-parts';
import { themeVersion } from './theme';
import { followVisibility } from './visibility';

const REDRAW_MILLISECONDS = 100;

type Library = typeof import('./line-chart-parts');

/** Chart.js, from when a chart was first seen: a third of the page's JavaScript, which nobody waits for before. */
const library = signal<Library | undefined>(undefined);
let isLoading = false;

/** Loads Chart.js; where that fails, the next chart that is seen tries again, and its table serves until then. */
function loadChart(): void {
  if (isLoading) return;
  isLoading = true;
  import('./line-chart-parts')
    .then((loaded) => {
      library.value = loaded;
    })
    .catch(() => {
      isLoading = false;
    });
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
  let marks: readonly Mark[] = [];
  const redraw = (
    { Chart, crosshairPlugin, datasetOf, marksPlugin, optionsOf }: Library,
    drawing: Drawing,
  ) => {
    timer = undefined;
    marks = drawing.marks ?? [];
    drawnAt = performance.now();
    chart ??= new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [
        marksPlugin(() => marks),
        ...(crosshair === undefined ? [] : [crosshairPlugin(crosshair)]),
      ],
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
    const loaded = library.value;
    if (loaded === undefined) {
      loadChart();
      return;
    }
    themeVersion.value;
    const drawing = draw();
    clearTimeout(timer);
    const wait = drawnAt + REDRAW_MILLISECONDS - performance.now();
    // Making a chart takes long: each is made in a task of its own.
    if (wait <= 0 && chart !== undefined) redraw(loaded, drawing);
    else timer = setTimeout(() => redraw(loaded, drawing), wait);
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

/** Everything of a drawing but its points, to tell whether it has changed. */
function frameOf({ x, y, series, hasLegend }: Drawing): string {
  const looks = series.map(({ points: _, ...look }) => look);
  return JSON.stringify([themeVersion.peek(), x, y, hasLegend, looks]);
}
