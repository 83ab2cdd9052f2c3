/** Which epochs the log prints, as the notebook does. */
import { printedLine } from '../../training/printed-lines';
import type { Run } from './run';

/** A line for every hundredth epoch, and ten lines at least where there are so many epochs. */
const MOST_BETWEEN_LINES = 100;

/** The first epoch and each multiple of `interval`, up to `epochs`; they count from 1. */
export function printedEpochs(epochs: number, interval: number): number[] {
  const multiples = Array.from(
    { length: Math.floor(epochs / interval) },
    (_, i) => (i + 1) * interval,
  );
  return epochs === 0 || interval === 1 ? multiples : [1, ...multiples];
}

/** The lines of the epochs that are done. */
export function printedLines({ history, configuration: { epochs } }: Run): string[] {
  const interval = Math.max(1, Math.min(MOST_BETWEEN_LINES, Math.floor(epochs / 10)));
  return printedEpochs(history.length, interval).flatMap((epoch) => {
    const metrics = history.at(epoch - 1);
    return metrics === undefined ? [] : [printedLine(epoch, epochs, metrics)];
  });
}
