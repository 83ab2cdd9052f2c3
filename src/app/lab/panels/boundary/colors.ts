/** The pictures of the plane: from answers and activations to colours, and to words. */
import type { LayerActivation } from '../../../../layers/activation';
import type { BoundaryView, Extent, UnitMap } from '../../../worker/boundary-view';
import { type Line, linesBetween } from './contour';

/** Red, green and blue from 0 to 255. */
export type Color = readonly [number, number, number];

export interface Palette {
  /** Where the network does not know, and where a unit is 0. */
  readonly zero: Color;
  /** Of each class, the first orange and the second blue: the ends of the diverging scale. */
  readonly classes: readonly Color[];
}

/** The tokens of the classes' colours; more classes than these begin again. */
export const CLASS_TOKENS = [
  ...['--diverge-negative', '--diverge-positive', '--run-1', '--run-2', '--run-3', '--run-4'],
  ...['--run-5', '--run-6'],
] as readonly `--${string}`[];

/** Of a class's colour, the most that the ground has, so that points of the class are seen on it. */
const GROUND = 0.5;

/** A class's colour. */
export function classColor({ classes }: Palette, index: number): Color {
  return classes[index % classes.length];
}

/**
 * The answer in each cell: the colour of the most probable class, the paler the nearer the network is to
 * guessing among `classes`.
 *
 * @returns (cells × 4), red, green, blue and opacity
 */
export function answerColors(
  { winners, strengths }: Pick<BoundaryView, 'winners' | 'strengths'>,
  classes: number,
  palette: Palette,
): Uint8ClampedArray<ArrayBuffer> {
  const guess = 1 / classes;
  return colored(winners.length, palette, (cell) => ({
    share: (GROUND * (strengths[cell] - guess)) / (1 - guess),
    end: classColor(palette, winners[cell]),
  }));
}

/**
 * A unit's activation in each cell: blue above its middle, orange below it.
 *
 * @param activation - of the unit; what has no bounds is coloured by the largest magnitude in the picture
 * @returns (cells × 4), red, green, blue and opacity
 */
export function unitColors(
  values: Float32Array,
  activation: LayerActivation,
  palette: Palette,
): Uint8ClampedArray<ArrayBuffer> {
  const isBounded = activation === 'sigmoid' || activation === 'tanh';
  const limit = isBounded ? 1 : values.reduce((most, a) => Math.max(most, Math.abs(a)), 1e-30);
  const middle = middleOf(activation);
  return colored(values.length, palette, (cell) => {
    const value = (values[cell] - middle) / (limit - middle);
    return { share: GROUND * Math.abs(value), end: classColor(palette, value < 0 ? 0 : 1) };
  });
}

/** Half is the middle of a sigmoid, zero of all others. */
function middleOf(activation: LayerActivation): number {
  return activation === 'sigmoid' ? 0.5 : 0;
}

/** Where the network's answer changes from one class to another. */
export function answerLines(
  { winners, strengths, side }: Pick<BoundaryView, 'winners' | 'strengths' | 'side'>,
  classes: number,
): readonly Line[] {
  const margins = strengths.map((strength) => Math.max(0, strength - 1 / classes));
  return linesBetween({ side, kinds: winners, margins });
}

/** Where a unit passes its middle; none where it never goes below, as with relu: there its colour begins. */
export function unitLines(values: Float32Array, activation: LayerActivation): readonly Line[] {
  const middle = middleOf(activation);
  if (values.every((value) => value >= middle)) return [];
  return linesBetween({
    side: Math.sqrt(values.length),
    kinds: values.map((value) => (value > middle ? 1 : 0)),
    margins: values.map((value) => Math.abs(value - middle)),
  });
}

function colored(
  cells: number,
  { zero }: Palette,
  colorAt: (cell: number) => { readonly share: number; readonly end: Color },
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * cells);
  for (let cell = 0; cell < cells; cell++) {
    const { share, end } = colorAt(cell);
    for (const [channel, from] of zero.entries()) {
      pixels[4 * cell + channel] = from + share * (end[channel] - from);
    }
    pixels[4 * cell + 3] = 255;
  }
  return pixels;
}

/** A place in the plane. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** The cell that a place lies in; outside the picture the nearest one. */
export function cellAt({ extent, side }: Pick<BoundaryView, 'extent' | 'side'>, at: PlanePoint) {
  const { left, right, bottom, top } = extent;
  const within = (share: number) => Math.min(side - 1, Math.max(0, Math.floor(share * side)));
  const row = within((top - at.y) / (top - bottom));
  return row * side + within((at.x - left) / (right - left));
}

/** Where a place lies in a picture that is 1 wide and 1 high, from the top left. */
export function placeIn({ left, right, bottom, top }: Extent, { x, y }: PlanePoint): PlanePoint {
  return { x: (x - left) / (right - left), y: (top - y) / (top - bottom) };
}

/** A few round numbers along an axis, with their texts. */
export function ticksOf(
  from: number,
  to: number,
): readonly { readonly value: number; readonly text: string }[] {
  const rough = (to - from) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  const format = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });
  return Array.from({ length: count }, (_, i) => {
    const value = (first + i) * step || 0;
    return { value, text: format.format(value).replace('-', '−') };
  });
}

/** The whole picture in words: `The network answers 0 in 57 % of the plane and 1 in 43 %.` */
export function boundarySentence(
  { winners }: Pick<BoundaryView, 'winners'>,
  classNames: readonly string[],
): string {
  const counts = classNames.map((_, k) => winners.reduce((sum, w) => sum + (w === k ? 1 : 0), 0));
  const parts = classNames.map((name, k) => {
    const share = Math.round((100 * counts[k]) / winners.length);
    return `${name} in ${share} %${k === 0 ? ' of the plane' : ''}`;
  });
  const last = parts.pop();
  return `The network answers ${parts.join(', ')} and ${last}.`;
}

/** `Unit 3 of layer 1`, as its heading and its picture have it. */
export function unitTitle({ layer, unit }: Pick<UnitMap, 'layer' | 'unit'>): string {
  return `Unit ${unit + 1} of layer ${layer}`;
}

/** `Unit 3 of layer 1 is above its middle in 40 % of the plane.` */
export function unitSentence(unit: UnitMap, activation: LayerActivation): string {
  const middle = middleOf(activation);
  const above = unit.values.reduce((sum, value) => sum + (value > middle ? 1 : 0), 0);
  const share = Math.round((100 * above) / unit.values.length);
  return `${unitTitle(unit)} is above its middle in ${share} % of the plane.`;
}
