/**
 * Handwritten digits, counted down to 8 × 8 pixels: a CSV with one image a line, its pixels of 0 to 16
 * in row-major order, then the digit. scikit-learn's `load_digits` has the same rows in the same order.
 */
import { DataFormatError, type Dataset, featuresOf, type Rows } from './dataset';
import { readText } from './read-file';

export const digits: Dataset = {
  name: 'digits',
  title: 'Handwritten digits',
  description:
    'Handwritten digits, scanned and counted down to 8 × 8 pixels of ink, from 0 to 16 each.',
  source:
    'Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0',
  input: { channels: 1, height: 8, width: 8 },
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  noun: 'digit',
  // The inked pixels of a block of 4 × 4.
  range: [0, 16],
  split: { kind: 'stratified' },
  drawing: {
    block: 4,
    // The data's strokes are about 4 to 5 pixels wide.
    penRadius: 2,
    // Every image of the data reaches from the first row to the last; wide digits span 20 columns.
    frame: { width: 20, height: 32 },
    // Of 1,024 pixels; nine images in ten have 261 to 369, whatever the digit.
    typicalInk: 313,
    help: 'As the data set was made: fitted to a frame of 20 × 32 pixels in 32 × 32, strokes as thick as the data’s, and the ink of every 4 × 4 block counted, 0 to 16.',
  },
  load: async () => parseDigits(await readText(new URL('../../data/digits.csv', import.meta.url))),
};

const FEATURES = featuresOf(digits);

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
      values[row * FEATURES + pixel] = integerUpTo(digits.range[1], texts[pixel], row, pixel);
    }
    labels[row] = integerUpTo(digits.classNames.length - 1, texts[FEATURES], row, FEATURES);
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
