/** What stands on the charts' x axis, and where a row of a history stands on it. */
import type { RunHistory } from '../../state/run-history';

export const AXIS_TITLES = {
  epoch: 'epoch',
  step: 'step (updates of the parameters)',
  seconds: 'seconds of training',
} as const;

export type XAxis = keyof typeof AXIS_TITLES;
export const X_AXES = Object.keys(AXIS_TITLES) as readonly XAxis[];

/** Where the end of a row's epoch stands. */
export function xOf(history: RunHistory, axis: XAxis, row: number): number {
  return placeOf(history, axis, history.epochs[row], history.milliseconds[row]);
}

/** @param epochs - epochs done, with the share of the one under way */
export function placeOf(
  { batchesPerEpoch }: RunHistory,
  axis: XAxis,
  epochs: number,
  milliseconds: number,
): number {
  switch (axis) {
    case 'epoch':
      return epochs;
    case 'step':
      return Math.round(epochs * batchesPerEpoch);
    case 'seconds':
      return milliseconds / 1000;
    default:
      return axis satisfies never;
  }
}

/** The row that stands nearest to `x`, if the history reaches so far. */
export function rowNear(history: RunHistory, axis: XAxis, x: number): number | undefined {
  const { length } = history;
  if (length === 0) return undefined;
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xOf(history, axis, middle) < x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const [before, after] = [xOf(history, axis, low - 1), xOf(history, axis, low)];
  if (x > after) return x - after <= after - before ? low : undefined;
  return x - before < after - x ? low - 1 : low;
}
