/** Which epochs the log and the tables print. */
import type { EpochMetrics } from '../../training/backend';
import { printedLine } from '../../training/printed-lines';
import type { Run } from './run';

/** A line of the log for every hundredth epoch, and ten lines at least where there are so many epochs. */
const MOST_BETWEEN_LINES = 100;

/** Rows of a table, about, and lines of a short log at least. */
const ROWS = 10;

/** The first epoch and each multiple of `interval`, of those that are done; they count from 1. */
function printedEpochs({ history }: Run, interval: number): [epoch: number, EpochMetrics][] {
  return Array.from({ length: Math.floor(history.length / interval) + 1 }, (_, i) => i * interval)
    .map((epoch) => Math.max(1, epoch))
    .flatMap((epoch, i, epochs) => {
      const metrics = epoch === epochs[i - 1] ? undefined : history.at(epoch - 1);
      return metrics === undefined ? [] : [[epoch, metrics]];
    });
}

/** The lines of the epochs that are done, as the notebook prints them. */
export function printedLines(run: Run): string[] {
  const { epochs } = run.configuration;
  const interval = Math.max(1, Math.min(MOST_BETWEEN_LINES, Math.floor(epochs / ROWS)));
  return printedEpochs(run, interval).map(([epoch, metrics]) =>
    printedLine(epoch, epochs, metrics),
  );
}

/** About ten epochs of a run for a table, those that are done. */
export function tableEpochs(run: Run | undefined): [epoch: number, EpochMetrics][] {
  if (run === undefined) return [];
  return printedEpochs(run, Math.max(1, Math.floor(run.configuration.epochs / ROWS)));
}
