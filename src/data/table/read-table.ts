/** Reads a table that somebody brings, whatever it is called: its first bytes say what it is. */
import { DataFormatError } from '../dataset';
import { binaryKindOf, byteOrderMarkOf, holdsTable, isIdx, isNpy, isZip } from '../file-kind';
import type { Found, Reading, Table, TableOptions } from './table';

/** Enough for every magic, and to see a byte of zero. */
const BEGINNING = 4096;

type TableKind = 'text' | 'npy' | 'npz';

/**
 * What can be told of a table from its beginning, for a first look; of NumPy's files nothing.
 *
 * @throws DataFormatError where it is no table, or what it is instead
 */
export async function lookAtTable(
  file: Blob,
  name: string,
  options: TableOptions,
): Promise<Found | undefined> {
  if ((await kindOf(file, name)) !== 'text') return undefined;
  const { csvFound } = await import('./read-csv');
  return (await csvFound(file, options)).form;
}

/**
 * Reads a table: CSV or TSV in whatever form, NPY or NPZ.
 *
 * @param name - of the file, for messages
 * @throws DataFormatError that names the place and says what was expected; MissingValuesError where rows
 *   lack values and nobody has said that they may be left out; the reason of the signal once it is aborted
 */
export async function readTable(
  file: Blob,
  name: string,
  options: TableOptions = {},
  reading: Reading = {},
): Promise<Table> {
  const kind = await kindOf(file, name);
  if (kind === 'text') {
    // The parser takes its time and memory to load: whoever brings no table goes without.
    const { readCsv } = await import('./read-csv');
    return readCsv(file, options, reading);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  reading.signal?.throwIfAborted();
  const { tableOfNpy, tableOfNpz } = await import('./read-npy');
  return kind === 'npy'
    ? tableOfNpy(name, bytes, options)
    : tableOfNpz(name, bytes, options, reading);
}

async function kindOf(file: Blob, name: string): Promise<TableKind> {
  const start = new Uint8Array(await file.slice(0, BEGINNING).arrayBuffer());
  if (start.length === 0) throw new DataFormatError('The file is empty.');
  if (byteOrderMarkOf(start) !== undefined) return 'text';
  if (isNpy(start)) return 'npy';
  if (isZip(start)) return 'npz';
  if (isIdx(start)) {
    throw new DataFormatError(
      'This is an IDX file, as MNIST comes in: images and labels are four of them, brought together.',
    );
  }
  const kind = binaryKindOf(name, start);
  if (kind !== undefined) {
    const rest = holdsTable(start)
      ? 'Save its table as CSV, which is read here.'
      : 'A table is CSV, TSV, NPY or NPZ.';
    throw new DataFormatError(`This is ${kind}. ${rest}`);
  }
  return 'text';
}
