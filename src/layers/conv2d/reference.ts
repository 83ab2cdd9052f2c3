/** The convolution in plain float64 loops: forwards, and back to its parameters and its input. */
import type { LayerReference } from '../../reference/layer-reference';
import type { ConvLayer, ConvShape } from './layer';
import { convShape } from './layer';

/**
 * Calls `use` for every row of every filter's window, at every place: where in the output it adds to, and
 * where the first of the values and of the weights are that meet there, each `length` in a row.
 */
export function convEach(
  shape: ConvShape,
  use: (output: number, input: number, weight: number, length: number) => void,
): void {
  const { channels, height, width, filters, kernelHeight, kernelWidth } = shape;
  const { stride, paddingY, paddingX, outHeight, outWidth } = shape;
  for (let filter = 0; filter < filters; filter++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        const output = (filter * outHeight + row) * outWidth + column;
        // Beyond the edges there are zeros, which add nothing.
        const left = column * stride - paddingX;
        const from = Math.max(0, -left);
        const length = Math.min(kernelWidth, width - left) - from;
        for (let channel = 0; channel < channels; channel++) {
          for (let dy = 0; dy < kernelHeight; dy++) {
            const y = row * stride + dy - paddingY;
            if (y < 0 || y >= height) continue;
            const input = (channel * height + y) * width + left + from;
            const weight = ((filter * channels + channel) * kernelHeight + dy) * kernelWidth + from;
            use(output, input, weight, length);
          }
        }
      }
    }
  }
}

/**
 * Feature maps: Z[f, i, j] = b[f] + Σ W[f, c, dy, dx] · A_in[c, i·stride + dy - padding, j·stride + dx - padding].
 *
 * @param input - (count × channels × height × width)
 * @param weights - (filters × channels × kernel height × kernel width)
 * @returns (count × filters × rows × columns)
 */
export function convForward(
  shape: ConvShape,
  input: Float64Array,
  weights: Float64Array,
  biases: Float64Array,
  count: number,
): Float64Array {
  const { inputs, outputs, positions } = convSizes(shape);
  const sums = new Float64Array(count * outputs);
  for (let sample = 0; sample < count; sample++) {
    const z = sums.subarray(sample * outputs, (sample + 1) * outputs);
    const a = input.subarray(sample * inputs, (sample + 1) * inputs);
    for (let i = 0; i < outputs; i++) z[i] = biases[Math.floor(i / positions)];
    convEach(shape, (at, from, weight, length) => {
      for (let i = 0; i < length; i++) z[at] += weights[weight + i] * a[from + i];
    });
  }
  return sums;
}

/** The gradient at the input: each delta goes back, times its weight, to every value that it came from. */
export function convBackwardInput(
  shape: ConvShape,
  delta: Float64Array,
  weights: Float64Array,
  count: number,
): Float64Array {
  const { inputs, outputs } = convSizes(shape);
  const gradient = new Float64Array(count * inputs);
  for (let sample = 0; sample < count; sample++) {
    const d = delta.subarray(sample * outputs, (sample + 1) * outputs);
    const da = gradient.subarray(sample * inputs, (sample + 1) * inputs);
    convEach(shape, (at, from, weight, length) => {
      for (let i = 0; i < length; i++) da[from + i] += weights[weight + i] * d[at];
    });
  }
  return gradient;
}

/** The mean gradients: each weight's over all places and samples, each bias's over its feature map. */
export function convBackwardWeights(
  shape: ConvShape,
  delta: Float64Array,
  input: Float64Array,
  count: number,
  weights: Float64Array,
  biases: Float64Array,
): void {
  const { inputs, outputs, positions } = convSizes(shape);
  weights.fill(0);
  biases.fill(0);
  for (let sample = 0; sample < count; sample++) {
    const d = delta.subarray(sample * outputs, (sample + 1) * outputs);
    const a = input.subarray(sample * inputs, (sample + 1) * inputs);
    for (let i = 0; i < outputs; i++) biases[Math.floor(i / positions)] += d[i] / count;
    convEach(shape, (at, from, weight, length) => {
      for (let i = 0; i < length; i++) weights[weight + i] += (d[at] * a[from + i]) / count;
    });
  }
}

/** Values of a sample before and behind, and of a feature map. */
function convSizes({ channels, height, width, filters, outHeight, outWidth }: ConvShape) {
  const positions = outHeight * outWidth;
  return { inputs: channels * height * width, outputs: filters * positions, positions };
}

export const conv: LayerReference<ConvLayer> = {
  forward: ({ place: { layer, input: shape }, input, parameters: [weights, biases], count }) =>
    convForward(convShape(layer, shape), input, weights, biases, count),
  gradients: ({ place: { layer, input: shape }, input, count }, delta, [weights, biases]) =>
    convBackwardWeights(convShape(layer, shape), delta, input, count, weights, biases),
  backwardInput: ({ place: { layer, input: shape }, parameters: [weights], count }, delta) =>
    convBackwardInput(convShape(layer, shape), delta, weights, count),
};
