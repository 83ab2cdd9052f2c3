/** Drawings with their classes, as a small test set of one's own: their form as text, checked on reading. */
import * as v from 'valibot';
import { sheetOf } from '../../../../data/bitmap';
import { DATASET_NAMES, type DatasetName, datasetOf } from '../../../../data/registry';

/** More would not be a small test set, and would fill the browser's memory for this page. */
export const MOST_DRAWINGS = 100;

export interface OwnDrawing {
  /** What it is meant to look like. */
  readonly dataset: DatasetName;
  /** Index into the data set's class names. */
  readonly label: number;
  /** As large as the data set's sheet, 0 or 1. */
  readonly bitmap: Uint8Array;
}

const VERSION = 2;

const HEX = v.pipe(v.string(), v.regex(/^[0-9a-f]*$/));
const LABEL = v.pipe(v.number(), v.integer(), v.minValue(0), v.transform(withoutSign));
const DRAWING = v.pipe(
  v.object({
    dataset: v.picklist<readonly DatasetName[]>(DATASET_NAMES),
    label: LABEL,
    bitmap: HEX,
  }),
  v.check(({ dataset, label, bitmap }) => {
    const isClass = label < datasetOf(dataset).classNames.length;
    return isClass && bitmap.length === 2 * Math.ceil(pixelsOf(dataset) / 8);
  }),
);
/** The digits were the only data set once. */
const FIRST_DRAWING = v.pipe(
  v.object({ digit: LABEL, bitmap: HEX }),
  v.transform(({ digit, bitmap }) => ({ dataset: 'digits' as DatasetName, label: digit, bitmap })),
  DRAWING,
);
const FILE = v.variant('version', [
  v.object({
    version: v.literal(VERSION),
    drawings: v.pipe(v.array(DRAWING), v.maxLength(MOST_DRAWINGS)),
  }),
  v.object({
    version: v.literal(1),
    drawings: v.pipe(v.array(FIRST_DRAWING), v.maxLength(MOST_DRAWINGS)),
  }),
]);

/** Eight pixels a byte, the first one highest, two hexadecimal digits a byte. */
export function serializeDrawings(drawings: readonly OwnDrawing[]): string {
  const file: v.InferOutput<typeof FILE> = {
    version: VERSION,
    drawings: drawings.map((drawing) => ({ ...drawing, bitmap: toHex(drawing.bitmap) })),
  };
  return JSON.stringify(file);
}

/** The drawings in a text, or `undefined` where it is not as `serializeDrawings` writes it, or wrote it once. */
export function parseDrawings(text: string): readonly OwnDrawing[] | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), FILE), text);
  if (!result.success) return undefined;
  return result.output.drawings.map((drawing) => ({
    ...drawing,
    bitmap: fromHex(drawing.bitmap, pixelsOf(drawing.dataset)),
  }));
}

/** -0 is an integer, too. */
function withoutSign(value: number): number {
  return value + 0;
}

/** Pixels of a drawing; 0 where there is none. */
function pixelsOf(dataset: DatasetName): number {
  const sheet = sheetOf(datasetOf(dataset));
  return sheet === undefined ? 0 : sheet.width * sheet.height;
}

function toHex(bitmap: Uint8Array): string {
  return Array.from({ length: Math.ceil(bitmap.length / 8) }, (_, byte) =>
    bitmap
      .subarray(8 * byte, 8 * byte + 8)
      .reduce((value, pixel, bit) => value + (pixel << (7 - bit)), 0)
      .toString(16)
      .padStart(2, '0'),
  ).join('');
}

function fromHex(text: string, pixels: number): Uint8Array {
  return Uint8Array.from({ length: pixels }, (_, pixel) => {
    const byte = Number.parseInt(text.slice(2 * (pixel >> 3), 2 * (pixel >> 3) + 2), 16);
    return (byte >> (7 - (pixel % 8))) & 1;
  });
}
