/** Max pooling in plain float64 loops: forwards, and back to its input. It has no parameters. */
import type { LayerReference } from '../../reference/layer-reference';
import type { MaxPoolLayer, PoolShape } from './layer';
import { poolShape } from './layer';

/** For each value that comes out, where on the image the largest of its window is, the first of equals. */
export function poolSources(shape: PoolShape, image: Float64Array): Uint32Array {
  const { channels, height, width, size, outHeight, outWidth } = shape;
  const sources = new Uint32Array(channels * outHeight * outWidth);
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        let best = (channel * height + row * size) * width + column * size;
        for (let dy = 0; dy < size; dy++) {
          for (let dx = 0; dx < size; dx++) {
            const at = (channel * height + row * size + dy) * width + column * size + dx;
            if (image[at] > image[best]) best = at;
          }
        }
        sources[(channel * outHeight + row) * outWidth + column] = best;
      }
    }
  }
  return sources;
}

/**
 * The largest value of each window.
 *
 * @param input - (count × channels × height × width)
 * @returns (count × channels × rows × columns)
 */
export function poolForward(shape: PoolShape, input: Float64Array, count: number): Float64Array {
  const inputs = input.length / count;
  const outputs = shape.channels * shape.outHeight * shape.outWidth;
  const largest = new Float64Array(count * outputs);
  for (let sample = 0; sample < count; sample++) {
    const image = input.subarray(sample * inputs, (sample + 1) * inputs);
    poolSources(shape, image).forEach((from, at) => {
      largest[sample * outputs + at] = image[from];
    });
  }
  return largest;
}

/** The gradient at the input: a window's delta goes back to its first largest value, and the others get 0. */
export function poolBackwardInput(
  shape: PoolShape,
  delta: Float64Array,
  input: Float64Array,
  count: number,
): Float64Array {
  const inputs = input.length / count;
  const outputs = delta.length / count;
  const gradient = new Float64Array(input.length);
  for (let sample = 0; sample < count; sample++) {
    const image = input.subarray(sample * inputs, (sample + 1) * inputs);
    poolSources(shape, image).forEach((from, at) => {
      gradient[sample * inputs + from] = delta[sample * outputs + at];
    });
  }
  return gradient;
}

export const maxPool: LayerReference<MaxPoolLayer> = {
  forward: ({ place: { layer, input: shape }, input, count }) =>
    poolForward(poolShape(layer, shape), input, count),
  gradients: () => undefined,
  backwardInput: ({ place: { layer, input: shape }, input, count }, delta) =>
    poolBackwardInput(poolShape(layer, shape), delta, input, count),
};
