/** One's own drawings as text, and what the pen does to a bitmap. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  MOST_DRAWINGS,
  parseDrawings,
  serializeDrawings,
} from '../../src/app/lab/panels/draw/drawings';
import {
  emptyBitmap,
  isBlockInked,
  withBlock,
  withStroke,
} from '../../src/app/lab/panels/draw/pen';
import { inkOf } from '../../src/data/bitmap';
import { DIGITS_SHEET } from '../support/digits-sheet';

const BITMAP_SIDE = 32;
const BITMAP_PIXELS = BITMAP_SIDE * BITMAP_SIDE;

const drawings = fc.array(
  fc.record({
    dataset: fc.constant('digits' as const),
    label: fc.nat(9),
    bitmap: fc.uint8Array({ min: 0, max: 1, minLength: BITMAP_PIXELS, maxLength: BITMAP_PIXELS }),
  }),
  { maxLength: 4 },
);

describe('drawings as text', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(drawings, (own) => {
        expect(parseDrawings(serializeDrawings(own))).toEqual(own);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('are refused where anything is not as it was written', () => {
    const bitmap = '00'.repeat(BITMAP_PIXELS / 8);
    const textOf = (drawing: unknown, version = 2, count = 1) =>
      JSON.stringify({ version, drawings: Array(count).fill(drawing) });
    const good = { dataset: 'digits', label: 3, bitmap };
    expect(parseDrawings(textOf(good))).toHaveLength(1);
    for (const text of [
      '',
      'null',
      '{"version":1}',
      textOf(good, 1),
      textOf(good, 3),
      textOf({ ...good, dataset: 'letters' }),
      textOf({ ...good, label: 10 }),
      textOf({ ...good, label: 0.5 }),
      textOf({ ...good, bitmap: bitmap.slice(1) }),
      textOf({ ...good, bitmap: `${bitmap.slice(1)}g` }),
      textOf({ dataset: 'digits', label: 3 }),
      textOf(good, 2, MOST_DRAWINGS + 1),
      textOf({ digit: 10, bitmap }, 1),
      textOf({ digit: 3, bitmap: bitmap.slice(1) }, 1),
    ]) {
      expect(parseDrawings(text), text.slice(0, 60)).toBeUndefined();
    }
  });
});

test('drawings that were kept while the digits were the only data set are still read', () => {
  const bitmap = `8${'0'.repeat(2 * (BITMAP_PIXELS / 8) - 1)}`;
  const [drawing] =
    parseDrawings(JSON.stringify({ version: 1, drawings: [{ digit: 7, bitmap }] })) ?? [];
  expect(drawing).toMatchObject({ dataset: 'digits', label: 7 });
  expect([inkOf(drawing.bitmap), drawing.bitmap[0]]).toEqual([1, 1]);
});

describe('the pen', () => {
  it('draws a stroke four pixels wide, and the eraser takes it away', () => {
    const [from, to] = [
      { x: 16, y: 4 },
      { x: 16, y: 28 },
    ];
    const drawn = withStroke(DIGITS_SHEET, emptyBitmap(DIGITS_SHEET), from, to, 1);
    const row = drawn.subarray(16 * BITMAP_SIDE, 17 * BITMAP_SIDE);
    expect(Array.from(row.keys()).filter((x) => row[x] === 1)).toEqual([14, 15, 16, 17]);
    expect(inkOf(withStroke(DIGITS_SHEET, drawn, from, to, 0))).toBe(0);
    expect(
      inkOf(withStroke(DIGITS_SHEET, emptyBitmap(DIGITS_SHEET), from, from, 1)),
    ).toBeGreaterThan(0);
  });

  it('inks and clears one block', () => {
    const inked = withBlock(DIGITS_SHEET, emptyBitmap(DIGITS_SHEET), { row: 2, column: 5 }, 1);
    expect(inkOf(inked)).toBe(16);
    expect([
      isBlockInked(DIGITS_SHEET, inked, { row: 2, column: 5 }),
      isBlockInked(DIGITS_SHEET, inked, { row: 5, column: 2 }),
    ]).toEqual([true, false]);
    expect(inkOf(withBlock(DIGITS_SHEET, inked, { row: 2, column: 5 }, 0))).toBe(0);
  });
});
