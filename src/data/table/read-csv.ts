/** Reads a CSV or TSV part by part: its form from the beginning, then a row at a time. */
import Papa from 'papaparse';
import { capitalized, countOf, DataFormatError } from '../dataset';
import { byteOrderMarkOf, isJson, isMarkup } from '../file-kind';
import {
  type CsvForm,
  csvFormOf,
  isBlank,
  isInfinity,
  isMissing,
  numberOf,
  withoutMark,
} from './csv-form';
import { counted, quoted, type Reading, RowStore, type Table, type TableOptions } from './table';

/** Bytes that are decoded at a time, and that the form is found out from. */
const PART = 2 ** 20;
/** Characters of one row, after which a quote that opened it is taken for one that was never closed. */
const LONGEST_ROW = 2 ** 24;

/** How the bytes of a file become text. */
interface Encoding {
  readonly label: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  /** Of the mark before the text. */
  readonly skip: number;
}

/** The beginning of a file, and its form. */
interface Begun {
  readonly encoding: Encoding;
  readonly form: CsvForm;
}

/**
 * Finds out how a CSV is written.
 *
 * @throws DataFormatError where it is no table of numbers and classes
 */
export async function csvFound(file: Blob, options: TableOptions): Promise<Begun> {
  const bytes = new Uint8Array(await file.slice(0, PART).arrayBuffer());
  const isWhole = file.size <= PART;
  const encoding = encodingOf(bytes, isWhole);
  const text = new TextDecoder(encoding.label).decode(bytes.subarray(encoding.skip), {
    stream: !isWhole,
  });
  if (text.trim() === '') throw new DataFormatError('The file is empty.');
  if (isMarkup(text)) {
    throw new DataFormatError('This is an HTML or XML page, not the file behind it.');
  }
  if (isJson(text)) {
    throw new DataFormatError(
      'This is JSON. Save a table as CSV, which is read here; the page’s Export opens settings and runs.',
    );
  }
  if (text.slice(0, 4096).includes('\0')) {
    throw new DataFormatError('This is not text: it has bytes of zero.');
  }
  const form = csvFormOf(text, isWhole, options);
  const facts = [...form.form, ...encodingFact(encoding)];
  return { encoding, form: { ...form, form: facts } };
}

function encodingOf(bytes: Uint8Array, isWhole: boolean): Encoding {
  const mark = byteOrderMarkOf(bytes);
  if (mark !== undefined) return { label: mark.encoding, skip: mark.length };
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
    return { label: 'utf-8', skip: 0 };
  } catch {
    // What spreadsheets in Windows write.
    return { label: 'windows-1252', skip: 0 };
  }
}

function encodingFact({ label, skip }: Encoding): readonly string[] {
  if (label === 'windows-1252') return ['letters of Windows-1252'];
  if (label !== 'utf-8') return ['UTF-16'];
  return skip > 0 ? ['a byte-order mark'] : [];
}

/**
 * Reads a CSV or TSV.
 *
 * @throws DataFormatError that names line and column of what cannot be read, MissingValuesError
 */
export async function readCsv(file: Blob, options: TableOptions, reading: Reading): Promise<Table> {
  const { encoding, form } = await csvFound(file, options);
  const { delimiter, newline, columns } = form;
  const featureNames = form.features.map((i) => columns[i].name);
  const store = new RowStore(featureNames, capitalized(columnWords(form, form.label)), options);
  const takeRow = rowTaker(form, store);
  const parser = new Papa.Parser({ delimiter, newline });
  const decoder = new TextDecoder(encoding.label, { fatal: encoding.label !== 'windows-1252' });
  let rest = '';
  let line = 1;
  for (let at = encoding.skip; at < file.size; at += PART) {
    reading.signal?.throwIfAborted();
    const isLast = at + PART >= file.size;
    const text =
      rest + decoded(decoder, await file.slice(at, at + PART).arrayBuffer(), isLast, line);
    const { data, meta, errors } = parser.parse(text, 0, !isLast) as {
      data: string[][];
      meta: { cursor: number };
      errors: readonly { readonly code: string }[];
    };
    const hasQuotes = text.includes('"');
    // All that is behind such a quote is in the last row.
    const unclosed = errors.some(({ code }) => code === 'MissingQuotes') ? data.at(-1) : undefined;
    for (const row of data) {
      if (row === unclosed) throw unclosedQuote(line);
      takeRow(row, line);
      line += 1 + (hasQuotes ? linesWithin(row) : 0);
    }
    rest = isLast ? '' : text.slice(meta.cursor);
    if (rest.length > LONGEST_ROW) throw unclosedQuote(line);
    reading.onProgress?.(Math.min(1, (at + PART) / file.size));
  }
  const finished = store.finish();
  return {
    found: form,
    ...finished,
    input: { channels: 1, height: 1, width: featureNames.length },
    featureNames,
  };
}

