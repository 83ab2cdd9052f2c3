/**
 * The network in plain float32 loops over typed arrays: what a careful JavaScript programmer writes
 * without WebAssembly. Activations are (samples × units), W is (out, in), row-major, nothing allocated.
 */
import { type Activation, LEAKY_RELU_SLOPE, type Output } from '../model/network-spec';
import { LEAST_LOSS, MOST_LOSS } from './loss-bounds';

/** Z = A_in · Wᵀ + b. Four units at a time: each input is loaded once for four independent sums. */
export function denseForward(
  input: Float32Array,
  inputs: number,
  weights: Float32Array,
  biases: Float32Array,
  count: number,
  sums: Float32Array,
): void {
  const outputs = biases.length;
  const blocked = outputs - (outputs % 4);
  for (let row = 0; row < count; row++) {
    const from = row * inputs;
    const to = row * outputs;
    for (let unit = 0; unit < blocked; unit += 4) {
      const w0 = unit * inputs;
      const w1 = w0 + inputs;
      const w2 = w1 + inputs;
      const w3 = w2 + inputs;
      let z0 = biases[unit];
      let z1 = biases[unit + 1];
      let z2 = biases[unit + 2];
      let z3 = biases[unit + 3];
      for (let k = 0; k < inputs; k++) {
        const a = input[from + k];
        z0 += weights[w0 + k] * a;
        z1 += weights[w1 + k] * a;
        z2 += weights[w2 + k] * a;
        z3 += weights[w3 + k] * a;
      }
      sums[to + unit] = z0;
      sums[to + unit + 1] = z1;
      sums[to + unit + 2] = z2;
      sums[to + unit + 3] = z3;
    }
    for (let unit = blocked; unit < outputs; unit++) {
      const w = unit * inputs;
      let z = biases[unit];
      for (let k = 0; k < inputs; k++) z += weights[w + k] * input[from + k];
      sums[to + unit] = z;
    }
  }
}

/** A = f(Z) in place. */
export function activate(activation: Activation, values: Float32Array, length: number): void {
  switch (activation) {
    case 'sigmoid':
      for (let i = 0; i < length; i++) values[i] = 1 / (1 + Math.exp(-values[i]));
      break;
    case 'tanh':
      for (let i = 0; i < length; i++) values[i] = Math.tanh(values[i]);
      break;
    case 'relu':
      for (let i = 0; i < length; i++) values[i] = values[i] > 0 ? values[i] : 0;
      break;
    case 'leaky_relu':
      for (let i = 0; i < length; i++) {
        values[i] = values[i] > 0 ? values[i] : LEAKY_RELU_SLOPE * values[i];
      }
      break;
    default:
      activation satisfies never;
  }
}

/** dZ = dA ⊙ f'(Z) in place, from A = f(Z). */
export function differentiate(
  activation: Activation,
  delta: Float32Array,
  activations: Float32Array,
  length: number,
): void {
  switch (activation) {
    case 'sigmoid':
      for (let i = 0; i < length; i++) delta[i] *= activations[i] * (1 - activations[i]);
      break;
    case 'tanh':
      for (let i = 0; i < length; i++) delta[i] *= 1 - activations[i] * activations[i];
      break;
    case 'relu':
      for (let i = 0; i < length; i++) if (!(activations[i] > 0)) delta[i] = 0;
      break;
    case 'leaky_relu':
      for (let i = 0; i < length; i++) if (!(activations[i] > 0)) delta[i] *= LEAKY_RELU_SLOPE;
      break;
    default:
      activation satisfies never;
  }
}

/** Probabilities in place of the logits, (count × width). */
export function outputProbabilities(
  output: Output,
  logits: Float32Array,
  width: number,
  count: number,
): void {
  if (output === 'sigmoid') {
    activate('sigmoid', logits, count);
    return;
  }
  for (let from = 0; from < count * width; from += width) {
    let largest = logits[from];
    for (let k = 1; k < width; k++) largest = Math.max(largest, logits[from + k]);
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const exponential = Math.exp(logits[from + k] - largest);
      logits[from + k] = exponential;
      sum += exponential;
    }
    for (let k = 0; k < width; k++) logits[from + k] /= sum;
  }
}

/** Loss of one sample, from its logits at `from`: exact where the probability is near 1. */
export function sampleLoss(
  logits: Float32Array,
  from: number,
  width: number,
  label: number,
): number {
  if (width === 1) {
    const z = label === 1 ? logits[from] : -logits[from];
    return clip(Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
  }
  const best = firstLargest(logits, from, width);
  const largest = logits[from + best];
  let others = 0;
  for (let k = 0; k < width; k++) if (k !== best) others += Math.exp(logits[from + k] - largest);
  return clip(Math.log1p(others) + (largest - logits[from + label]));
}

function clip(loss: number): number {
  return Math.min(Math.max(loss, LEAST_LOSS), MOST_LOSS);
}

/** The class that the logits at `from` speak for. */
export function predictedClass(logits: Float32Array, from: number, width: number): number {
  if (width === 1) return logits[from] > 0 ? 1 : 0;
  return firstLargest(logits, from, width);
}

function firstLargest(values: Float32Array, from: number, width: number): number {
  let best = 0;
  for (let k = 1; k < width; k++) if (values[from + k] > values[from + best]) best = k;
  return best;
}

/** dA = dZ_next · W_next, (count × units). */
export function denseBackwardDelta(
  nextDelta: Float32Array,
  nextUnits: number,
  nextWeights: Float32Array,
  units: number,
  count: number,
  delta: Float32Array,
): void {
  delta.fill(0, 0, count * units);
  for (let row = 0; row < count; row++) {
    const to = row * units;
    for (let k = 0; k < nextUnits; k++) {
      const d = nextDelta[row * nextUnits + k];
      const w = k * units;
      for (let unit = 0; unit < units; unit++) delta[to + unit] += d * nextWeights[w + unit];
    }
  }
}

/**
 * dW = dZᵀ · A_in / m and db = Σ dZ / m. Four samples at a time: a gradient is loaded and rounded once
 * for all of them.
 */
export function denseBackwardWeights(
  delta: Float32Array,
  input: Float32Array,
  inputs: number,
  count: number,
  weights: Float32Array,
  biases: Float32Array,
): void {
  const outputs = biases.length;
  const blocked = count - (count % 4);
  weights.fill(0);
  biases.fill(0);
  for (let row = 0; row < blocked; row += 4) {
    const a0 = row * inputs;
    const a1 = a0 + inputs;
    const a2 = a1 + inputs;
    const a3 = a2 + inputs;
    for (let unit = 0; unit < outputs; unit++) {
      const at = row * outputs + unit;
      const d0 = delta[at] / count;
      const d1 = delta[at + outputs] / count;
      const d2 = delta[at + 2 * outputs] / count;
      const d3 = delta[at + 3 * outputs] / count;
      const w = unit * inputs;
      biases[unit] += d0 + d1 + d2 + d3;
      for (let k = 0; k < inputs; k++) {
        weights[w + k] +=
          d0 * input[a0 + k] + d1 * input[a1 + k] + d2 * input[a2 + k] + d3 * input[a3 + k];
      }
    }
  }
  for (let row = blocked; row < count; row++) {
    const a = row * inputs;
    for (let unit = 0; unit < outputs; unit++) {
      const d = delta[row * outputs + unit] / count;
      const w = unit * inputs;
      biases[unit] += d;
      for (let k = 0; k < inputs; k++) weights[w + k] += d * input[a + k];
    }
  }
}
