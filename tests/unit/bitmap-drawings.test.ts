/** One's own drawings as text, and what the pen does to a bitmap. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
import { BITMAP_PIXELS, BITMAP_SIDE, inkOf } from '../../src/data/bitmap';

const drawings = fc.array(
  fc.record({
    digit: fc.nat(9),
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
    const textOf = (drawing: unknown, version = 1, count = 1) =>
      JSON.stringify({ version, drawings: Array(count).fill(drawing) });
    expect(parseDrawings(textOf({ digit: 3, bitmap }))).toHaveLength(1);
    for (const text of [
      '',
      'null',
      '{"version":1}',
      textOf({ digit: 3, bitmap }, 2),
      textOf({ digit: 10, bitmap }),
      textOf({ digit: 0.5, bitmap }),
      textOf({ digit: 3, bitmap: bitmap.slice(1) }),
      textOf({ digit: 3, bitmap: `${bitmap.slice(1)}g` }),
      textOf({ digit: 3 }),
      textOf({ digit: 3, bitmap }, 1, MOST_DRAWINGS + 1),
    ]) {
      expect(parseDrawings(text), text.slice(0, 60)).toBeUndefined();
    }
  });
});

describe('the pen', () => {
  it('draws a stroke four pixels wide, and the eraser takes it away', () => {
    const [from, to] = [
      { x: 16, y: 4 },
      { x: 16, y: 28 },
    ];
    const drawn = withStroke(emptyBitmap(), from, to, 1);
    const row = drawn.subarray(16 * BITMAP_SIDE, 17 * BITMAP_SIDE);
    expect(Array.from(row.keys()).filter((x) => row[x] === 1)).toEqual([14, 15, 16, 17]);
    expect(inkOf(withStroke(drawn, from, to, 0))).toBe(0);
    expect(inkOf(withStroke(emptyBitmap(), from, from, 1))).toBeGreaterThan(0);
  });

  it('inks and clears one block', () => {
    const inked = withBlock(emptyBitmap(), 2, 5, 1);
    expect(inkOf(inked)).toBe(16);
    expect([isBlockInked(inked, 2, 5), isBlockInked(inked, 5, 2)]).toEqual([true, false]);
    expect(inkOf(withBlock(inked, 2, 5, 0))).toBe(0);
  });
});
