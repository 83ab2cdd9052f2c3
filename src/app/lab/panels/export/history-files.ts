/** The history of a run as files. */
import { toCsv } from '../../../../session/csv';
import { fileText } from '../../../../training/files/run-files';
import type { History } from '../../../../training/history';

/** The history as a table: a line an epoch, counted from 1, in full precision. */
export function historyCsv(history: History): string {
  const columns = Object.entries(history.toRecord());
  const rows = Array.from({ length: history.length }, (_, epoch) => [
    epoch + 1,
    ...columns.map(([, values]) => values[epoch]),
  ]);
  return toCsv([['epoch', ...columns.map(([name]) => name)], ...rows]);
}

export function historyJson(history: History): string {
  return fileText(history.toRecord());
}
