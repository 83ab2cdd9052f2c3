/**
 * How a CSV is written, found out from its beginning: what separates lines and columns, whether there is a
 * header, what a decimal point looks like, and which columns are numbers.
 */
import Papa from 'papaparse';
import { DataFormatError } from '../dataset';
import {
  type Column,
  checkFeatures,
  distinctNames,
  type Found,
  labelColumnOf,
  quoted,
  type TableOptions,
} from './table';

/** Rows that the form is found out from. */
const SAMPLE_ROWS = 1000;
const PREVIEW_ROWS = 5;
/** A column is one of numbers where at least this share of its values are, so that one slip is told as such. */
const MOSTLY = 0.9;

const DELIMITERS = [
  ['\t', 'tabs'],
  [';', 'semicolons'],
  ['|', 'bars'],
  [',', 'commas'],
  [' ', 'spaces'],
] as const;

export interface CsvForm extends Found {
  readonly delimiter: string;
  readonly newline: '\n' | '\r' | '\r\n';
  /** Whether its first line says how columns are separated, as Excel has it: `sep=;`. */
  readonly namesDelimiter: boolean;
  readonly hasHeader: boolean;
  readonly hasDecimalComma: boolean;
  readonly label: number;
  /** Places of the features, ascending. */
  readonly features: readonly number[];
}

/** The line before the header that tells Excel how columns are separated, which no other table begins with. */
const NAMED_DELIMITER = /^"?sep=([^\w\s".+-]|[\t ])"?[ \t,;]*(?=[\r\n])/i;

