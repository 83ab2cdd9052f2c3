/** Sizes of a pooling that its kernels have in common. */
import type { PoolShape } from '../../src/layers/max-pool2d/layer';

/** Values of a sample before and behind a pooling. */
export function poolCounts({ channels, height, width, outHeight, outWidth }: PoolShape) {
  return { inputs: channels * height * width, outputs: channels * outHeight * outWidth };
}
