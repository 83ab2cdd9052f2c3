/**
 * A table that somebody brings: what is asked of it, what is found in it, and the samples that come of it.
 * A class without samples, a value that is none and a label that is no class are refused in one place, here.
 */
import { DataFormatError, type InputShape, MOST_CLASSES, type Rows, type Values } from '../dataset';

/** Rows and features of the largest table. */
export const MOST_ROWS = 2 ** 20;
export const MOST_FEATURES = 4096;
/** Values of it: 2 GiB in float64. */
export const MOST_VALUES = 2 ** 28;

/** What a person says of a table; all else is found out. */
export interface TableOptions {
  /** Its name, or its number from 1; found out where it is not given. */
  readonly labelColumn?: string;
  /** Rows that lack a value are left out; by default they are refused. */
  readonly dropMissing?: boolean;
}

/** What becomes of a column. */
export interface Column {
  /** From the header; `column 3` where there is none. */
  readonly name: string;
  readonly use: 'feature' | 'label' | 'left-out';
  /** Why it is left out. */
  readonly why?: string;
}

/** What is found out about a file before all of it is read. */
export interface Found {
  /** In words, one fact each: `semicolons between the columns`, `a header`, `decimal commas`. */
  readonly form: readonly string[];
  readonly columns: readonly Column[];
  /** The first rows as they stand in the file, a text for each column. */
  readonly preview: readonly (readonly string[])[];
}

export interface Table {
  /** What it is called, where that is known better than by its file's name. */
  readonly title?: string;
  readonly found: Found;
  readonly rows: Rows;
  readonly input: InputShape;
  /** Absent where the samples are images. */
  readonly featureNames?: readonly string[];
  readonly classNames: readonly string[];
  /** Rows of each class. */
  readonly classCounts: readonly number[];
  /** Features that have one value in all rows. */
  readonly constant: readonly string[];
  /** Rows that were left out since they lack a value. */
  readonly dropped: number;
  /** Least and largest value of each feature; none of images. */
  readonly featureRanges?: readonly (readonly [least: number, most: number])[];
  /** Least and largest value. */
  readonly range: readonly [number, number];
  /** Where the file says which rows test: so many come first and train. */
  readonly trainRows?: number;
}

/** Told after each part of a file. */
export interface Reading {
  /** Share of the file that is read, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Ends reading with its reason. */
  readonly signal?: AbortSignal;
}

/** A table makes no sense as it was read; another option may do. What that is called, each way in says itself. */
export class TableOptionError extends DataFormatError {
  constructor(
    message: string,
    readonly option: keyof TableOptions,
  ) {
    super(message);
  }
}

/** Rows lack a value, and nobody has said that they may be left out. */
export class MissingValuesError extends TableOptionError {
  /**
   * @param rows - that lack one
   * @param of - all rows
   * @param first - where, and what stands there: `line 7, column 3 (age): “NaN”`
   */
  constructor(
    readonly rows: number,
    of: number,
    first: string,
  ) {
    const lack =
      rows === 1
        ? `1 of ${counted(of)} rows lacks a value, in ${first}`
        : `${counted(rows)} of ${counted(of)} rows lack a value, the first in ${first}`;
    super(`${lack}.`, 'dropMissing');
  }
}

/** Rows of a table, gathered one after the other. */
export class RowStore {
  readonly #blocks: Float64Array[] = [];
  readonly #least: Float64Array;
  readonly #most: Float64Array;
  readonly #labels: number[] = [];
  readonly #codes = new Map<string, { code: number; first: string; rows: number }>();
  #free = 0;
  #missing = 0;
  #firstMissing = '';

  constructor(
    readonly featureNames: readonly string[],
    readonly labelName: string,
    readonly options: TableOptions,
  ) {
    this.#least = new Float64Array(featureNames.length).fill(Number.POSITIVE_INFINITY);
    this.#most = new Float64Array(featureNames.length).fill(Number.NEGATIVE_INFINITY);
  }

  get count(): number {
    return this.#labels.length;
  }

