/**
 * The charts as a picture for a report: of a fixed size whatever the window, with a title, a legend and
 * who computed. One list of marks, which is written as SVG or drawn on a canvas.
 */
import type { Axis, Drawing, Series } from '../../components/drawing';

/** Something on the picture, in its pixels from the top left corner. */
type Mark = Line | Text;

interface Line {
  readonly kind: 'line';
  /** As SVG has it: moves, lines and arcs. */
  readonly path: string;
  readonly color: string;
  readonly width: number;
  readonly isDashed?: boolean;
  /** Of a closed path. */
  readonly fill?: string;
}

interface Text {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly color: string;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly isBold?: boolean;
  /** Reads upwards. */
  readonly isUpright?: boolean;
}

export interface Picture {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly marks: readonly Mark[];
}

interface Contents {
  readonly title: string;
  readonly charts: readonly { readonly title: string; readonly drawing: Drawing }[];
  /** What the lines of each run are: its name, and the colours of its two lines. */
  readonly legend: readonly {
    readonly name: string;
    readonly train: Series['color'];
    readonly test: Series['color'];
  }[];
  /** A token's present colour. */
  readonly colorOf: (token: `--${string}`) => string;
}

/** Half the width of a page at 300 dots an inch, for two charts beside each other. */
const WIDTH = 1240;
const MARGIN = 32;
const HEAD = 56;
const CHART = { width: 560, height: 400, left: 64, right: 12, top: 36, bottom: 52 } as const;
const LEGEND_ROW = 24;
const SIZES = { title: 20, heading: 16, text: 13 } as const;

/** Lays the picture out. */
export function pictureOf({ title, charts, legend, colorOf }: Contents): Picture {
  const [ink, soft] = [colorOf('--ink'), colorOf('--ink-soft')];
  const legendTop = HEAD + CHART.height + 24;
  const text = (x: number, y: number, words: string): Text => {
    return { kind: 'text', x, y, text: words, color: soft, size: SIZES.text, anchor: 'start' };
  };
  const rows = legend.flatMap(({ name, train, test }, row): Mark[] => {
    const y = legendTop + LEGEND_ROW * (row + 1);
    const swatch = (x: number) => `M${x} ${y - 4}h32`;
    return [
      { kind: 'line', path: swatch(MARGIN), color: colorOf(train), width: 2 },
      text(MARGIN + 40, y, 'train'),
      { kind: 'line', path: swatch(MARGIN + 88), color: colorOf(test), width: 2, isDashed: true },
      text(MARGIN + 128, y, 'test'),
      { ...text(MARGIN + 176, y, name), color: ink },
    ];
  });
  const head: Text = { ...text(MARGIN, MARGIN + 4, title), color: ink, isBold: true };
  return {
    title,
    width: WIDTH,
    height: legendTop + LEGEND_ROW * (legend.length + 1),
    background: colorOf('--paper'),
    marks: [
      { ...head, size: SIZES.title },
      ...charts.flatMap(({ title: heading, drawing }, index) =>
        chartOf(heading, drawing, MARGIN + index * (CHART.width + MARGIN), colorOf),
      ),
      ...rows,
    ],
  };
}

function chartOf(
  title: string,
  { x, y, series, marks = [] }: Drawing,
  left: number,
  colorOf: Contents['colorOf'],
): Mark[] {
  const points = series.flatMap((one) => one.points);
  const columns = { from: left + CHART.left, to: left + CHART.width - CHART.right };
  const rows = { from: HEAD + CHART.height - CHART.bottom, to: HEAD + CHART.top };
  const across = scaleOf(
    x,
    points.map((point) => point.x),
    columns,
  );
  const up = scaleOf(
    y,
    points.map((point) => point.y),
    rows,
  );
  const soft = colorOf('--ink-soft');
  const text = (words: string, at: { x: number; y: number }): Text => {
    return { kind: 'text', ...at, text: words, color: soft, size: SIZES.text, anchor: 'middle' };
  };
  const line = (path: string, token: `--${string}`): Line => {
    return { kind: 'line', path, color: colorOf(token), width: 1 };
  };
  // As on the page: what comes first lies on top, and dashes over solid lines, which would hide them.
  const rank = ({ isMark, isDashed }: Series) => (isMark ? 2 : isDashed ? 1 : 0);
  const fromBelow = [...series].reverse().sort((a, b) => rank(a) - rank(b));
  const lines = fromBelow.flatMap((one): Mark[] => {
    const color = colorOf(one.color);
    const shown = one.points.filter((point) => up.holds(point.y));
    if (shown.length === 0) return [];
    const places = shown.map((point) => `${fixed(across.at(point.x))} ${fixed(up.at(point.y))}`);
    if (one.isMark === true) {
      const rings = places.map((place) => `M${place}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`);
      return [{ kind: 'line', path: rings.join(''), color, width: 2, fill: colorOf('--paper') }];
    }
    const path = `M${places.join('L')}`;
    return [{ kind: 'line', path, color, width: 2, ...(one.isDashed && { isDashed: true }) }];
  });
  return [
    {
      ...text(title, { x: left, y: HEAD + 16 }),
      ...{ color: colorOf('--ink'), size: SIZES.heading, anchor: 'start', isBold: true },
    },
    ...across.ticks.flatMap((tick) => [
      line(`M${fixed(across.at(tick))} ${rows.from}V${rows.to}`, '--grid'),
      text(numeral(tick), { x: across.at(tick), y: rows.from + 18 }),
    ]),
    ...up.ticks.flatMap((tick): Mark[] => [
      line(`M${columns.from} ${fixed(up.at(tick))}H${columns.to}`, '--grid'),
      { ...text(numeral(tick), { x: columns.from - 8, y: up.at(tick) + 4 }), anchor: 'end' },
    ]),
    line(`M${columns.from} ${rows.to}V${rows.from}H${columns.to}`, '--rule-strong'),
    text(x.title, { x: (columns.from + columns.to) / 2, y: rows.from + 42 }),
    { ...text(y.title, { x: left + 14, y: (rows.from + rows.to) / 2 }), isUpright: true },
    ...lines,
    // What has changed on the way, one text below the other.
    ...marks.flatMap(({ x: value, text: words }, i): Mark[] => {
      const place = across.at(value);
      const isLeft = place > (columns.from + columns.to) / 2;
      const beside = { x: isLeft ? place - 5 : place + 5, y: rows.to + 12 + 18 * (i % 4) };
      return [
        { ...line(`M${fixed(place)} ${rows.from}V${rows.to}`, '--ink-faint'), isDashed: true },
        { ...text(words, beside), anchor: isLeft ? 'end' : 'start' },
      ];
    }),
  ];
}

