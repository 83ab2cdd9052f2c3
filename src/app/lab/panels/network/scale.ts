/** The diverging colour scale about zero: blue above, orange below, paper between. */
import type { PlacedLayer } from '../../../../layers/layer';
import { colorOf } from '../../../components/theme';

type Color = readonly [number, number, number];

/** The largest magnitude, at least one that can be divided by. */
export function largestMagnitude(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
}

/** The activation's bound where it has one, else the largest of the layer. */
export function activationLimit(
  { layer: { activation }, isOutput }: PlacedLayer,
  values: Float64Array,
): number {
  return isOutput || activation === 'sigmoid' || activation === 'tanh'
    ? 1
    : largestMagnitude(values);
}

/**
 * The scale with the theme's colours, asked for once and not for every pixel: red, green and blue from 0
 * to 255 of a value between -limit and limit.
 */
export function divergingScale(limit: number): (value: number) => Color {
  const zero = parse(colorOf('--diverge-zero'));
  const negative = parse(colorOf('--diverge-negative'));
  const positive = parse(colorOf('--diverge-positive'));
  return (value) => {
    const share = Math.min(1, Math.abs(value) / limit);
    const end = value < 0 ? negative : positive;
    const mix = (channel: number) => zero[channel] + share * (end[channel] - zero[channel]);
    return [mix(0), mix(1), mix(2)];
  };
}

function parse(color: string): Color {
  const [red, green, blue] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

/** A weight in a narrow cell: `.03`, `−1.2`, `12`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size < 0.005) return '0';
  const digits = size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2;
  return withMinus(value.toFixed(digits).replace('0.', '.'));
}

/** An activation: two decimal places. */
export function fixedNumber(value: number): string {
  return withMinus(value.toFixed(2));
}

/** A weight with three significant digits. */
export function exactNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return withMinus(value.toExponential(2));
  return withMinus(String(Number(value.toPrecision(3))));
}

function withMinus(text: string): string {
  return text.replaceAll('-', '−');
}
