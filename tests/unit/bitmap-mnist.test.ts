/** Drawings become images as MNIST has them: in a box, by their centre of mass, and as the data set itself has them. */
import { describe, expect, it } from 'vitest';
import { imageOfDrawing, type Sheet, sheetOf } from '../../src/data/bitmap';
import { datasetOf, loadRows } from '../../src/data/registry';
import { DEFAULTS } from '../../src/training/configuration/fields';

const SHEET = sheetOf(datasetOf('mnist')) as Sheet; // it has a rule for drawings
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const { width } = SHEET;

/** Ink wherever a place is inside. */
function drawn(isInk: (x: number, y: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: width * SHEET.height }, (_, i) =>
    Number(isInk((i % width) + 0.5, Math.floor(i / width) + 0.5)),
  );
}

const rectangle = (left: number, top: number, wide: number, high: number) =>
  drawn((x, y) => x > left && x < left + wide && y > top && y < top + high);

function imageOf(bitmap: Uint8Array): Uint8Array {
  const image = imageOfDrawing(SHEET, bitmap);
  if (image === undefined) throw new Error('nothing is drawn');
  return image;
}

/** Mean place of the ink, and the rows and columns that have any. */
function measure(image: Uint8Array) {
  let [sum, x, y] = [0, 0, 0];
  const [rows, columns] = [new Set<number>(), new Set<number>()];
  image.forEach((value, i) => {
    if (value === 0) return;
    sum += value;
    x += value * ((i % SIDE) + 0.5);
    y += value * (Math.floor(i / SIDE) + 0.5);
    rows.add(Math.floor(i / SIDE));
    columns.add(i % SIDE);
  });
  return { ink: sum / 255, x: x / sum, y: y / sum, rows: rows.size, columns: columns.size };
}

it('the pad has four by four pixels for each of the data’s', () => {
  expect([SHEET.width, SHEET.height]).toEqual([112, 112]);
});

describe('a drawing', () => {
  it('is scaled into 20 × 20 pixels, whichever way it is longer', () => {
    expect(measure(imageOf(rectangle(5, 9, 30, 60)))).toEqual({
      ...{ ink: 200, x: 15, y: 15 },
      ...{ rows: 20, columns: 10 },
    });
    expect(measure(imageOf(rectangle(0, 0, 112, 28)))).toMatchObject({
      rows: 5,
      columns: 20,
    });
  });

  it('has its centre of mass in the pixel in the centre, as the data have it', () => {
    // An L: its mass is far from the centre of its box.
    const letter = drawn((x, y) => (x < 20 && y < 90) || (y > 70 && y < 90 && x < 60));
    const { x, y } = measure(imageOf(letter));
    expect(Math.abs(x - 14.5)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y - 14.5)).toBeLessThanOrEqual(0.5);
  });

  it('is the same wherever it was drawn', () => {
    const ring = (left: number) =>
      drawn((x, y) => Math.abs(Math.hypot(x - left - 30, y - 40) - 20) < 5);
    expect(imageOf(ring(0))).toEqual(imageOf(ring(40)));
  });

  it('is grey where ink covers a part of a pixel', () => {
    // 60 pixels become 20, and 20 become 6 and two thirds.
    const image = imageOf(rectangle(10, 10, 20, 60));
    expect(measure(image)).toMatchObject({ rows: 20, columns: 7 });
    expect(new Set(image)).toEqual(new Set([0, Math.round((2 / 3) * 255), 255]));
  });

  it('stays a dot where it is one', () => {
    expect(measure(imageOf(rectangle(50, 50, 4, 4)))).toMatchObject({ rows: 4, columns: 4 });
  });
});

it('an image of the data set, drawn four times as large, comes back as it was', async () => {
  const { values } = await loadRows({ ...DEFAULTS, dataset: 'mnist' });
  let difference = 0;
  let ink = 0;
  for (let row = 0; row < 200; row++) {
    const image = values.subarray(row * PIXELS, (row + 1) * PIXELS);
    // Interpolated between the pixels' centres, and cut at half.
    const at = (x: number, y: number) =>
      x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : image[y * SIDE + x];
    const bitmap = drawn((px, py) => {
      const [u, v] = [px / 4 - 0.5, py / 4 - 0.5];
      const [x, y] = [Math.floor(u), Math.floor(v)];
      const upper = at(x, y) * (1 - u + x) + at(x + 1, y) * (u - x);
      const lower = at(x, y + 1) * (1 - u + x) + at(x + 1, y + 1) * (u - x);
      return upper * (1 - v + y) + lower * (v - y) > 127;
    });
    const seen = imageOf(bitmap);
    for (let i = 0; i < PIXELS; i++) {
      difference += Math.abs(seen[i] - image[i]);
      ink += image[i];
    }
  }
  expect(difference / ink).toBeLessThan(0.25);
});
