/**
 * How far one step of gradient descent in float32 may be from the same step in float64, from the
 * same parameters and features: a bound for every parameter and for both losses, carried through the
 * network sum by sum. First order in float32's epsilon, for sigmoid networks with one output.
 */

import { meanLoss } from '../../../src/evaluation/predictions';
import { layersOf, type NetworkSpec } from '../../../src/model/network-spec';
import { viewsOf } from '../../../src/model/parameter-layout';
import { forward } from '../../../src/reference/network';
import { EPSILON, sumBound } from '../../../src/session/self-test/approximate';
import type { Problem, Samples } from '../../../src/training/backend';
import { takeSamples } from '../../../src/training/steps';

/** Of exp and a division, in units of the last place of the result: see shaders/parts/exponential.ts. */
const SIGMOID_ULPS = 6;
/** Of max(z, 0) - z·y + log(1 + exp(-|z|)), in units of 1 + loss. */
const LOSS_ULPS = 8;

export interface StepBounds {
  readonly parameters: Float64Array;
  readonly loss: number;
  readonly valLoss: number;
}

/**
 * @param before - where the step starts, exact in float32
 * @param after - where it leads in float64
 */
export function stepBounds(
  problem: Problem,
  before: Float64Array,
  after: Float64Array,
  learningRate: number,
): StepBounds {
  const { spec, train, test } = problem;
  const exact = new Float64Array(before.length);
  const pass = forwardBounds(spec, before, exact, train);
  const gradient = gradientBounds(spec, before, pass, train);
  // w - lr · g: a product and a difference, each rounded.
  const parameters = gradient.map(
    (bound, i) =>
      learningRate * bound + EPSILON * (Math.abs(before[i]) + 2 * Math.abs(after[i] - before[i])),
  );
  return {
    parameters,
    loss: pass.loss,
    valLoss: forwardBounds(spec, after, parameters, test).loss,
  };
}

interface Pass {
  readonly activations: readonly Float64Array[];
  /** Of each layer's activations. */
  readonly bounds: readonly Float64Array[];
  readonly loss: number;
}

/** A forward pass with parameters that are themselves off by up to `parameterBounds`. */
function forwardBounds(
  spec: NetworkSpec,
  parameters: Float64Array,
  parameterBounds: Float64Array,
  samples: Samples,
): Pass {
  const { features, labels, count } = takeSamples(samples, null);
  const activations = forward(spec, parameters, features, count);
  const bounds: Float64Array[] = [];
  let input = features;
  let inputBounds = new Float64Array(features.length);
  let sums = new Float64Array();
  for (const place of layersOf(spec)) {
    const { index, inputs, outputs } = place;
    const [weights, biases] = viewsOf(place, parameters);
    const [weightsOff, biasesOff] = viewsOf(place, parameterBounds);
    sums = new Float64Array(count * outputs);
    for (let row = 0; row < count; row++) {
      for (let unit = 0; unit < outputs; unit++) {
        let magnitude = Math.abs(biases[unit]);
        let carried = biasesOff[unit];
        for (let k = 0; k < inputs; k++) {
          const weight = Math.abs(weights[unit * inputs + k]);
          const x = Math.abs(input[row * inputs + k]);
          magnitude += weight * x;
          carried += weight * inputBounds[row * inputs + k] + weightsOff[unit * inputs + k] * x;
        }
        sums[row * outputs + unit] = carried + sumBound(inputs + 1, magnitude);
      }
    }
    input = activations[index - 1];
    // σ' = a·(1 - a), and |σ''| is below 0.1.
    inputBounds = sums.map((z, i) => {
      const a = input[i];
      return a * (1 - a) * z + 0.1 * z * z + SIGMOID_ULPS * EPSILON * a;
    });
    bounds.push(inputBounds);
  }
  const mean = meanLoss(input, labels, count);
  // dL/dz = p - y, and L'' is at most ¼.
  const carried = sums.reduce(
    (sum, z, row) => sum + Math.abs(input[row] - labels[row]) * z + 0.25 * z * z,
    0,
  );
  return {
    activations,
    bounds,
    loss: carried / count + LOSS_ULPS * EPSILON * (1 + mean) + sumBound(count, mean),
  };
}

/** Bounds on the gradient of the mean loss. */
function gradientBounds(
  spec: NetworkSpec,
  parameters: Float64Array,
  { activations, bounds }: Pass,
  samples: Samples,
): Float64Array {
  const { features, labels, count } = takeSamples(samples, null);
  const result = new Float64Array(parameters.length);
  const last = activations.length - 1;
  let delta = activations[last].map((p, row) => p - labels[row]);
  let deltaBounds = bounds[last].map((bound, row) => bound + EPSILON * Math.abs(delta[row]));
  for (const place of [...layersOf(spec)].reverse()) {
    const { index, inputs, outputs: units } = place;
    const input = index === 1 ? features : activations[index - 2];
    const inputBounds = index === 1 ? new Float64Array(features.length) : bounds[index - 2];
    const [weights, biases] = viewsOf(place, result);
    for (let unit = 0; unit < units; unit++) {
      for (let k = 0; k <= inputs; k++) {
        let magnitude = 0;
        let carried = 0;
        for (let row = 0; row < count; row++) {
          const d = Math.abs(delta[row * units + unit]);
          const x = k === inputs ? 1 : Math.abs(input[row * inputs + k]);
          const xBound = k === inputs ? 0 : inputBounds[row * inputs + k];
          magnitude += d * x;
          carried += deltaBounds[row * units + unit] * x + d * xBound;
        }
        const bound = (carried + sumBound(count + 1, magnitude)) / count;
        if (k === inputs) biases[unit] = bound;
        else weights[unit * inputs + k] = bound;
      }
    }
    if (index === 1) break;
    const [next] = viewsOf(place, parameters);
    const previous = new Float64Array(count * inputs);
    const previousBounds = new Float64Array(count * inputs);
    for (let i = 0; i < previous.length; i++) {
      const row = Math.floor(i / inputs);
      let sum = 0;
      let magnitude = 0;
      let carried = 0;
      for (let unit = 0; unit < units; unit++) {
        const weight = next[unit * inputs + (i % inputs)];
        sum += delta[row * units + unit] * weight;
        magnitude += Math.abs(delta[row * units + unit] * weight);
        carried += deltaBounds[row * units + unit] * Math.abs(weight);
      }
      const slope = input[i] * (1 - input[i]);
      const slopeBound = inputBounds[i] + 2 * EPSILON * slope;
      previous[i] = sum * slope;
      previousBounds[i] =
        (carried + sumBound(units, magnitude)) * slope +
        Math.abs(sum) * slopeBound +
        EPSILON * Math.abs(sum * slope);
    }
    delta = previous;
    deltaBounds = previousBounds;
  }
  return result;
}
