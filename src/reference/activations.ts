/** The activations and their derivatives in float64, the notebook's Part 2. */
import { type LayerActivation, LEAKY_RELU_SLOPE } from '../layers/activation';

/** σ(z) = 1 / (1 + exp(-z)), the notebook's Part 2. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** σ'(z) = σ(z) · (1 - σ(z)), given a = σ(z). */
function sigmoidDerivative(a: number): number {
  return a * (1 - a);
}

/** f(z) of a layer's sum. */
export function activate(activation: LayerActivation, z: number): number {
  switch (activation) {
    case 'identity':
      return z;
    case 'sigmoid':
      return sigmoid(z);
    case 'tanh':
      return Math.tanh(z);
    case 'relu':
      return z > 0 ? z : 0;
    case 'leaky_relu':
      return z > 0 ? z : LEAKY_RELU_SLOPE * z;
    default:
      return activation satisfies never;
  }
}

/** f'(z) of a layer's sum, given a = f(z). */
export function activationDerivative(activation: LayerActivation, a: number): number {
  switch (activation) {
    case 'identity':
      return 1;
    case 'sigmoid':
      return sigmoidDerivative(a);
    case 'tanh':
      return 1 - a * a;
    case 'relu':
      return a > 0 ? 1 : 0;
    case 'leaky_relu':
      return a > 0 ? 1 : LEAKY_RELU_SLOPE;
    default:
      return activation satisfies never;
  }
}
