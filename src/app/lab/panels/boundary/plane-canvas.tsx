/** Canvases of the plane: a picture of cells, and the points that lie on it. */
import { useEffect, useRef } from 'preact/hooks';
import { colorOf, themeVersion } from '../../../components/theme';
import type { Extent, PlanePoints, PlaneSamples } from '../../../worker/boundary-view';
import { CLASS_TOKENS, type Palette, placeIn } from './colors';
import type { Line } from './contour';

/** Of a mark, in pixels. */
const RADIUS = 3;

/** The theme's colours. */
export function paletteOf(): Palette {
  const parse = (token: `--${string}`) => {
    const [red, green, blue] = (colorOf(token).match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue] as const;
  };
  return { zero: parse('--diverge-zero'), classes: CLASS_TOKENS.map(parse) };
}

interface CellsProps {
  /** (side × side × 4), as `answerColors` gives them. */
  readonly colors: Uint8ClampedArray<ArrayBuffer>;
  readonly side: number;
}

/** It has no words of its own: whoever shows it names it. */
export function Cells({ colors, side }: CellsProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    ref.current?.getContext('2d')?.putImageData(new ImageData(colors, side, side), 0, 0);
  }, [colors, side]);
  return <canvas ref={ref} class="plane-cells" width={side} height={side} />;
}

interface LinesProps {
  readonly lines: readonly Line[];
  /** Of the square that they are drawn in, in pixels. */
  readonly size: number;
}

/** The lines between what has different colours. */
export function Lines({ lines, size }: LinesProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = themeVersion.value;
  useEffect(() => {
    const context = contextOf(ref.current, size);
    if (context === undefined) return;
    context.strokeStyle = colorOf('--ink');
    context.lineWidth = 1.25;
    context.lineCap = 'round';
    context.beginPath();
    for (const [fromX, fromY, toX, toY] of lines) {
      context.moveTo(size * fromX, size * fromY);
      context.lineTo(size * toX, size * toY);
    }
    context.stroke();
  }, [lines, size, theme]);
  return <canvas ref={ref} class="plane-drawing" />;
}

/** A canvas emptied and as fine as the screen, to be drawn on in pixels of the page; undefined before it has a size. */
function contextOf(
  canvas: HTMLCanvasElement | null,
  size: number,
): CanvasRenderingContext2D | undefined {
  const context = canvas?.getContext('2d');
  if (!canvas || !context || size === 0) return undefined;
  const scale = devicePixelRatio;
  canvas.width = Math.round(size * scale);
  canvas.height = Math.round(size * scale);
  context.scale(scale, scale);
  return context;
}

interface PointsProps {
  readonly points: PlanePoints;
  /** Those that somebody has added, whether the run has them yet or not. */
  readonly added: PlaneSamples;
  readonly extent: Extent;
  /** Of the square that they are drawn in, in pixels. */
  readonly size: number;
}

/** Training points as discs, test points as squares that stand on a corner, with a ring around added ones. */
export function Points({ points, added, extent, size }: PointsProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = themeVersion.value;
  useEffect(() => {
    const context = contextOf(ref.current, size);
    if (context === undefined) return;
    context.lineWidth = 1;
    const draw = (
      { values, labels }: PlaneSamples,
      edge: `--${string}`,
      mark: (context: CanvasRenderingContext2D, x: number, y: number) => void,
    ) => {
      context.strokeStyle = colorOf(edge);
      for (const [i, label] of labels.entries()) {
        const { x, y } = placeIn(extent, { x: values[2 * i], y: values[2 * i + 1] });
        context.fillStyle = colorOf(CLASS_TOKENS[label % CLASS_TOKENS.length]);
        context.beginPath();
        mark(context, size * x, size * y);
        context.fill();
        context.stroke();
      }
    };
    draw(points.train, '--paper', disc);
    draw(points.test, '--ink', diamond);
    draw(added, '--ink', ringed);
  }, [points, added, extent, size, theme]);
  return <canvas ref={ref} class="plane-drawing" />;
}

function disc(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.arc(x, y, RADIUS, 0, 2 * Math.PI);
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number): void {
  const reach = RADIUS + 1.5;
  context.moveTo(x, y - reach);
  context.lineTo(x + reach, y);
  context.lineTo(x, y + reach);
  context.lineTo(x - reach, y);
  context.closePath();
}

/** A larger disc, and a ring at some distance. */
function ringed(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.arc(x, y, RADIUS + 3, 0, 2 * Math.PI);
  context.stroke();
  context.beginPath();
  context.arc(x, y, RADIUS + 0.5, 0, 2 * Math.PI);
}
