/** Drawings become images as the data set has them: measured against the data set itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBlocks, fitToFrame, imageOfDrawing, inkOf } from '../../src/data/bitmap';
import type { Rows } from '../../src/data/dataset';
import { likenessOf, nearestDistance } from '../../src/evaluation/likeness';
import { loadDigits } from '../fixtures';
import { DIGITS_SHEET } from '../support/digits-sheet';

const digits = loadDigits();
const BITMAP_SIDE = 32;
const BITMAP_PIXELS = BITMAP_SIDE * BITMAP_SIDE;
const BLOCK_SIDE = 4;
const SIDE = 8;
const PIXELS = SIDE * SIDE;

const imageAt = ({ values }: Rows<Uint8Array>, row: number) =>
  values.subarray(row * PIXELS, (row + 1) * PIXELS);

/** A rectangle of ink. */
function rectangle(left: number, top: number, width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: BITMAP_PIXELS }, (_, i) => {
    const [x, y] = [i % BITMAP_SIDE, Math.floor(i / BITMAP_SIDE)];
    return x >= left && x < left + width && y >= top && y < top + height ? 1 : 0;
  });
}

/**
 * A drawing whose counts are about those of an image: interpolated and cut at half, `scale` times as
 * large, its corner at (`left`, `top`).
 */
function drawingOf(image: Uint8Array, scale: number, left: number, top: number): Uint8Array {
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : image[y * SIDE + x];
  return Uint8Array.from({ length: BITMAP_PIXELS }, (_, i) => {
    const u = ((i % BITMAP_SIDE) + 0.5 - left) / scale / BLOCK_SIDE - 0.5;
    const v = (Math.floor(i / BITMAP_SIDE) + 0.5 - top) / scale / BLOCK_SIDE - 0.5;
    const [x, y] = [Math.floor(u), Math.floor(v)];
    const upper = at(x, y) * (1 - u + x) + at(x + 1, y) * (u - x);
    const lower = at(x, y + 1) * (1 - u + x) + at(x + 1, y + 1) * (u - x);
    return upper * (1 - v + y) + lower * (v - y) > 8 ? 1 : 0;
  });
}

/** The digit whose mean image is nearest. */
function nearestDigit(): (image: Uint8Array) => number {
  const means = Array.from({ length: 10 }, (_, digit) => {
    const rows = Array.from(digits.labels.keys()).filter((row) => digits.labels[row] === digit);
    return Float64Array.from(
      { length: PIXELS },
      (_, pixel) => rows.reduce((sum, row) => sum + imageAt(digits, row)[pixel], 0) / rows.length,
    );
  });
  const distance = (mean: Float64Array, image: Uint8Array) =>
    mean.reduce((sum, value, pixel) => sum + (value - image[pixel]) ** 2, 0);
  return (image) => {
    const distances = means.map((mean) => distance(mean, image));
    return distances.indexOf(Math.min(...distances));
  };
}

describe('the data set', () => {
  it('has the frame and the ink that drawings are fitted to', () => {
    const rows = Array.from(digits.labels.keys());
    const hasInk = (row: number, from: number, step: number) =>
      Array.from({ length: SIDE }, (_, k) => imageAt(digits, row)[from + k * step]).some(Boolean);
    expect(rows.every((row) => hasInk(row, 0, 1) && hasInk(row, PIXELS - SIDE, 1))).toBe(true);
    const zeros = rows.filter((row) => digits.labels[row] === 0);
    const share = (column: number) =>
      zeros.filter((row) => hasInk(row, column, SIDE)).length / zeros.length;
    // 20 columns in the middle of 32 begin amid block 1 and end amid block 6.
    expect([share(1), share(6)].every((value) => value > 0.98)).toBe(true);
    expect([share(0), share(7)].every((value) => value < 0.02)).toBe(true);
    const ink = rows
      .map((row) => imageAt(digits, row).reduce((sum, count) => sum + count, 0))
      .sort((a, b) => a - b);
    expect(ink[Math.floor(ink.length / 2)]).toBe(313);
    expect([ink[Math.floor(0.05 * ink.length)], ink[Math.floor(0.95 * ink.length)]]).toEqual([
      261, 369,
    ]);
  });
});

describe('counting blocks', () => {
  it('counts each block’s ink, and loses none', () => {
    const counts = countBlocks(DIGITS_SHEET, rectangle(2, 4, 5, 4));
    expect(Array.from(counts.subarray(0, 2 * SIDE))).toEqual([
      ...Array(SIDE).fill(0),
      ...[8, 12, 0, 0, 0, 0, 0, 0],
    ]);
    fc.assert(
      fc.property(
        fc.uint8Array({ min: 0, max: 1, minLength: BITMAP_PIXELS, maxLength: BITMAP_PIXELS }),
        (bitmap) => {
          const total = countBlocks(DIGITS_SHEET, bitmap).reduce((sum, count) => sum + count, 0);
          expect(total).toBe(inkOf(bitmap));
          expect(Math.max(...countBlocks(DIGITS_SHEET, bitmap))).toBeLessThanOrEqual(16);
        },
      ),
      { seed: 1 },
    );
  });
});

