/** What a pen and an eraser do to a bitmap. */
import { signal } from '@preact/signals';
import type { Sheet } from '../../../../data/bitmap';
import type { DatasetName } from '../../../../data/registry';

/** A place on the bitmap in pixels, from its top left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A block, rows and columns from 0. */
export interface Block {
  readonly row: number;
  readonly column: number;
}

/** 1 draws, 0 erases. */
export type Ink = 0 | 1;

export function emptyBitmap({ width, height }: Sheet): Uint8Array {
  return new Uint8Array(width * height);
}

/** A copy of the bitmap with a straight stroke. */
export function withStroke(
  { width, penRadius }: Sheet,
  bitmap: Uint8Array,
  from: Place,
  to: Place,
  ink: Ink,
): Uint8Array {
  return bitmap.map((pixel, i) => {
    const center = { x: (i % width) + 0.5, y: Math.floor(i / width) + 0.5 };
    return distanceToSegment(center, from, to) <= penRadius ? ink : pixel;
  });
}

function distanceToSegment({ x, y }: Place, from: Place, to: Place): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - t * dx, y - from.y - t * dy);
}

/** A copy of the bitmap with one block inked or erased. */
export function withBlock(sheet: Sheet, bitmap: Uint8Array, block: Block, ink: Ink): Uint8Array {
  return bitmap.map((pixel, i) => (isInBlock(sheet, i, block) ? ink : pixel));
}

/** Whether most of a block is inked. */
export function isBlockInked(sheet: Sheet, bitmap: Uint8Array, block: Block): boolean {
  const inked = bitmap.reduce((sum, pixel, i) => sum + (isInBlock(sheet, i, block) ? pixel : 0), 0);
  return inked > (sheet.block * sheet.block) / 2;
}

function isInBlock({ width, block }: Sheet, pixel: number, { row, column }: Block): boolean {
  const [x, y] = [pixel % width, Math.floor(pixel / width)];
  return Math.floor(y / block) === row && Math.floor(x / block) === column;
}

/** What is on the pad, and the data set that it is meant to look like. */
export interface Drawing {
  readonly dataset: DatasetName;
  readonly bitmap: Uint8Array;
}

/** The drawing on the pad, kept while other panels are shown. */
export const drawing = signal<Drawing | undefined>(undefined);

/** Strokes that can be taken back. */
const MOST_UNDONE = 50;

/** What was on the pad before each stroke, the last one at the end. */
export const strokes = signal<readonly (Drawing | undefined)[]>([]);

/** Before a stroke, or whatever else can be taken back. */
export function beginStroke(): void {
  strokes.value = [...strokes.value.slice(1 - MOST_UNDONE), drawing.peek()];
}

/** Takes the last stroke back. */
export function undoStroke(): void {
  if (strokes.value.length === 0) return;
  drawing.value = strokes.value.at(-1);
  strokes.value = strokes.value.slice(0, -1);
}

/** The bitmap on a data set's pad, which is empty where the drawing is another one's. */
export function bitmapOf(
  drawn: Drawing | undefined,
  dataset: DatasetName,
  sheet: Sheet,
): Uint8Array {
  return drawn?.dataset === dataset ? drawn.bitmap : emptyBitmap(sheet);
}
