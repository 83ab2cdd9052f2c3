/**
 * Augmentation: images are moved as bytes, and noise is added to their features. What is drawn are the words
 * of Philox as in src/data/augmentation.ts, whose numbers these are.
 */
import { partOf, philox, word0, word1, word2, word3 } from './philox';

/** The second word of the key. */
const KEY: u32 = 1;
/** The fourth word of the counter. */
const NOISE: i32 = 0;
const SHIFT: i32 = 1;
const MEAN_OF_BYTES: i32 = 510;

/** The place of a sample in the training set: `rows[i]`, or `first + i` where there are no `rows`. */
function placeOf(rows: usize, first: u32, i: usize): u32 {
  return rows === 0 ? first + <u32>i : load<u32>(rows + 4 * i);
}

/**
 * Samples as bytes, each image moved down and to the right by whole numbers from -shift to shift, with
 * zeros where it has come from beyond its edge.
 *
 * @param bytes - all training samples, rows of (channels × height × width) bytes
 * @param rows - places (uint32) of the samples in the training set, or 0: in order, from `first` on
 * @param to - rows of as many bytes, in the order of the samples
 */
export function moveBytes(
  bytes: usize,
  rows: usize,
  first: u32,
  count: usize,
  channels: i32,
  height: i32,
  width: i32,
  shift: i32,
  epoch: u32,
  seed: u32,
  to: usize,
): void {
  const size = <usize>(channels * height * width);
  const zero = i32x4.splat(0);
  for (let i: usize = 0; i < count; i++) {
    const place = placeOf(rows, first, i);
    philox(zero, i32x4.splat(<i32>place), i32x4.splat(<i32>epoch), i32x4.splat(SHIFT), seed, KEY);
    const down = i32x4.extract_lane(partOf(word0, 2 * shift + 1), 0) - shift;
    const right = i32x4.extract_lane(partOf(word1, 2 * shift + 1), 0) - shift;
    const from = bytes + size * <usize>place;
    const image = to + size * i;
    memory.fill(image, 0, size);
    const kept = <usize>(width - abs(right));
    for (let line: i32 = 0; line < channels * height; line++) {
      const y = (line % height) - down;
      if (y < 0 || y >= height) continue;
      memory.copy(
        image + <usize>(line * width + max(right, 0)),
        from + <usize>((line - down) * width + max(-right, 0)),
        kept,
      );
    }
  }
}

/** The sums of each word's four bytes, less their mean, as float32. */
function sumsOf(words: v128): v128 {
  const low = i32x4.splat(0x00ff00ff);
  const pairs = i32x4.add(v128.and(words, low), v128.and(i32x4.shr_u(words, 8), low));
  const sums = i32x4.add(v128.and(pairs, i32x4.splat(0xffff)), i32x4.shr_u(pairs, 16));
  return f32x4.convert_i32x4_s(i32x4.sub(sums, i32x4.splat(MEAN_OF_BYTES)));
}

/** Adds noise to four features. Its product with the step is exact, so that nothing is rounded but the sum. */
function addTo(features: usize, sums: v128, steps: usize): void {
  const noise = f32x4.mul(sums, v128.load(steps));
  v128.store(features, f32x4.add(v128.load(features), noise));
}

/**
 * Adds noise to the features of samples.
 *
 * @param rows - places (uint32) of the samples in the training set, or 0: in order, from `first` on
 * @param steps - float32 for each column, zeros up to a multiple of four
 * @param to - rows of float32, `stride` bytes apart, room up to a multiple of four columns
 */
export function addNoise(
  rows: usize,
  first: u32,
  count: usize,
  columns: usize,
  steps: usize,
  epoch: u32,
  seed: u32,
  to: usize,
  stride: usize,
): void {
  const z = i32x4.splat(<i32>epoch);
  const w = i32x4.splat(NOISE);
  for (let i: usize = 0; i < count; i++) {
    const y = i32x4.splat(<i32>placeOf(rows, first, i));
    const row = to + stride * i;
    // Four counters at once are sixteen columns: a word of each is every fourth of them.
    for (let column: usize = 0; column < columns; column += 16) {
      philox(i32x4.add(i32x4.splat(<i32>(column >> 2)), i32x4(0, 1, 2, 3)), y, z, w, seed, KEY);
      const a = sumsOf(word0);
      const b = sumsOf(word1);
      const c = sumsOf(word2);
      const d = sumsOf(word3);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const features = row + 4 * column;
      const own = steps + 4 * column;
      addTo(features, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), own);
      if (column + 4 >= columns) break;
      addTo(features + 16, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), own + 16);
      if (column + 8 >= columns) break;
      const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      addTo(features + 32, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), own + 32);
      if (column + 12 >= columns) break;
      addTo(features + 48, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), own + 48);
    }
  }
}
