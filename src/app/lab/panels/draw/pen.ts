/** What a pen and an eraser do to a bitmap. */
import { signal } from '@preact/signals';
import { BITMAP_PIXELS, BITMAP_SIDE, BLOCK_SIDE } from '../../../../data/bitmap';

/** A place on the bitmap in pixels, from its top left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** 1 draws, 0 erases. */
export type Ink = 0 | 1;

/** Half the width of a stroke, in pixels: the data's strokes are about 4 to 5 pixels wide. */
const RADIUS = 2;

export function emptyBitmap(): Uint8Array {
  return new Uint8Array(BITMAP_PIXELS);
}

/** A copy of the bitmap with a straight stroke. */
export function withStroke(bitmap: Uint8Array, from: Place, to: Place, ink: Ink): Uint8Array {
  return bitmap.map((pixel, i) => {
    const center = { x: (i % BITMAP_SIDE) + 0.5, y: Math.floor(i / BITMAP_SIDE) + 0.5 };
    return distanceToSegment(center, from, to) <= RADIUS ? ink : pixel;
  });
}

function distanceToSegment({ x, y }: Place, from: Place, to: Place): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - t * dx, y - from.y - t * dy);
}

/** A copy of the bitmap with one block of 4 × 4 pixels inked or erased. */
export function withBlock(bitmap: Uint8Array, row: number, column: number, ink: Ink): Uint8Array {
  return bitmap.map((pixel, i) => (isInBlock(i, row, column) ? ink : pixel));
}

/** Whether most of a block is inked. */
export function isBlockInked(bitmap: Uint8Array, row: number, column: number): boolean {
  const inked = bitmap.reduce((sum, pixel, i) => sum + (isInBlock(i, row, column) ? pixel : 0), 0);
  return inked > (BLOCK_SIDE * BLOCK_SIDE) / 2;
}

function isInBlock(pixel: number, row: number, column: number): boolean {
  const [x, y] = [pixel % BITMAP_SIDE, Math.floor(pixel / BITMAP_SIDE)];
  return Math.floor(y / BLOCK_SIDE) === row && Math.floor(x / BLOCK_SIDE) === column;
}

/** The drawing on the pad, kept while other panels are shown. */
export const drawing = signal(emptyBitmap());
