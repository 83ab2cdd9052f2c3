/** Access to images that lie one after the other in one array. */
import type { NamedImages } from '../worker/lesson';

/** The values of image `index`, without a copy. */
export function imageAt({ pixels, names }: NamedImages, index: number): Uint8Array {
  const features = pixels.length / names.length;
  return pixels.subarray(index * features, (index + 1) * features);
}