/** What stands for a value that is missing. */
const MISSING = /^(|na|n\/a|#n\/a|<na>|-?nan|null|none|nil|\?|-|\.)$/i;

export function isMissing(text: string): boolean {
  return text === '' || (text.length < 5 && MISSING.test(text));
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A number as a file has it.
 *
 * @returns NaN where the text is none; infinite where it is too large
 */
export function numberOf(text: string, hasDecimalComma: boolean): number {
  const written = hasDecimalComma ? text.replace(',', '.') : text;
  return NUMBER.test(written) ? Number(written) : Number.NaN;
}

/** @param isLine - true of a blank line, which counts for nothing */
export function isBlank(row: readonly string[]): boolean {
  return row.length === 1 && row[0].trim() === '';
}

/**
 * The form of a CSV.
 *
 * @param text - its beginning
 * @param isWhole - whether that is all of it
 * @throws DataFormatError where it is no table of numbers and classes
 */
export function csvFormOf(text: string, isWhole: boolean, options: TableOptions): CsvForm {
  const newline = newlineOf(text);
  const [line = '', named] = NAMED_DELIMITER.exec(text) ?? [];
  const table = text.slice(line.length);
  const rowsWith = (delimiter: string) => {
    const parser = new Papa.Parser({ delimiter, newline, preview: SAMPLE_ROWS + 1 });
    const { data } = parser.parse(table, 0, !isWhole) as { data: string[][] };
    const rows = data.filter((row) => !isBlank(row)).map((row) => row.map((cell) => cell.trim()));
    if (rows.length > 0) rows[0] = withoutMark(rows[0]);
    return rows;
  };
  const { rows, delimiter, title } = delimiterOf(rowsWith, named);
  const width = commonWidth(rows).width;
  // A line of another width is told by its number when all is read.
  const even = rows.filter((row) => row.length === width);
  if (even.length < 2) throw new DataFormatError('There are no samples, only one line.');
  const columns = Array.from({ length: width }, (_, i) => i);
  const hasDecimalComma = isDecimalComma(even.slice(1), delimiter);
  const isNumber = (cell: string) => !Number.isNaN(numberOf(cell, hasDecimalComma));
  const kinds = columns.map((i) =>
    kindOf(
      even.slice(1).map((row) => row[i]),
      isNumber,
    ),
  );
  const hasHeader = isHeader(even[0] ?? [], even.slice(1), kinds, isNumber);
  const body = hasHeader ? even.slice(1) : even;
  const names = distinctNames(hasHeader ? even[0] : columns.map(() => ''));
  const label = labelColumnOf(names, options.labelColumn, likelyLabel(kinds, body));
  const leftOut = (i: number): string | undefined => {
    const kind = kinds[i];
    if (kind.kind === 'empty') return 'empty';
    if (kind.kind === 'text') return `not numbers: ${quoted(kind.example)}`;
    return i === 0 && isIndex(hasHeader ? even[0][0] : '') && width > 2 && countsRows(body)
      ? 'counts the rows'
      : undefined;
  };
  const described = names.map((name, i): Column => {
    if (i === label) return { name, use: 'label' };
    const why = leftOut(i);
    return why === undefined ? { name, use: 'feature' } : { name, use: 'left-out', why };
  });
  const features = columns.filter((i) => described[i].use === 'feature');
  checkFeatures(features.length, described);
  return {
    form: [
      `${title} between the columns${named === undefined ? '' : ', as its first line says'}`,
      hasHeader ? 'a header' : 'no header',
      ...(hasDecimalComma ? ['decimal commas'] : []),
    ],
    columns: described,
    preview: body.slice(0, PREVIEW_ROWS),
    ...{
      delimiter,
      newline,
      namesDelimiter: named !== undefined,
      hasHeader,
      hasDecimalComma,
      label,
      features,
    },
  };
}

function newlineOf(text: string): CsvForm['newline'] {
  const at = text.search(/[\r\n]/);
  if (at < 0 || text[at] === '\n') return '\n';
  return text[at + 1] === '\n' ? '\r\n' : '\r';
}

/** How many columns most rows have, and which share of them. */
function commonWidth(rows: readonly (readonly string[])[]) {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [width, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
  return { width, share: count / Math.max(1, rows.length) };
}

/**
 * The delimiter that gives most rows the same number of columns; the comma, which may be decimal, and the
 * space, which may be in a text, last.
 *
 * @param named - the one that the file names itself: there is no other then
 */
function delimiterOf(
  rowsWith: (delimiter: string) => readonly (readonly string[])[],
  named: string | undefined,
) {
  const known = DELIMITERS.filter(([delimiter]) => named === undefined || delimiter === named);
  const possible = named !== undefined && known.length === 0 ? [[named, quoted(named)]] : known;
  const tried = possible.map(([delimiter, title]) => {
    const rows = rowsWith(delimiter);
    return { delimiter, title, rows, ...commonWidth(rows) };
  });
  const tables = tried.filter(({ width }) => width > 1);
  if (tables.length === 0) {
    throw new DataFormatError(
      'This is not a table: its lines have one column. Tabs, semicolons, commas, bars or spaces may separate columns.',
    );
  }
  return tables.reduce((a, b) => (b.share > a.share ? b : a));
}

/** A comma amid digits is a decimal one where no number has a point, and where it is none of thousands. */
function isDecimalComma(rows: readonly (readonly string[])[], delimiter: string): boolean {
  let isSeen = false;
  for (const row of rows) {
    for (const cell of row) {
      if (/^[+-]?\d*\.\d+(e[+-]?\d+)?$/i.test(cell)) return false;
      if (!/^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(cell)) continue;
      const isThousands = /^[+-]?[1-9]\d{0,2},\d{3}$/.test(cell);
      // Between semicolons a comma separates nothing else.
      isSeen ||= !isThousands || delimiter === ';';
    }
  }
  return isSeen;
}

type Kind =
  | { readonly kind: 'number' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly example: string };

function kindOf(cells: readonly string[], isNumber: (cell: string) => boolean): Kind {
  const present = cells.filter((cell) => !isMissing(cell));
  if (present.length === 0) return { kind: 'empty' };
  const others = present.filter((cell) => !isNumber(cell) && !isInfinity(cell));
  if (others.length <= (1 - MOSTLY) * present.length) return { kind: 'number' };
  return { kind: 'text', example: others[0] };
}

/** A number that no float holds, which is told by its line. */
export function isInfinity(cell: string): boolean {
  return /^[+-]?inf(inity)?$/i.test(cell);
}

/** The first row names the columns where one of numbers has a text there, or where it counts them. */
function isHeader(
  first: readonly string[],
  rest: readonly (readonly string[])[],
  kinds: readonly Kind[],
  isNumber: (cell: string) => boolean,
): boolean {
  if (rest.length === 0) return false;
  const isName = (cell: string) => !isMissing(cell) && !isNumber(cell) && !isInfinity(cell);
  const names = first.filter((cell, i) => isName(cell) && kinds[i].kind === 'number').length;
  const numbers = kinds.filter(({ kind }) => kind === 'number').length;
  // One slip in the first row does not make it a header.
  if (names > 0 && names >= numbers / 2) return true;
  const isCounted = first.every(
    (cell, i) => cell === `${i}` || (i === first.length - 1 && isName(cell)),
  );
  return isCounted && first.length > 2;
}

/** The header without the # that NumPy's savetxt sets before it. */
export function withoutMark(row: string[]): string[] {
  if (row[0] === '#') return row.slice(1);
  return row[0].startsWith('# ') ? [row[0].slice(2), ...row.slice(1)] : row;
}

/** Names that a column has which numbers the rows; pandas gives it none. */
function isIndex(name: string): boolean {
  return /^(|unnamed: 0|index|row|no\.?|nr\.?|\w*id)$/i.test(name);
}

/** True where the first column is 0, 1, 2, … or 1, 2, 3, …, as pandas and spreadsheets number rows. */
function countsRows(body: readonly (readonly string[])[]): boolean {
  const start = body[0][0];
  if ((start !== '0' && start !== '1') || body.length < 3) return false;
  return body.every((row, i) => row[0] === `${i + Number(start)}`);
}

/** The only column of text; else the last one, or the first where only that has few whole numbers. */
function likelyLabel(kinds: readonly Kind[], body: readonly (readonly string[])[]): number {
  const last = kinds.findLastIndex(({ kind }) => kind !== 'empty');
  const texts = kinds.flatMap(({ kind }, i) => (kind === 'text' ? [i] : []));
  const areClasses = (i: number) => {
    const values = new Set(body.map((row) => row[i]));
    return [...values].every((cell) => /^[+-]?\d+$/.test(cell)) && values.size <= body.length / 2;
  };
  if (texts.length === 1) return texts[0];
  if (texts.includes(last) || areClasses(last) || !areClasses(0)) return last;
  return countsRows(body) ? last : 0;
}
