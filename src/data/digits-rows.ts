/** Reads the rows of `digits.ts`. */
import { DataFormatError, type Rows } from './dataset';
import { readText } from './read-file';

const FEATURES = 8 * 8;
const MOST_INK = 16;
const CLASSES = 10;

export async function loadDigits(): Promise<Rows> {
  return parseDigits(await readText(new URL('../../data/digits.csv', import.meta.url)));
}

/**
 * Reads the digits CSV; a line break at the end and CRLF are fine.
 *
 * @throws DataFormatError for the first line that does not have 64 pixels and a digit
 */
export function parseDigits(csv: string): Rows<Uint8Array> {
  const lines = csv.split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) throw new DataFormatError('The file of digits is empty.');
  const values = new Uint8Array(lines.length * FEATURES);
  const labels = new Uint8Array(lines.length);
  for (const [row, line] of lines.entries()) {
    const texts = line.split(',');
    if (texts.length !== FEATURES + 1) {
      throw new DataFormatError(
        `Line ${row + 1} of the digits has ${texts.length} values and not ${FEATURES} pixels and a label.`,
      );
    }
    for (let pixel = 0; pixel < FEATURES; pixel++) {
      values[row * FEATURES + pixel] = integerUpTo(MOST_INK, texts[pixel], row, pixel);
    }
    labels[row] = integerUpTo(CLASSES - 1, texts[FEATURES], row, FEATURES);
  }
  return { values, labels, count: lines.length, features: FEATURES };
}

function integerUpTo(maximum: number, text: string, row: number, column: number): number {
  const value = /^\d{1,2}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value <= maximum)) {
    const shown = JSON.stringify(text.length > 20 ? `${text.slice(0, 20)}…` : text);
    throw new DataFormatError(
      `Value ${column + 1} in line ${row + 1} of the digits is ${shown} and not an integer from 0 to ${maximum}.`,
    );
  }
  return value;
}
