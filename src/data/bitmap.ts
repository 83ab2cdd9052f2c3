/**
 * From a drawing to an image as a data set has them: a bitmap, fitted to the data's frame, of which
 * every block is counted. The digits' page names the blocks and NIST's preprocessing (M. D. Garris et
 * al., NISTIR 5469). Or scaled into a box and placed by its centre of mass, as MNIST's page says it was.
 */
import type { Dataset, DrawingRule } from './dataset';

/** What is drawn on: a bitmap is row-major, 0 for paper and 1 for ink, and has whole blocks. */
export interface Sheet extends DrawingRule, Pick<Dataset, 'input' | 'range'> {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** The sheet of a data set, or none where no drawing can look like its data. */
export function sheetOf({ input, range, drawing }: Dataset): Sheet | undefined {
  if (drawing === undefined || input.channels > 1) return undefined;
  const { block } = drawing;
  return { ...drawing, input, range, width: block * input.width, height: block * input.height };
}

/** Counts the ink of every block: (height × width) values within the data's range, row-major. */
export function countBlocks(sheet: Sheet, bitmap: Uint8Array): Uint8Array {
  const { width, block, input, range } = sheet;
  const counts = new Float64Array(input.width * input.height);
  for (let i = 0; i < bitmap.length; i++) {
    const row = Math.floor(i / width / block);
    const column = Math.floor((i % width) / block);
    counts[row * input.width + column] += bitmap[i];
  }
  const [least, most] = range;
  return Uint8Array.from(counts, (ink) =>
    Math.round(least + ((most - least) * ink) / (block * block)),
  );
}

/**
 * The image that the data set would have of a drawing. Where it has a frame: as high as that, at most
 * as wide, centred, strokes about as thick as the data's; counted in blocks. Where it has a box: scaled
 * into that, and its centre of mass in the centre.
 *
 * @returns (height × width) values within the data's range; `undefined` where nothing is drawn
 */
export function imageOfDrawing(sheet: Sheet, bitmap: Uint8Array): Uint8Array | undefined {
  if (inkOf(bitmap) === 0) return undefined;
  if (sheet.box !== undefined) return imageByMass(sheet, bitmap, sheet.box);
  const frame = frameOf(sheet, bitmap);
  // Other strokes have other ends, so the drawing is fitted once more.
  const fitted = fitToFrame(sheet, bitmap, frame);
  if (isSurface(sheet, bitmap)) return countBlocks(sheet, fitted);
  return countBlocks(sheet, fitToFrame(sheet, withTypicalInk(sheet, fitted), frame));
}

/** What is still there after so many pixels are taken from every side is no stroke. */
const STROKE_RADIUS = 5;

/** Whether there is more than strokes: thinned, a filled pad would look like one. */
function isSurface(sheet: Sheet, bitmap: Uint8Array): boolean {
  let thinned = bitmap;
  for (let i = 0; i < STROKE_RADIUS; i++) thinned = grow(sheet, thinned, 0);
  return inkOf(thinned) > 0;
}

/** A drawing is made so many times as large at most: a dot stays one. */
const MOST_ENLARGED = 4;
/** And its height so many times more than its width: a dash stays one, and does not become a one. */
const MOST_STRETCHED = 3;

/** The data's frame, as far up as a drawing may be enlarged and stretched. */
function frameOf(sheet: Sheet, bitmap: Uint8Array): DrawingRule['frame'] {
  const { frame } = sheet;
  const box = boundsOf(sheet, bitmap);
  if (frame === undefined || box === undefined) return frame;
  const scaleX = Math.min(MOST_ENLARGED, frame.width / box.width);
  const scaleY = Math.min(MOST_ENLARGED, MOST_STRETCHED * scaleX);
  return { ...frame, height: Math.min(frame.height, Math.round(box.height * scaleY)) };
}

/**
 * Scales the drawing to a frame, and centres it; a narrow one keeps its shape.
 *
 * @param frame - by default the data's, as far as the drawing may be stretched; where there is none, it stays as it is
 */
export function fitToFrame(
  sheet: Sheet,
  bitmap: Uint8Array,
  frame = frameOf(sheet, bitmap),
): Uint8Array {
  const box = boundsOf(sheet, bitmap);
  if (frame === undefined || box === undefined) return bitmap;
  const scaleY = frame.height / box.height;
  const scaleX = Math.min(scaleY, frame.width / box.width);
  const width = Math.max(1, Math.round(box.width * scaleX));
  const left = Math.floor((sheet.width - width) / 2);
  const top = Math.floor((sheet.height - frame.height) / 2);
  const fitted = new Uint8Array(bitmap.length);
  for (let y = 0; y < frame.height; y++) {
    const row = box.top + Math.floor((y + 0.5) / scaleY);
    for (let x = 0; x < width; x++) {
      const column = box.left + Math.floor(((x + 0.5) * box.width) / width);
      fitted[(top + y) * sheet.width + left + x] = bitmap[row * sheet.width + column];
    }
  }
  return fitted;
}

/**
 * The drawing scaled to a box's side, each pixel as grey as ink covers it, and moved by whole pixels, so
 * that its centre of mass comes into the pixel in the centre.
 */
function imageByMass(sheet: Sheet, bitmap: Uint8Array, side: number): Uint8Array {
  const { input, range, block } = sheet;
  const image = new Float64Array(input.width * input.height);
  const bounds = boundsOf(sheet, bitmap);
  if (bounds !== undefined) {
    const scale = Math.min(MOST_ENLARGED / block, side / Math.max(bounds.width, bounds.height));
    const mass = centreOfMass(sheet, bitmap);
    // In MNIST the mass is in the pixel right of the middle and below it: at 14.5 of 28 on average.
    const place = (size: number, from: number) =>
      Math.round(Math.floor(size / 2) + 0.5 - scale * from);
    const firstColumn = place(input.width, mass.x - bounds.left);
    const firstRow = place(input.height, mass.y - bounds.top);
    for (let i = 0; i < bitmap.length; i++) {
      if (bitmap[i] === 0) continue;
      const left = firstColumn + scale * ((i % sheet.width) - bounds.left);
      const top = firstRow + scale * (Math.floor(i / sheet.width) - bounds.top);
      cover(image, input.width, left, top, scale);
    }
  }
  const [least, most] = range;
  return Uint8Array.from(image, (share) => Math.round(least + (most - least) * Math.min(1, share)));
}

/** The mean place of the ink, in pixels from the top left corner. */
function centreOfMass({ width }: Sheet, bitmap: Uint8Array): { x: number; y: number } {
  const ink = inkOf(bitmap);
  let [x, y] = [0, 0];
  for (let i = 0; i < bitmap.length; i++) {
    if (bitmap[i] === 0) continue;
    x += (i % width) + 0.5;
    y += Math.floor(i / width) + 0.5;
  }
  return { x: x / ink, y: y / ink };
}

/** Adds to every pixel the share of it that a square covers; what lies outside is lost. */
function cover(image: Float64Array, width: number, left: number, top: number, side: number): void {
  const height = image.length / width;
  const overlap = (pixel: number, from: number) =>
    Math.min(pixel + 1, from + side) - Math.max(pixel, from);
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + side); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + side); x++) {
      image[y * width + x] += overlap(x, left) * overlap(y, top);
    }
  }
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The least box around the ink. */
function boundsOf({ width, height }: Sheet, bitmap: Uint8Array): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let i = 0; i < bitmap.length; i++) {
    if (bitmap[i] === 0) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  if (right < 0) return undefined;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Makes strokes thicker or thinner, a pixel at a time, as long as the ink comes nearer to the data's. */
function withTypicalInk(sheet: Sheet, bitmap: Uint8Array): Uint8Array {
  const { typicalInk } = sheet;
  if (typicalInk === undefined) return bitmap;
  const distanceOf = (other: Uint8Array) => Math.abs(inkOf(other) - typicalInk);
  const next = grow(sheet, bitmap, inkOf(bitmap) < typicalInk ? 1 : 0);
  return distanceOf(next) < distanceOf(bitmap) ? withTypicalInk(sheet, next) : bitmap;
}

/** The number of inked pixels. */
export function inkOf(bitmap: Uint8Array): number {
  return bitmap.reduce((sum, pixel) => sum + pixel, 0);
}

/** Every pixel with a neighbour of `value`, above, below or beside it, takes that value. */
function grow({ width, height }: Sheet, bitmap: Uint8Array, value: number): Uint8Array {
  return bitmap.map((pixel, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const meets =
      (x > 0 && bitmap[i - 1] === value) ||
      (x < width - 1 && bitmap[i + 1] === value) ||
      (y > 0 && bitmap[i - width] === value) ||
      (y < height - 1 && bitmap[i + width] === value);
    return meets ? value : pixel;
  });
}
