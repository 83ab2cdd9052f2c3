/**
 * Augmentation: what training makes of an image each time it sees it, a move by whole pixels and noise.
 * What is drawn is a function, not a stream: words of Philox for each (seed, epoch, training sample, pixel),
 * so it is the same in every backend, in batches of any size and after any pause.
 */
import type { InputShape } from './dataset';
import { multiplyHigh, philox } from './philox';
import type { Scaler } from './scaler';

/** An image is moved by at most this share of its shorter side, or what is drawn would be lost. */
const MOST_SHARE = 1 / 4;
/** Standard deviation of the noise at most, where a pixel goes from 0 to 1. */
export const MOST_PIXEL_NOISE = 1;

/** What of an augmentation a plan depends on. */
export interface AugmentationShape {
  readonly image: InputShape;
  /** Most pixels that an image moves by, up or down and to the left or right; 0 where it stays. */
  readonly shift: number;
  readonly hasNoise: boolean;
}

export interface Augmentation extends AugmentationShape {
  readonly seed: number;
  /**
   * What one of the noise's whole numbers is of each feature; zeros without noise. Of 15 significant bits,
   * so that its products with those numbers are float32 without rounding: then it does not matter to the
   * last bit whether a device multiplies and adds at once.
   */
  readonly noiseSteps: Float64Array;
}

/** The second word of Philox's key; dropout's is 0. */
export const AUGMENTATION_KEY = 1;
/** The fourth word of its counter. */
export const DRAWN = { noise: 0, shift: 1 } as const;

/**
 * The noise of a pixel is the sum of a word's four bytes less their mean: whole numbers, so that every
 * backend has the same ones, and near to normal (Irwin, Biometrika 19, 1927, p. 225, and Hall, p. 240):
 * an excess kurtosis of -0.3, and nothing beyond 3.45 standard deviations.
 */
export const MEAN_OF_BYTES = 510;
/** Standard deviation of a sum of four numbers that are uniform in 0, 1, … 255. */
const DEVIATION_OF_BYTES = Math.sqrt((4 * (256 ** 2 - 1)) / 12);
/** Bits of a step, beside the nine of a whole number up to 510. */
const STEP_BITS = 15;

/** How far images of this shape may be moved. */
export function mostShift({ height, width }: InputShape): number {
  return Math.floor(MOST_SHARE * Math.min(height, width));
}

/**
 * What a configuration asks for; undefined where it asks for none.
 *
 * @param settings - `noise` in units of a pixel that goes from 0 to 1
 * @param scaler - of the features
 * @param top - the value of a pixel that stands for 1
 */
export function augmentationOf(
  { seed, shift, noise }: { readonly seed: number; readonly shift: number; readonly noise: number },
  image: InputShape,
  { scale }: Scaler,
  top: number,
): Augmentation | undefined {
  if (shift === 0 && noise === 0) return undefined;
  const noiseSteps = scale.map((each) => rounded((noise * top) / each / DEVIATION_OF_BYTES));
  return { image, shift, hasNoise: noise > 0, seed, noiseSteps };
}

/** A number with `STEP_BITS` significant bits (Dekker, Numerische Mathematik 18, 1971, p. 224). */
function rounded(value: number): number {
  const large = value * (2 ** (53 - STEP_BITS) + 1);
  return large - (large - value);
}

/** Whole pixels that an image moves by. */
export interface Offset {
  readonly down: number;
  readonly right: number;
}

/**
 * How far the image of a training sample moves in an epoch, each way uniformly from -shift to shift.
 *
 * @param epoch - from 0
 * @param sample - its place in the training set
 */
export function offsetOf(
  { seed, shift }: Pick<Augmentation, 'seed' | 'shift'>,
  epoch: number,
  sample: number,
): Offset {
  const [down, right] = philox([0, sample, epoch, DRAWN.shift], [seed, AUGMENTATION_KEY]);
  // The high word of a product is a word's place among as many equal parts of all words.
  const drawn = (word: number) => multiplyHigh(word, 2 * shift + 1) - shift;
  return { down: drawn(down), right: drawn(right) };
}

/**
 * Where what comes to a pixel was before its image moved; -1 where it was beyond the edge.
 *
 * @param pixel - index of a value of the sample, channel by channel, row-major
 */
export function sourceOf(
  { height, width }: InputShape,
  { down, right }: Offset,
  pixel: number,
): number {
  const y = (Math.floor(pixel / width) % height) - down;
  const x = (pixel % width) - right;
  const isInside = y >= 0 && y < height && x >= 0 && x < width;
  return isInside ? pixel - down * width - right : -1;
}

/**
 * The noise of four features, from `pixel` on, a multiple of four.
 *
 * @param epoch - from 0
 * @param sample - its place in the training set
 * @returns whole numbers, which the features' `noiseSteps` turn into noise
 */
export function noiseOf(
  { seed }: Pick<Augmentation, 'seed'>,
  epoch: number,
  sample: number,
  pixel: number,
): readonly number[] {
  const words = philox([pixel >>> 2, sample, epoch, DRAWN.noise], [seed, AUGMENTATION_KEY]);
  return words.map(
    (word) =>
      (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24) - MEAN_OF_BYTES,
  );
}
