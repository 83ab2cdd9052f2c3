/** The lines that the notebook prints while it trains (Part 8), to the last digit as Python formats them. */
import type { EpochMetrics } from './backend';
import { formatFixed } from './format-fixed';

/** The metrics that a line shows. */
type PrintedMetrics = Pick<EpochMetrics, 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy'>;

/** True for the first epoch and for each multiple of `printEvery`; `epoch` counts from 1. */
export function isPrinted(epoch: number, printEvery: number): boolean {
  return epoch === 1 || epoch % printEvery === 0;
}

/**
 * A line of the log: `Epoch  100/1000 | Train Loss: 0.6930 | Test Loss: … | Train Acc: … | Test Acc: …`.
 *
 * @param epoch - counted from 1
 * @param epochs - how many there will be
 */
export function printedLine(epoch: number, epochs: number, metrics: PrintedMetrics): string {
  const { loss, accuracy, valLoss, valAccuracy } = metrics;
  return [
    `Epoch ${String(epoch).padStart(4)}/${epochs}`,
    `Train Loss: ${formatFixed(loss, 4)}`,
    `Test Loss: ${formatFixed(valLoss, 4)}`,
    `Train Acc: ${formatFixed(accuracy, 4)}`,
    `Test Acc: ${formatFixed(valAccuracy, 4)}`,
  ].join(' | ');
}
