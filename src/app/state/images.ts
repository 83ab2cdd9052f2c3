/** Access to images that lie one after the other in one array. */
import type { DigitImages } from '../worker/lesson';

const PIXELS = 64;

/** The 64 pixels of image `index`, without a copy. */
export function imageAt(images: DigitImages, index: number): Uint8Array {
  return images.pixels.subarray(index * PIXELS, (index + 1) * PIXELS);
}
