/**
 * From a drawing to an image as the digits data set has them: a 32×32 bitmap, fitted to its frame, of
 * which every 4×4 block is counted. The data set's page names the blocks and NIST's preprocessing
 * (M. D. Garris et al., NISTIR 5469); the frame and the amount of ink below are what its images show.
 */
import { PIXELS } from './digits';

/** A bitmap has 32 × 32 pixels, row-major, 0 for paper and 1 for ink. */
export const BITMAP_SIDE = 32;
export const BITMAP_PIXELS = BITMAP_SIDE * BITMAP_SIDE;
/** A block has 4 × 4 pixels and becomes one pixel of the image. */
export const BLOCK_SIDE = 4;

/** Every image of the data reaches from the first row to the last; wide digits span 20 columns. */
const FRAME = { width: 20, height: BITMAP_SIDE };
/** Ink of the data's median image, of 1,024 pixels; nine in ten have 261 to 369, whatever the digit. */
const TYPICAL_INK = 313;

/** Counts the ink of every 4×4 block: 64 values of 0 to 16, row-major. */
export function countBlocks(bitmap: Uint8Array): Uint8Array {
  const counts = new Uint8Array(PIXELS);
  const blocks = BITMAP_SIDE / BLOCK_SIDE;
  for (let i = 0; i < BITMAP_PIXELS; i++) {
    const row = Math.floor(i / BITMAP_SIDE / BLOCK_SIDE);
    const column = Math.floor((i % BITMAP_SIDE) / BLOCK_SIDE);
    counts[row * blocks + column] += bitmap[i];
  }
  return counts;
}

/**
 * The image that the data set would have of a drawing: as high as the frame, at most 20 columns wide,
 * centred, its strokes about as thick as the data's, counted in blocks.
 *
 * @returns 64 counts of 0 to 16; `undefined` where nothing is drawn
 */
export function digitImageOf(bitmap: Uint8Array): Uint8Array | undefined {
  const fitted = fitToFrame(bitmap);
  if (fitted === undefined) return undefined;
  // Other strokes have other ends, so the drawing is fitted once more.
  const image = fitToFrame(withTypicalInk(fitted));
  return image === undefined ? undefined : countBlocks(image);
}

/** Scales the drawing to the frame and centres it; a narrow one keeps its shape. */
export function fitToFrame(bitmap: Uint8Array): Uint8Array | undefined {
  const box = boundsOf(bitmap);
  if (box === undefined) return undefined;
  const scaleY = FRAME.height / box.height;
  const scaleX = Math.min(scaleY, FRAME.width / box.width);
  const width = Math.max(1, Math.round(box.width * scaleX));
  const left = Math.floor((BITMAP_SIDE - width) / 2);
  const fitted = new Uint8Array(BITMAP_PIXELS);
  for (let y = 0; y < FRAME.height; y++) {
    const row = box.top + Math.floor((y + 0.5) / scaleY);
    for (let x = 0; x < width; x++) {
      const column = box.left + Math.floor(((x + 0.5) * box.width) / width);
      fitted[y * BITMAP_SIDE + left + x] = bitmap[row * BITMAP_SIDE + column];
    }
  }
  return fitted;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The least box around the ink. */
function boundsOf(bitmap: Uint8Array): Box | undefined {
  let [left, top, right, bottom] = [BITMAP_SIDE, BITMAP_SIDE, -1, -1];
  for (let i = 0; i < BITMAP_PIXELS; i++) {
    if (bitmap[i] === 0) continue;
    const [x, y] = [i % BITMAP_SIDE, Math.floor(i / BITMAP_SIDE)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  if (right < 0) return undefined;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Makes strokes thicker or thinner, a pixel at a time, as long as the ink comes nearer to the data's. */
function withTypicalInk(bitmap: Uint8Array): Uint8Array {
  const distanceOf = (other: Uint8Array) => Math.abs(inkOf(other) - TYPICAL_INK);
  const next = grow(bitmap, inkOf(bitmap) < TYPICAL_INK ? 1 : 0);
  return distanceOf(next) < distanceOf(bitmap) ? withTypicalInk(next) : bitmap;
}

/** The number of inked pixels. */
export function inkOf(bitmap: Uint8Array): number {
  return bitmap.reduce((sum, pixel) => sum + pixel, 0);
}

/** Every pixel with a neighbour of `value`, above, below or beside it, takes that value. */
function grow(bitmap: Uint8Array, value: number): Uint8Array {
  return bitmap.map((pixel, i) => {
    const [x, y] = [i % BITMAP_SIDE, Math.floor(i / BITMAP_SIDE)];
    const meets =
      (x > 0 && bitmap[i - 1] === value) ||
      (x < BITMAP_SIDE - 1 && bitmap[i + 1] === value) ||
      (y > 0 && bitmap[i - BITMAP_SIDE] === value) ||
      (y < BITMAP_SIDE - 1 && bitmap[i + BITMAP_SIDE] === value);
    return meets ? value : pixel;
  });
}