  /**
   * Takes a row.
   *
   * @param values - of the features; it is copied
   * @param label - the text of its class
   * @param place - for messages: `line 7`
   * @throws DataFormatError for a row or a class too many
   */
  add(values: Float64Array, label: string, place: () => string): void {
    if (this.count + this.#missing >= MOST_ROWS) {
      throw new DataFormatError(
        `There are more than ${counted(MOST_ROWS)} rows: ${place()} is one too many.`,
      );
    }
    const features = values.length;
    if (this.#free === 0) {
      if ((this.count + 1) * features > MOST_VALUES) {
        throw new DataFormatError(
          `There are more than ${counted(MOST_VALUES)} values, which is all that is held; ${place()} is too many.`,
        );
      }
      // Larger ones the longer the table is, so that few are copied at the end.
      const rows = Math.max(16, Math.min(2 ** 14, this.count, Math.floor(2 ** 22 / features)));
      this.#blocks.push(new Float64Array(rows * features));
      this.#free = rows;
    }
    const block = this.#blocks[this.#blocks.length - 1];
    block.set(values, block.length - this.#free * features);
    this.#free--;
    for (let i = 0; i < features; i++) {
      const value = values[i];
      if (value < this.#least[i]) this.#least[i] = value;
      if (value > this.#most[i]) this.#most[i] = value;
    }
    let known = this.#codes.get(label);
    if (known === undefined) {
      if (this.#codes.size === MOST_CLASSES) {
        throw new TableOptionError(
          `${this.labelName} has more than ${MOST_CLASSES} different values, the last in ${place()} (${quoted(label)}), so it does not name classes.`,
          'labelColumn',
        );
      }
      known = { code: this.#codes.size, first: place(), rows: 0 };
      this.#codes.set(label, known);
    }
    known.rows++;
    this.#labels.push(known.code);
  }

  /** Counts a row that lacks a value. */
  addMissing(place: () => string): void {
    if (this.#missing === 0) this.#firstMissing = place();
    this.#missing++;
  }

  /**
   * All rows, with classes in the order of their names: numbers by their value, texts as NumPy sorts them.
   *
   * @throws MissingValuesError, or DataFormatError where there are no two classes of two rows
   */
  finish(): Omit<Table, 'found' | 'input' | 'featureNames' | 'trainRows'> {
    if (this.#missing > 0 && this.options.dropMissing !== true) {
      throw new MissingValuesError(this.#missing, this.count + this.#missing, this.#firstMissing);
    }
    const names = sortedClasses([...this.#codes.keys()]);
    const entries = names.map((name) => ({ name, ...this.#codes.get(name) }));
    if (this.count === 0) {
      const rest = this.#missing > 0 ? ': each lacks a value' : '';
      throw new DataFormatError(`There is no row of samples${rest}.`);
    }
    if (names.length === 1) {
      throw new TableOptionError(
        `${this.labelName} has one value in all rows (${quoted(names[0])}), so there is nothing to tell apart.`,
        'labelColumn',
      );
    }
    const lone = entries.find(({ rows }) => rows === 1);
    if (lone !== undefined) {
      throw new DataFormatError(
        `The class ${quoted(lone.name)} has only one row, in ${lone.first}: it needs one to train with and one to test with.`,
      );
    }
    const features = this.featureNames.length;
    const values = new Float64Array(this.count * features);
    let at = 0;
    for (const block of this.#blocks) {
      const used = Math.min(block.length, values.length - at);
      values.set(used === block.length ? block : block.subarray(0, used), at);
      at += used;
    }
    const orderOf = new Uint8Array(names.length);
    for (const [order, { code }] of entries.entries()) orderOf[code ?? 0] = order;
    return {
      rows: {
        values,
        labels: Uint8Array.from(this.#labels, (code) => orderOf[code]),
        count: this.count,
        features,
      },
      classNames: names,
      classCounts: entries.map(({ rows }) => rows ?? 0),
      constant: this.featureNames.filter((_, i) => this.#least[i] === this.#most[i]),
      dropped: this.#missing,
      featureRanges: this.featureNames.map((_, i) => [this.#least[i], this.#most[i]] as const),
      range: [
        this.#least.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
        this.#most.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
      ],
    };
  }
}

/** Least and largest of many values. */
export function rangeOf(values: Values): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

/** Numbers by their value, texts by their code points, as `numpy.unique` has them. */
function sortedClasses(names: readonly string[]): readonly string[] {
  const areNumbers = names.every((name) => name !== '' && Number.isFinite(Number(name)));
  const byText = (a: string, b: string) => (a < b ? -1 : 1);
  return [...names].sort(areNumbers ? (a, b) => Number(a) - Number(b) || byText(a, b) : byText);
}

/** Names as columns have them: each once, `column 3` where there is none. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names.map((given, index) => {
    const name = given.trim() || `column ${index + 1}`;
    let distinct = name;
    for (let n = 2; seen.has(distinct); n++) distinct = `${name} (${n})`;
    seen.add(distinct);
    return distinct;
  });
}

/** Names that columns with classes have. */
const LABEL_NAME =
  /^(labels?|class(es)?|class_?name|class_?label|targets?|species|category|kategorie|klasse|diagnosis|outcome|survived|variety)$/i;

/**
 * The column with the classes: the one that is asked for, the one with such a name, or the last.
 *
 * @param likely - the place of the column that looks most like it, where names do not tell
 * @throws DataFormatError where none is what is asked for
 */
export function labelColumnOf(
  names: readonly string[],
  asked: string | undefined,
  likely = names.length - 1,
): number {
  if (asked === undefined || asked === '') {
    const placeOf = (wanted: RegExp) => names.findIndex((name) => wanted.test(name));
    const named = placeOf(LABEL_NAME);
    if (named >= 0) return named;
    // A y may as well be a place, and is one beside an x.
    const y = placeOf(/^x$/i) < 0 ? placeOf(/^y$/i) : -1;
    return y < 0 ? likely : y;
  }
  const exact = names.indexOf(asked);
  const loose = names.findIndex((name) => name.toLowerCase() === asked.trim().toLowerCase());
  const byNumber = /^[1-9]\d*$/.test(asked.trim()) ? Number(asked) - 1 : -1;
  const found = [exact, loose, byNumber].find((place) => place >= 0 && place < names.length);
  if (found === undefined) {
    const shown = names.slice(0, 20).join(', ') + (names.length > 20 ? ', …' : '');
    throw new DataFormatError(
      `There is no column ${quoted(asked)}. The columns are ${shown}; a number from 1 to ${names.length} names one, too.`,
    );
  }
  return found;
}

/**
 * @param columns - all of them, where some may be left out
 * @throws DataFormatError where there is no feature, or too many
 */
export function checkFeatures(count: number, columns: readonly Column[] = []): void {
  if (count === 0) {
    const leftOut = columns.filter(({ use }) => use === 'left-out');
    const rest = leftOut.length > 0 ? `: left out ${shownColumns(leftOut)}` : '';
    throw new DataFormatError(
      `No column of numbers is left to learn from beside the classes${rest}.`,
    );
  }
  if (count > MOST_FEATURES) {
    throw new DataFormatError(
      `There are ${counted(count)} features, and at most ${counted(MOST_FEATURES)} are taken.`,
    );
  }
}

/** Columns with why they are left out: `age (not numbers: “old”), id (counts the rows)`. */
export function shownColumns(leftOut: readonly Column[]): string {
  return firstOf(leftOut.map(({ name, why }) => `${name} (${why})`));
}

/** The first ten of a list for a message, and how many more there are. */
export function firstOf(names: readonly string[]): string {
  return (
    names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '')
  );
}

/** `1,048,576`. */
export function counted(count: number): string {
  return count.toLocaleString('en');
}

/** A value for a message, without what nobody can see, and short. */
export function quoted(text: string): string {
  const seen = text.replace(/\p{C}/gu, '·');
  return `“${seen.length > 40 ? `${seen.slice(0, 39)}…` : seen}”`;
}
