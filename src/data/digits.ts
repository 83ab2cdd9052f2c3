/**
 * The digits data set as a CSV: one image a line, 64 pixels of 0 to 16 in row-major order, then the
 * digit. scikit-learn's `load_digits` has the same rows in the same order.
 */

/** Pixels of an image: 8 × 8. */
export const PIXELS = 64;
/** The largest value of a pixel: the inked cells of a 4×4 block. */
export const MAXIMUM_PIXEL = 16;

/** Images with the digit that each shows. */
export interface DigitsDataset {
  /** (count × 64), row-major, 0 to 16. */
  readonly images: Uint8Array;
  /** The digit of each image, 0 to 9. */
  readonly labels: Uint8Array;
  readonly count: number;
}

/** A file does not hold what it should; the message names the line and what was expected. */
export class DataFormatError extends Error {
  override readonly name = 'DataFormatError';
}

/**
 * Reads the digits CSV; a line break at the end and CRLF are fine.
 *
 * @throws DataFormatError for the first line that does not have 64 pixels and a digit
 */
export function parseDigits(csv: string): DigitsDataset {
  const lines = csv.split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) throw new DataFormatError('digits: the file is empty');
  const images = new Uint8Array(lines.length * PIXELS);
  const labels = new Uint8Array(lines.length);
  for (const [row, line] of lines.entries()) {
    const values = line.split(',');
    if (values.length !== PIXELS + 1) {
      throw new DataFormatError(
        `digits, line ${row + 1}: ${values.length} values, expected ${PIXELS} pixels and a label`,
      );
    }
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      images[row * PIXELS + pixel] = integerUpTo(MAXIMUM_PIXEL, values[pixel], row, pixel);
    }
    labels[row] = integerUpTo(9, values[PIXELS], row, PIXELS);
  }
  return { images, labels, count: lines.length };
}

function integerUpTo(maximum: number, text: string, row: number, column: number): number {
  const value = /^\d{1,2}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value <= maximum)) {
    const shown = JSON.stringify(text.length > 20 ? `${text.slice(0, 20)}…` : text);
    throw new DataFormatError(
      `digits, line ${row + 1}, value ${column + 1}: ${shown} is not an integer from 0 to ${maximum}`,
    );
  }
  return value;
}

/** The images that show one of `digits`, in their order. */
export function filterDigits(dataset: DigitsDataset, digits: readonly number[]): DigitsDataset {
  const rows: number[] = [];
  for (let row = 0; row < dataset.count; row++) {
    if (digits.includes(dataset.labels[row])) rows.push(row);
  }
  return takeRows(dataset, rows);
}

/** The images at `rows`, in that order. */
export function takeRows(dataset: DigitsDataset, rows: ArrayLike<number>): DigitsDataset {
  const images = new Uint8Array(rows.length * PIXELS);
  const labels = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * PIXELS;
    images.set(dataset.images.subarray(start, start + PIXELS), i * PIXELS);
    labels[i] = dataset.labels[rows[i]];
  }
  return { images, labels, count: rows.length };
}
