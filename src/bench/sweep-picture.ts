/**
 * The sweep as a picture: how many times as fast WebGPU is as the CPU, over the width of the network, a
 * line for each batch size. SVG that follows the reader's light or dark colours.
 */
import type { SweepPoint } from '../comparison/crossover';
import { sweepPoints, sweepSentence } from './crossover';
import { type BenchResult, describeAdapter } from './results';

const SIZE = { width: 760, height: 440 } as const;
const PLOT = { left: 64, right: 650, top: 76, bottom: 372 } as const;

/** Paper, ink, soft ink, grid; then a line for each batch size. Okabe and Ito's, apart for every kind of colour vision. */
const COLORS = {
  light: ['#fdfcf9', '#1c2126', '#4c535b', '#e2ded4', '#0072b2', '#d55e00', '#007a5e', '#a2578a'],
  dark: ['#15171a', '#e7e5df', '#b3b6ba', '#31363d', '#56b4e9', '#f0894a', '#3fbf97', '#d9a0c4'],
} as const;
const [PAPER, INK, SOFT, GRID] = ['c0', 'c1', 'c2', 'c3'];
const FIRST_LINE = 4;

/**
 * The picture of a benchmark's sweep.
 *
 * @returns SVG; undefined where there are no points at which both have a time
 */
export function sweepPicture(result: BenchResult): string | undefined {
  const points = sweepPoints(result.workloads);
  if (points.length === 0) return undefined;
  const widths = [...new Set(points.map(({ width }) => width))].sort((a, b) => a - b);
  const batches = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
  const ratios = points.map(ratioOf);
  // Whole powers of two around all ratios and 1.
  const least = Math.floor(Math.log2(Math.min(0.5, ...ratios)));
  const most = Math.ceil(Math.log2(Math.max(2, ...ratios)));
  const x = (width: number) =>
    PLOT.left +
    ((Math.log2(width) - Math.log2(widths[0])) /
      Math.max(1, Math.log2(widths[widths.length - 1] / widths[0]))) *
      (PLOT.right - PLOT.left);
  const y = (ratio: number) =>
    PLOT.bottom - ((Math.log2(ratio) - least) / (most - least)) * (PLOT.bottom - PLOT.top);

  const rows = Array.from({ length: most - least + 1 }, (_, i) => 2 ** (least + i));
  const lines = batches.map((batch, i) => {
    const own = points.filter((point) => point.batch === batch).sort((a, b) => a.width - b.width);
    return lineOf(own, colorOf(i), x, y);
  });
  const labels = [
    ...batches.map((batch, i) => {
      const own = points.filter((point) => point.batch === batch);
      const last = own.reduce((widest, point) => (point.width > widest.width ? point : widest));
      return { words: `batch ${batch}`, color: colorOf(i), height: y(ratioOf(last)) };
    }),
    { words: 'equally fast', color: SOFT, height: y(1) },
  ];
  const heights = spread(labels.map(({ height }) => height));
  const { machine, adapter } = result;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="${SIZE.width}" height="${SIZE.height}" role="img">`,
    `<title>${escaped(sweepSentence(result) ?? '')}</title>`,
    `<style>${styles()}</style>`,
    `<rect class="${PAPER}" width="100%" height="100%"/>`,
    text(24, 32, 'How many times as fast WebGPU trains as the CPU', `${INK} title`),
    text(24, 52, `${describeAdapter(adapter)}; ${machine.os}, ${coresOf(machine.cores)}`, SOFT),
    ...rows.flatMap((ratio) => [
      `<path class="${GRID}${ratio === 1 ? ' even' : ''}" d="M${PLOT.left} ${fixed(y(ratio))}H${PLOT.right}"/>`,
      text(PLOT.left - 8, y(ratio) + 4, ratio < 1 ? `1/${1 / ratio}` : `${ratio}`, `${SOFT} end`),
    ]),
    ...widths.map((width) => text(x(width), PLOT.bottom + 20, `${width}`, `${SOFT} middle`)),
    text(
      (PLOT.left + PLOT.right) / 2,
      PLOT.bottom + 42,
      'units in each of two hidden layers',
      `${SOFT} middle`,
    ),
    ...lines,
    ...labels.map(({ words, color }, i) => text(PLOT.right + 10, heights[i] + 4, words, color)),
    '</svg>',
    '',
  ].join('\n');
}

/** The class of the line of the batch size number `i`. */
function colorOf(i: number): string {
  return `c${FIRST_LINE + (i % (COLORS.light.length - FIRST_LINE))}`;
}

function ratioOf({ webgpu, cpu }: SweepPoint): number {
  return cpu / webgpu;
}

function lineOf(
  points: readonly SweepPoint[],
  color: string,
  x: (width: number) => number,
  y: (ratio: number) => number,
): string {
  const places = points.map((point) => [fixed(x(point.width)), fixed(y(ratioOf(point)))]);
  const dots = places.map(
    ([left, top]) => `<circle class="${color}" cx="${left}" cy="${top}" r="3.5"/>`,
  );
  return `<path class="line ${color}" d="M${places.map((place) => place.join(' ')).join('L')}"/>${dots.join('')}`;
}

/** Labels' heights moved apart, so that none covers another; in their own order. */
function spread(heights: readonly number[]): readonly number[] {
  const LEAST = 16;
  const order = heights
    .map((height, index) => ({ height, index }))
    .sort((a, b) => a.height - b.height);
  const moved = [...heights];
  let above = Number.NEGATIVE_INFINITY;
  for (const { height, index } of order) {
    above = Math.max(height, above + LEAST);
    moved[index] = above;
  }
  return moved;
}

function styles(): string {
  const rules = (colors: readonly string[]) =>
    colors.map((color, i) => `.c${i}{fill:${color};stroke:${color}}`).join('');
  return [
    'text{font:13px system-ui,sans-serif}text[class]{stroke:none}.title{font-size:18px;font-weight:600}',
    '.end{text-anchor:end}.middle{text-anchor:middle}',
    'path{stroke-width:1}path[class]{fill:none}.line{stroke-width:2.5}.even{stroke-width:2;stroke-dasharray:6 4}',
    rules(COLORS.light),
    `@media(prefers-color-scheme:dark){${rules(COLORS.dark)}}`,
  ].join('');
}

function text(x: number, y: number, words: string, classes: string): string {
  return `<text class="${classes}" x="${fixed(x)}" y="${fixed(y)}">${escaped(words)}</text>`;
}

function coresOf(count: number): string {
  return `${count} core${count === 1 ? '' : 's'}`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(words: string): string {
  return words.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