describe('fitting to the frame', () => {
  it('fills the height, keeps a narrow shape and squeezes a wide one', () => {
    expect(fitToFrame(DIGITS_SHEET, rectangle(20, 3, 4, 16))).toEqual(rectangle(12, 0, 8, 32));
    expect(fitToFrame(DIGITS_SHEET, rectangle(0, 8, 30, 16))).toEqual(rectangle(6, 0, 20, 32));
  });

  it('has a limit: a dash and a dot stay what they are', () => {
    const image = (bitmap: Uint8Array) => imageOfDrawing(DIGITS_SHEET, bitmap) ?? [];
    const rowsInked = (bitmap: Uint8Array) =>
      Array.from({ length: SIDE }, (_, row) =>
        image(bitmap)
          .slice(row * SIDE, (row + 1) * SIDE)
          .some((count) => count > 0),
      ).filter(Boolean).length;
    // A dash would fill all eight rows, as a one does.
    expect(rowsInked(rectangle(4, 14, 24, 4))).toBeLessThanOrEqual(4);
    expect(rowsInked(rectangle(14, 14, 4, 4))).toBeLessThanOrEqual(4);
    expect(rowsInked(rectangle(14, 2, 4, 28))).toBe(SIDE);
  });

  it('leaves what is no digit unlike every image: a dash, a dot, a filled pad', () => {
    const { images, usual } = likenessOf(digits.values, PIXELS);
    const distanceOf = (bitmap: Uint8Array) =>
      nearestDistance(imageOfDrawing(DIGITS_SHEET, bitmap) ?? new Uint8Array(PIXELS), images);
    for (const stranger of [
      rectangle(4, 14, 24, 4),
      rectangle(14, 14, 4, 4),
      rectangle(0, 0, BITMAP_SIDE, BITMAP_SIDE),
    ]) {
      expect(distanceOf(stranger)).toBeGreaterThan(usual);
    }
    // A one, and every fiftieth image as a drawing of half its size.
    expect(distanceOf(rectangle(14, 2, 4, 28))).toBeLessThan(usual);
    for (let row = 0; row < digits.count; row += 50) {
      expect(distanceOf(drawingOf(imageAt(digits, row), 0.5, 8, 8)), `row ${row}`).toBeLessThan(
        usual,
      );
    }
  });

  it('gives the same image wherever the drawing is, and nothing of nothing', () => {
    const boxes = fc.record({
      row: fc.nat(digits.count - 1),
      left: fc.integer({ min: 0, max: 16 }),
      top: fc.integer({ min: 0, max: 16 }),
    });
    fc.assert(
      fc.property(boxes, ({ row, left, top }) => {
        const here = imageOfDrawing(DIGITS_SHEET, drawingOf(imageAt(digits, row), 0.5, 0, 0));
        expect(
          imageOfDrawing(DIGITS_SHEET, drawingOf(imageAt(digits, row), 0.5, left, top)),
        ).toEqual(here);
      }),
      { numRuns: 50, seed: 1 },
    );
    expect(imageOfDrawing(DIGITS_SHEET, new Uint8Array(BITMAP_PIXELS))).toBeUndefined();
  });
});

describe('the image of a drawing', () => {
  it('is read as the digit that it was drawn from, at any size and place', () => {
    const digitOf = nearestDigit();
    const rows = Array.from(digits.labels.keys()).filter((row) => row % 7 === 0);
    const share = (images: readonly (Uint8Array | undefined)[]) =>
      images.filter((image, i) => image !== undefined && digitOf(image) === digits.labels[rows[i]])
        .length / rows.length;
    const plain = share(rows.map((row) => imageAt(digits, row)));
    for (const [scale, left, top] of [
      [0.75, 7, 1],
      [0.5, 1, 15],
    ]) {
      const drawings = rows.map((row) => drawingOf(imageAt(digits, row), scale, left, top));
      // Counted where they were drawn, hardly any of them would be.
      expect(share(drawings.map((drawing) => countBlocks(DIGITS_SHEET, drawing)))).toBeLessThan(
        0.2,
      );
      expect(
        share(drawings.map((drawing) => imageOfDrawing(DIGITS_SHEET, drawing))),
      ).toBeGreaterThan(plain - 0.1);
    }
  });

  it('has about as much ink as the data, however thick the pen', () => {
    for (const row of [0, 1, 2, 3, 10, 11]) {
      for (const scale of [0.5, 0.75, 1]) {
        const image = imageOfDrawing(DIGITS_SHEET, drawingOf(imageAt(digits, row), scale, 0, 0));
        const ink = image?.reduce((sum, count) => sum + count, 0);
        expect(ink).toBeGreaterThanOrEqual(261);
        expect(ink).toBeLessThanOrEqual(369);
      }
    }
  });
});
