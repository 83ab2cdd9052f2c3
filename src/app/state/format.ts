/** Numbers as the page writes them. */
import { formatFixed } from '../../training/format-fixed';

const INTEGER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function integer(value: number): string {
  return INTEGER.format(value);
}

/** With so many significant digits, and never as a power of ten: `2.0`, `130`, `1,200`. */
export function significant(value: number, digits: number): string {
  return new Intl.NumberFormat('en', {
    ...{ minimumSignificantDigits: digits, maximumSignificantDigits: digits },
  }).format(value);
}

/** A loss, an accuracy or a probability: four decimal places, as the notebook prints it. */
export function printedNumber(value: number): string {
  return formatFixed(value, 4);
}

/** Milliseconds with three significant digits, in seconds from ten of them on. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds >= 100) return `${INTEGER.format(milliseconds)} ms`;
  return `${milliseconds.toPrecision(3)} ms`;
}

/** Of a run whose time nobody has measured, as of one that was loaded from a file. */
export const NOT_MEASURED = 'not measured';

/**
 * How long training still takes, at the speed so far and at the pace of slow motion, which does not count
 * as training: `5 s left`, `16 min left`, `32 h left`. Nothing before the first epoch.
 *
 * @param done - epochs, with the share of the one under way
 * @param milliseconds - of training so far
 * @param pace - epochs a second in slow motion
 */
export function timeLeft(
  done: number,
  epochs: number,
  milliseconds: number,
  pace?: number,
): string | undefined {
  if (done === 0) return undefined;
  const each = milliseconds / done + (pace === undefined ? 0 : 1000 / pace);
  const seconds = (each * (epochs - done)) / 1000;
  if (seconds < 60) return `${Math.ceil(seconds)} s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 120) return `${minutes} min left`;
  const hours = Math.ceil(minutes / 60);
  return hours <= 48 ? `${hours} h left` : `${integer(Math.ceil(hours / 24))} days left`;
}

/** `3 samples`, `1 sample`. */
export function count(value: number, noun: string): string {
  return `${integer(value)} ${noun}${value === 1 ? '' : 's'}`;
}

const AGO = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How long ago something was: `5 minutes ago`. */
export function ago(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return AGO.format(-minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 24 ? AGO.format(-hours, 'hour') : AGO.format(-Math.round(hours / 24), 'day');
}
