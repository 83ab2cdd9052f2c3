/**
 * The network in plain float64 loops: the text a student reads beside the notebook, and the judge of
 * every kernel. Arrays are (count × width), row-major; W is (out, in). No cleverness.
 */
import { clipProbability } from '../model/loss';
import {
  type Activation,
  LEAKY_RELU_SLOPE,
  layersOf,
  type NetworkSpec,
  type Output,
  outputsOf,
} from '../model/network-spec';
import { layerOffsets, parameterLayout } from '../model/parameter-layout';

/** Dropout's factor on a hidden unit, 0 or 1 / (1 - rate): see src/training/dropout.ts. */
export type DropoutMask = (layer: number, row: number, unit: number) => number;

/** σ(z) = 1 / (1 + exp(-z)), the notebook's Part 2. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** σ'(z) = σ(z) · (1 - σ(z)), given a = σ(z). */
function sigmoidDerivative(a: number): number {
  return a * (1 - a);
}

/** f(z) of a hidden unit. */
export function activate(activation: Activation, z: number): number {
  switch (activation) {
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

/** f'(z) of a hidden unit, given a = f(z). */
export function activationDerivative(activation: Activation, a: number): number {
  switch (activation) {
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

/** Probabilities from the output layer's logits, (count × outputs). */
export function outputProbabilities(
  output: Output,
  logits: Float64Array,
  count: number,
): Float64Array {
  if (output === 'sigmoid') return logits.map(sigmoid);
  const width = logits.length / count;
  const probabilities = new Float64Array(logits.length);
  for (let row = 0; row < count; row++) {
    const z = logits.subarray(row * width, (row + 1) * width);
    const largest = z.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const exponentials = z.map((value) => Math.exp(value - largest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    for (let k = 0; k < width; k++) probabilities[row * width + k] = exponentials[k] / sum;
  }
  return probabilities;
}

/**
 * The forward pass, the notebook's Part 4.
 *
 * @returns the activations of every layer, the last of them the output probabilities
 */
export function forward(
  spec: NetworkSpec,
  parameters: Float64Array,
  features: Float64Array,
  count: number,
  dropout?: DropoutMask,
): Float64Array[] {
  const activations: Float64Array[] = [];
  let input = features;
  for (const layer of layersOf(spec)) {
    const { weights, biases } = parametersOf(spec, parameters, layer.index);
    const z = denseForward(input, weights, biases, count);
    if (layer.isOutput) {
      activations.push(outputProbabilities(spec.output, z, count));
      break;
    }
    const a = z.map((value) => activate(spec.activation, value));
    if (dropout !== undefined) {
      for (let i = 0; i < a.length; i++) {
        a[i] *= dropout(layer.index, Math.floor(i / layer.outputs), i % layer.outputs);
      }
    }
    activations.push(a);
    input = a;
  }
  return activations;
}

/** Weights and biases of layer `layer` (from 1) as views of the flat parameters. */
export function parametersOf(
  spec: NetworkSpec,
  parameters: Float64Array,
  layer: number,
): { readonly weights: Float64Array; readonly biases: Float64Array } {
  const { inputs, outputs } = layersOf(spec)[layer - 1];
  const offsets = layerOffsets(parameterLayout(spec), layer);
  return {
    weights: parameters.subarray(offsets.weights, offsets.weights + outputs * inputs),
    biases: parameters.subarray(offsets.biases, offsets.biases + outputs),
  };
}

/** The loss of one sample: binary cross-entropy or cross-entropy of its class, the notebook's Part 5. */
export function sampleLoss(probabilities: Float64Array, label: number): number {
  const p = clipProbability(probabilities[probabilities.length === 1 ? 0 : label]);
  return probabilities.length === 1 && label === 0 ? -Math.log(1 - p) : -Math.log(p);
}

/** Mean loss of `count` samples. */
export function loss(
  spec: NetworkSpec,
  outputs: Float64Array,
  labels: ArrayLike<number>,
  count: number,
): number {
  const width = outputsOf(spec);
  let sum = 0;
  for (let row = 0; row < count; row++) {
    sum += sampleLoss(outputs.subarray(row * width, (row + 1) * width), labels[row]);
  }
  return sum / count;
}

/** The output layer's delta dZ = P - Y, for both outputs alike, (count × outputs). */
export function outputDelta(outputs: Float64Array, labels: ArrayLike<number>): Float64Array {
  const width = outputs.length / labels.length;
  const delta = outputs.slice();
  for (let row = 0; row < labels.length; row++) {
    if (width === 1) delta[row] -= labels[row];
    else delta[row * width + labels[row]] -= 1;
  }
  return delta;
}

/** A hidden layer's delta dZ = (dZ_next · W_next) ⊙ f'(Z), (count × units). */
export function denseBackwardDelta(
  nextDelta: Float64Array,
  nextWeights: Float64Array,
  activations: Float64Array,
  activation: Activation,
  count: number,
): Float64Array {
  const units = activations.length / count;
  const nextUnits = nextDelta.length / count;
  const delta = new Float64Array(count * units);
  for (let row = 0; row < count; row++) {
    for (let unit = 0; unit < units; unit++) {
      let sum = 0;
      for (let k = 0; k < nextUnits; k++) {
        sum += nextDelta[row * nextUnits + k] * nextWeights[k * units + unit];
      }
      const i = row * units + unit;
      delta[i] = sum * activationDerivative(activation, activations[i]);
    }
  }
  return delta;
}

/** Gradients of a layer, written to `weights` and `biases`: dW = dZᵀ · A_in / m, db = Σ dZ / m. */
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

/**
 * Backpropagation, the notebook's Part 6: the gradient of the mean loss for every parameter, flat.
 *
 * @param activations - as `forward` gave them, with the same dropout
 */
export function backward(
  spec: NetworkSpec,
  parameters: Float64Array,
  features: Float64Array,
  labels: ArrayLike<number>,
  activations: readonly Float64Array[],
  dropout?: DropoutMask,
): Float64Array {
  const count = labels.length;
  const gradients = new Float64Array(parameters.length);
  let delta = outputDelta(activations[activations.length - 1], labels);
  for (const { index, inputs } of [...layersOf(spec)].reverse()) {
    const input = index === 1 ? features : activations[index - 2];
    const gradient = parametersOf(spec, gradients, index);
    denseBackwardWeights(delta, input, count, gradient.weights, gradient.biases);
    if (index === 1) break;
    const { weights } = parametersOf(spec, parameters, index);
    if (dropout === undefined) {
      delta = denseBackwardDelta(delta, weights, input, spec.activation, count);
    } else {
      // The stored activation is f(Z) times the factor: take it out for f', put it on the delta.
      const scales = input.map((_, i) => dropout(index - 1, Math.floor(i / inputs), i % inputs));
      const plain = input.map((a, i) => (scales[i] === 0 ? 0 : a / scales[i]));
      delta = denseBackwardDelta(delta, weights, plain, spec.activation, count);
      for (let i = 0; i < delta.length; i++) delta[i] *= scales[i];
    }
  }
  return gradients;
}
