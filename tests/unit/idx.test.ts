/** IDX files are read as they are, and what is none is called by its name. */
import { describe, expect, it } from 'vitest';
import { DataFormatError } from '../../src/data/dataset';
import { parseIdx } from '../../src/data/idx';

/** A file of bytes. */
function idx(shape: readonly number[], values: readonly number[], type = 8): Uint8Array {
  const header = Uint8Array.of(0, 0, type, shape.length);
  const sizes = shape.flatMap((size) => [
    size >>> 24,
    (size >>> 16) & 255,
    (size >>> 8) & 255,
    size & 255,
  ]);
  return Uint8Array.of(...header, ...sizes, ...values);
}

const IMAGES = idx([2, 1, 3], [1, 2, 3, 4, 5, 255]);

describe('parseIdx', () => {
  it('gives dimensions and values, without a copy', () => {
    const { shape, values } = parseIdx(IMAGES, 'images');
    expect(shape).toEqual([2, 1, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 255]);
    expect(values.buffer).toBe(IMAGES.buffer);
    expect(parseIdx(idx([300], Array(300).fill(7)), 'labels').shape).toEqual([300]);
  });

  it.each([
    [
      'cut off',
      IMAGES.subarray(0, 20),
      'images is cut off: 2 × 1 × 3 values make 22 bytes, and it has 20.',
    ],
    ['longer than it says', Uint8Array.of(...IMAGES, 0), 'images goes on behind its end'],
    [
      'cut off in its header',
      IMAGES.subarray(0, 11),
      'images ends within its header, after 11 bytes',
    ],
    [
      'of floats',
      idx([1], [0, 0, 0, 0], 0x0d),
      'images has values of type 0x0d; only bytes (0x08)',
    ],
    ['still gzipped', Uint8Array.of(0x1f, 0x8b, 8, 0), 'a gzip file'],
    ['a page', new TextEncoder().encode('<!DOCTYPE html><title>404'), 'an HTML page'],
    ['text', new TextEncoder().encode('1,2,3'), 'it is text'],
    ['empty', new Uint8Array(), 'it is empty'],
  ])('names a file that is %s', (_what, bytes, message) => {
    expect(() => parseIdx(bytes, 'images')).toThrow(DataFormatError);
    expect(() => parseIdx(bytes, 'images')).toThrow(message);
  });
});