interface Scale {
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
  /** Whether a value has a place: a logarithm has none of 0. */
  readonly holds: (value: number) => boolean;
}

/** From the axis's values, and the data's where it leaves them open, to pixels. */
function scaleOf(
  { minimum, maximum, suggested, isLogarithmic = false }: Axis,
  values: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): Scale {
  const holds = (value: number) => Number.isFinite(value) && (!isLogarithmic || value > 0);
  const known = values.filter(holds);
  const least = (start: number, list: readonly number[]) =>
    list.reduce((most, value) => Math.min(most, value), start);
  const most = (start: number, list: readonly number[]) =>
    -least(
      -start,
      list.map((v) => -v),
    );
  const low = minimum ?? least(suggested?.[0] ?? known[0] ?? 0, known);
  const high = maximum ?? most(suggested?.[1] ?? known[0] ?? 1, known);
  if (isLogarithmic) {
    const first = Math.floor(Math.log10(low > 0 ? low : 1e-4));
    const last = Math.max(first + 1, Math.ceil(Math.log10(high > 0 ? high : 1)));
    const ticks = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
    const at = (value: number) =>
      from + ((to - from) * (Math.log10(value) - first)) / (last - first);
    return { ticks, at, holds };
  }
  const step = roundStep((high - low) / 5);
  const bottom = minimum ?? Math.floor(low / step) * step;
  const top = maximum ?? Math.ceil(high / step) * step;
  const count = Math.floor((top - bottom) / step + 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, i) => bottom + i * step);
  const at = (value: number) => from + ((to - from) * (value - bottom)) / (top - bottom);
  return { ticks, at, holds };
}

/** A one, two or five with zeros, at least as large as `step`. */
function roundStep(step: number): number {
  if (!(step > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5].find((digit) => digit * power >= step * (1 - 1e-9)) ?? 10);
}

function numeral(value: number): string {
  const rounded = Number(value.toPrecision(6));
  return Math.abs(rounded) >= 10_000 ? rounded.toLocaleString('en') : String(rounded);
}

function fixed(value: number): string {
  return value.toFixed(1);
}

const FONT = 'system-ui, "Liberation Sans", Arial, sans-serif';
const DASHES = [6, 4];

/** The picture as a file of SVG, which needs nothing from the page. */
export function svgOf({ title, width, height, background, marks }: Picture): string {
  const lines = marks.map((mark) => {
    if (mark.kind === 'line') {
      const dashes = mark.isDashed ? ` stroke-dasharray="${DASHES.join(' ')}"` : '';
      return `<path d="${mark.path}" stroke="${mark.color}" stroke-width="${mark.width}" fill="${mark.fill ?? 'none'}"${dashes}/>`;
    }
    const { x, y, text, color, size, anchor, isBold, isUpright } = mark;
    const turn = isUpright ? ` transform="rotate(-90 ${fixed(x)} ${fixed(y)})"` : '';
    return `<text x="${fixed(x)}" y="${fixed(y)}" font-size="${size}" fill="${color}" text-anchor="${anchor}"${isBold ? ' font-weight="600"' : ''}${turn}>${escaped(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family='${FONT}'>
<title>${escaped(title)}</title>
<rect width="100%" height="100%" fill="${background}"/>
${lines.join('\n')}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Draws the picture from the origin of a canvas, in its present scale. */
export function paint(context: CanvasRenderingContext2D, picture: Picture): void {
  context.fillStyle = picture.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.lineJoin = 'round';
  for (const mark of picture.marks) {
    if (mark.kind === 'line') {
      const path = new Path2D(mark.path);
      context.setLineDash(mark.isDashed ? DASHES : []);
      context.strokeStyle = mark.color;
      context.lineWidth = mark.width;
      if (mark.fill !== undefined) {
        context.fillStyle = mark.fill;
        context.fill(path);
      }
      context.stroke(path);
      continue;
    }
    context.save();
    context.translate(mark.x, mark.y);
    if (mark.isUpright) context.rotate(-Math.PI / 2);
    context.font = `${mark.isBold ? '600 ' : ''}${mark.size}px ${FONT}`;
    context.textAlign = mark.anchor === 'middle' ? 'center' : mark.anchor;
    context.fillStyle = mark.color;
    context.fillText(mark.text, 0, 0);
    context.restore();
  }
}
