/** The dense layer in plain float64 loops: forwards, and back to its parameters and its input. */
import type { LayerReference } from '../../reference/layer-reference';
import type { DenseLayer } from './layer';

/** Weighted sums of a layer: Z = A_in · Wᵀ + b, (count × outputs). */
export function denseForward(
  input: Float64Array,
  weights: Float64Array,
  biases: Float64Array,
  count: number,
): Float64Array {
  const outputs = biases.length;
  const inputs = weights.length / outputs;
  const sums = new Float64Array(count * outputs);
  for (let row = 0; row < count; row++) {
    for (let unit = 0; unit < outputs; unit++) {
      let z = biases[unit];
      for (let k = 0; k < inputs; k++) z += weights[unit * inputs + k] * input[row * inputs + k];
      sums[row * outputs + unit] = z;
    }
  }
  return sums;
}

/** The gradient at a layer's input from its delta: dA_in = dZ · W, (count × inputs). */
export function denseBackwardInput(
  delta: Float64Array,
  weights: Float64Array,
  count: number,
): Float64Array {
  const outputs = delta.length / count;
  const inputs = weights.length / outputs;
  const gradient = new Float64Array(count * inputs);
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < inputs; k++) {
      let sum = 0;
      for (let unit = 0; unit < outputs; unit++) {
        sum += delta[row * outputs + unit] * weights[unit * inputs + k];
      }
      gradient[row * inputs + k] = sum;
    }
  }
  return gradient;
}

/** The mean gradients of a layer: dW = dZᵀ · A_in / m, db = Σ dZ / m. */
export function denseBackwardWeights(
  delta: Float64Array,
  input: Float64Array,
  count: number,
  weights: Float64Array,
  biases: Float64Array,
): void {
  const outputs = biases.length;
  const inputs = weights.length / outputs;
  weights.fill(0);
  biases.fill(0);
  for (let row = 0; row < count; row++) {
    for (let unit = 0; unit < outputs; unit++) {
      const d = delta[row * outputs + unit] / count;
      biases[unit] += d;
      for (let k = 0; k < inputs; k++) weights[unit * inputs + k] += d * input[row * inputs + k];
    }
  }
}

export const dense: LayerReference<DenseLayer> = {
  forward: ({ input, parameters: [weights, biases], count }) =>
    denseForward(input, weights, biases, count),
  gradients: ({ input, count }, delta, [weights, biases]) =>
    denseBackwardWeights(delta, input, count, weights, biases),
  backwardInput: ({ parameters: [weights], count }, delta) =>
    denseBackwardInput(delta, weights, count),
};
