/** The activations and their derivatives in float64, the notebook's Part 2. */
import { type LayerActivation, LEAKY_RELU_SLOPE } from '../layers/activation';

/** σ(z) = 1 / (1 + exp(-z)), the notebook's Part 2. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** f(z), and f'(z) from a = f(z). */
interface ActivationFunctions {
  readonly f: (z: number) => number;
  readonly derivative: (a: number) => number;
}

const FUNCTIONS: Readonly<Record<LayerActivation, ActivationFunctions>> = {
  identity: { f: (z) => z, derivative: () => 1 },
  sigmoid: { f: sigmoid, derivative: (a) => a * (1 - a) },
  tanh: { f: Math.tanh, derivative: (a) => 1 - a * a },
  relu: { f: (z) => (z > 0 ? z : 0), derivative: (a) => (a > 0 ? 1 : 0) },
  leaky_relu: {
    f: (z) => (z > 0 ? z : LEAKY_RELU_SLOPE * z),
    derivative: (a) => (a > 0 ? 1 : LEAKY_RELU_SLOPE),
  },
};

/** f(z) of a layer's sum. */
export function activate(activation: LayerActivation, z: number): number {
  return FUNCTIONS[activation].f(z);
}

/** f'(z) of a layer's sum, given a = f(z). */
export function activationDerivative(activation: LayerActivation, a: number): number {
  return FUNCTIONS[activation].derivative(a);
}
