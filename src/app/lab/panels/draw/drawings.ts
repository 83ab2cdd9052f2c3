/** Drawings with their digits, as a small test set of one's own: their form as text, checked on reading. */
import * as v from 'valibot';
import { BITMAP_PIXELS } from '../../../../data/bitmap';

/** More would not be a small test set, and would fill the browser's memory for this page. */
export const MOST_DRAWINGS = 100;

export interface OwnDrawing {
  /** 0 to 9. */
  readonly digit: number;
  /** 32 × 32, 0 or 1. */
  readonly bitmap: Uint8Array;
}

const VERSION = 1;
const BYTES = BITMAP_PIXELS / 8;

const FILE = v.object({
  version: v.literal(VERSION),
  drawings: v.pipe(
    v.array(
      v.object({
        digit: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9)),
        bitmap: v.pipe(v.string(), v.regex(/^[0-9a-f]*$/), v.length(2 * BYTES)),
      }),
    ),
    v.maxLength(MOST_DRAWINGS),
  ),
});

/** Eight pixels a byte, the first one highest, two hexadecimal digits a byte. */
export function serializeDrawings(drawings: readonly OwnDrawing[]): string {
  const file: v.InferOutput<typeof FILE> = {
    version: VERSION,
    drawings: drawings.map(({ digit, bitmap }) => ({ digit, bitmap: toHex(bitmap) })),
  };
  return JSON.stringify(file);
}

/** The drawings in a text, or `undefined` where it is not as `serializeDrawings` writes it. */
export function parseDrawings(text: string): readonly OwnDrawing[] | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), FILE), text);
  if (!result.success) return undefined;
  return result.output.drawings.map(({ digit, bitmap }) => ({ digit, bitmap: fromHex(bitmap) }));
}

function toHex(bitmap: Uint8Array): string {
  return Array.from({ length: BYTES }, (_, byte) =>
    bitmap
      .subarray(8 * byte, 8 * byte + 8)
      .reduce((value, pixel) => 2 * value + pixel, 0)
      .toString(16)
      .padStart(2, '0'),
  ).join('');
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: BITMAP_PIXELS }, (_, pixel) => {
    const byte = Number.parseInt(text.slice(2 * (pixel >> 3), 2 * (pixel >> 3) + 2), 16);
    return (byte >> (7 - (pixel % 8))) & 1;
  });
}
