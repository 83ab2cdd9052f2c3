/**
 * The network in plain float64 loops: the text a student reads beside the notebook, and the judge of
 * every kernel. Arrays are (count × width), row-major; W is (out, in). No cleverness.
 */
import type { LayerActivation } from '../layers/activation';
import { referenceOf } from '../layers/reference';
import { layersOf, type NetworkSpec, type Output, outputOf } from '../model/network-spec';
import { viewsOf } from '../model/parameter-layout';
import { activate, activationDerivative, sigmoid } from './activations';

/** Dropout's factor on a hidden unit, 0 or 1 / (1 - rate): see src/training/dropout.ts. */
export type DropoutMask = (rate: number, layer: number, row: number, unit: number) => number;

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
  for (const place of layersOf(spec)) {
    const { layer, index, outputs, isOutput } = place;
    const pass = { place, parameters: viewsOf(place, parameters), input, count };
    const z = referenceOf(layer).forward(pass);
    if (isOutput) {
      activations.push(outputProbabilities(outputOf(spec), z, count));
      break;
    }
    const a = z.map((value) => activate(layer.activation, value));
    if (dropout !== undefined && layer.dropout > 0) {
      for (let i = 0; i < a.length; i++) {
        a[i] *= dropout(layer.dropout, index, Math.floor(i / outputs), i % outputs);
      }
    }
    activations.push(a);
    input = a;
  }
  return activations;
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

/**
 * A hidden layer's delta dZ = dA ⊙ f'(Z), (count × units), from the gradient dA at what it gave.
 *
 * @param activations - what the layer gave: f(Z), times dropout's factor
 * @param scaleAt - dropout's factor by place; left out without dropout
 */
export function hiddenDelta(
  gradient: Float64Array,
  activations: Float64Array,
  activation: LayerActivation,
  scaleAt?: (i: number) => number,
): Float64Array {
  return gradient.map((sum, i) => {
    if (scaleAt === undefined) return sum * activationDerivative(activation, activations[i]);
    // The stored activation is f(Z) times the factor: take it out for f', put it on the delta.
    const scale = scaleAt(i);
    const plain = scale === 0 ? 0 : activations[i] / scale;
    return sum * activationDerivative(activation, plain) * scale;
  });
}

/**
 * Backpropagation, the notebook's Part 6: the gradient of the mean loss for every parameter, flat.
 *
 * @param activations - as `forward` gave them, with the same dropout
 * @param layersBefore - the first so many layers are left out: their gradients stay 0, and their deltas
 *   are not computed
 */
export function backward(
  spec: NetworkSpec,
  parameters: Float64Array,
  features: Float64Array,
  labels: ArrayLike<number>,
  activations: readonly Float64Array[],
  dropout?: DropoutMask,
  layersBefore = 0,
): Float64Array {
  const count = labels.length;
  const gradients = new Float64Array(parameters.length);
  const places = layersOf(spec);
  let delta = outputDelta(activations[activations.length - 1], labels);
  for (let l = places.length - 1; l >= layersBefore; l--) {
    const place = places[l];
    const input = l === 0 ? features : activations[l - 1];
    const pass = { place, parameters: viewsOf(place, parameters), input, count };
    const reference = referenceOf(place.layer);
    reference.gradients(pass, delta, viewsOf(place, gradients));
    if (l === layersBefore) break;
    const { layer, index, outputs } = places[l - 1];
    const scaleAt =
      dropout === undefined || layer.dropout === 0
        ? undefined
        : (i: number) => dropout(layer.dropout, index, Math.floor(i / outputs), i % outputs);
    delta = hiddenDelta(reference.backwardInput(pass, delta), input, layer.activation, scaleAt);
  }
  return gradients;
}
