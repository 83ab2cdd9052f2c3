/**
 * The architecture as a strip: the shape of a sample, and what each layer makes of it. Of layers that are
 * being typed it goes as far as they fit.
 */
import type { Shape } from '../../layers/kind';
import { formatShape } from '../../layers/layer';
import { shapeSteps } from '../../model/shape-steps';
import { integer } from '../state/format';
import './shape-strip.css';

interface Props {
  /** Of a sample. */
  readonly input: Shape;
  /** The hidden layers, one text each. */
  readonly layers: readonly string[];
  /** Units of the output, and what makes probabilities of them. */
  readonly outputs: number;
  readonly output: string;
}

export function ShapeStrip({ input, layers, outputs, output }: Props) {
  const steps = shapeSteps(input, layers);
  const fits = steps.every(({ shape }) => shape !== undefined);
  const places = [
    { text: 'input', shape: input },
    ...steps,
    { text: output, shape: fits ? [outputs] : undefined },
  ];
  const shapes = places.flatMap(({ shape }) => (shape === undefined ? [] : [shape]));
  const rows = Math.max(...shapes.map((shape) => (shape.length === 3 ? shape[1] : 1)));
  const units = Math.max(...shapes.map((shape) => (shape.length === 3 ? 1 : shape[0])));
  const misfit = places.findIndex(({ shape }) => shape === undefined);
  return (
    <ol class="shape-strip" aria-label="Shapes: rows × columns × channels, or units">
      {places.map(({ text, shape }, index) => (
        <li key={index} class={shape === undefined ? 'is-misfit' : undefined}>
          <Icon shape={shape} rows={rows} units={units} />
          <strong>
            {shape === undefined
              ? index === misfit
                ? '✗ does not fit'
                : '?'
              : shape.length === 3
                ? formatShape(shape)
                : integer(shape[0])}
          </strong>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}

/** Sides of the box that an icon is drawn in. */
const SIDE = 40;
/** Of a sheet, least and most. */
const SHEET = { least: 6, most: 28 };
/** From one sheet to the next: more channels are more sheets, up to so many. */
const OFFSET = 3;
const MOST_SHEETS = 5;

interface IconProps {
  readonly shape: Shape | undefined;
  /** The most of any image, and of any other layer. */
  readonly rows: number;
  readonly units: number;
}

/** Sheets for feature maps, a bar for units; the larger the more there is. */
function Icon({ shape, rows, units }: IconProps) {
  return (
    <svg viewBox={`0 0 ${SIDE} ${SIDE}`} aria-hidden="true" focusable="false">
      {shape === undefined ? null : shape.length === 3 ? (
        <Sheets shape={shape} rows={rows} />
      ) : (
        <Bar share={Math.log1p(shape[0]) / Math.log1p(units)} />
      )}
    </svg>
  );
}

function Sheets({ shape: [channels, height, width], rows }: { shape: Shape; rows: number }) {
  const scale = (SHEET.most - SHEET.least) / Math.max(1, rows);
  const [high, wide] = [height, width].map((size) =>
    Math.min(SHEET.most, SHEET.least + scale * size),
  );
  const count = Math.min(MOST_SHEETS, 1 + Math.floor(Math.log2(channels)));
  const depth = OFFSET * (count - 1);
  const [left, top] = [(SIDE - wide - depth) / 2, (SIDE - high - depth) / 2];
  return (
    <>
      {Array.from({ length: count }, (_, sheet) => (
        <rect
          key={sheet}
          x={left + depth - sheet * OFFSET}
          y={top + sheet * OFFSET}
          width={wide}
          height={high}
        />
      ))}
    </>
  );
}

/** @param share - of the height, 0 to 1 */
function Bar({ share }: { readonly share: number }) {
  const height = Math.max(SHEET.least, share * (SIDE - 4));
  return <rect x={SIDE / 2 - 3} y={(SIDE - height) / 2} width={6} height={height} />;
}