function unclosedQuote(line: number): DataFormatError {
  return new DataFormatError(`Line ${counted(line)}: a quote is opened and never closed.`);
}

/** A column as a sentence names it: `column kind`; `column 2` where there is no header. */
function columnWords({ hasHeader, columns }: CsvForm, index: number): string {
  return hasHeader ? `column ${columns[index].name}` : columns[index].name;
}

function decoded(decoder: TextDecoder, bytes: ArrayBuffer, isLast: boolean, line: number): string {
  try {
    return decoder.decode(bytes, { stream: !isLast });
  } catch {
    throw new DataFormatError(
      `After line ${counted(line)} there are bytes that are not text; saving the file again as UTF-8 may help.`,
    );
  }
}

/** Lines that end within the quotes of a row. */
function linesWithin(row: readonly string[]): number {
  let lines = 0;
  for (const cell of row) {
    if (cell.includes('\n') || cell.includes('\r')) lines += cell.split(/\r\n|\r|\n/).length - 1;
  }
  return lines;
}

/** What takes a row of the file, by its line, and puts its values into the store. */
function rowTaker(form: CsvForm, store: RowStore): (row: readonly string[], line: number) => void {
  const { columns, features, label, hasDecimalComma } = form;
  const values = new Float64Array(features.length);
  let isHeaderDue = form.hasHeader;
  return (row, line) => {
    if (isBlank(row) || (form.namesDelimiter && line === 1)) return;
    const lineName = () => `line ${counted(line)}`;
    const placeOf = (i: number) =>
      `${lineName()}, column ${i + 1}${form.hasHeader ? ` (${columns[i].name})` : ''}`;
    if (isHeaderDue && withoutMark(row.map((cell) => cell.trim())).length === columns.length) {
      isHeaderDue = false;
      return;
    }
    if (row.length !== columns.length) {
      throw new DataFormatError(
        `Line ${counted(line)} has ${countOf(row.length, 'value')}, and the others have ${counted(columns.length)}.`,
      );
    }
    let missing = -1;
    for (let i = 0; i < features.length; i++) {
      const cell = row[features[i]];
      let value = hasDecimalComma ? Number.NaN : plainNumber(cell);
      if (!Number.isFinite(value)) {
        const text = cell.trim();
        if (isMissing(text)) {
          if (missing < 0) missing = features[i];
          continue;
        }
        value = numberOf(text, hasDecimalComma);
        if (!Number.isFinite(value)) throw noNumber(text, value, placeOf(features[i]));
      }
      values[i] = value;
    }
    const name = row[label].trim();
    if (missing < 0 && isMissing(name)) missing = label;
    if (missing < 0) store.add(values, name, lineName);
    else store.addMissing(() => `${placeOf(missing)}: ${quoted(row[missing].trim())}`);
  };
}

/** The number of a text as most are written, NaN of another: `Number` takes '' for 0 and knows 0x10. */
function plainNumber(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  const isPlain = last >= 48 && last <= 57 && !(text.charCodeAt(1) > 57);
  return isPlain ? Number(text) : Number.NaN;
}

function noNumber(text: string, value: number, place: string): DataFormatError {
  const start = `${capitalized(place)}: ${quoted(text)}`;
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
    return new DataFormatError(`${start} is larger than any float64.`);
  }
  if (isInfinity(text)) return new DataFormatError(`${start} is not finite.`);
  if (/^[+-]?\d{1,3}([,.' ]\d{3})+([.,]\d+)?$/.test(text)) {
    return new DataFormatError(
      `${start} is not a number here: write it without separators of thousands.`,
    );
  }
  return new DataFormatError(`${start} is not a number, and the others of this column are.`);
}
