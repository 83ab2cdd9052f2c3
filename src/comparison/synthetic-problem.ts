/** Problems of any size to measure with: what they learn does not matter, what they compute does. */

import { drawParameters } from '../model/initializers';
import { inputsOf, type NetworkSpec, networkFor, outputsOf } from '../model/network-spec';
import { RandomState } from '../numpy/random-state';
import type { Problem, Samples } from '../training/backend';
import { checkConfiguration } from '../training/configuration/check';

/** Outputs of a synthetic network where nothing else is wanted. */
export const SYNTHETIC_CLASSES = 10;

const SEED = 42;
/** Epochs of a problem to measure with: no run ends by its own configuration. */
export const ENDLESS = 1_000_000;

/** @param widths - units of each layer, the inputs first; 1 at last is one sigmoid, more are a softmax */
export function syntheticNetwork(widths: readonly number[]): NetworkSpec {
  const classes = Math.max(2, widths[widths.length - 1]);
  return networkFor(widths[0], widths.slice(1, -1), classes, 'relu');
}

/** Normal features and random labels for a dense network: see `syntheticBatch`. */
export function syntheticProblem(widths: readonly number[], batch: number): Problem {
  // The outputs move with the width at the same rate, so wide networks take smaller steps.
  return syntheticBatch(syntheticNetwork(widths), batch, Math.min(0.1, 25.6 / widths[1]));
}

/**
 * Normal features, random labels, one full batch, so that an epoch is a step of SGD.
 * The test set has one sample, since a backend evaluates after every epoch and a step should not count
 * that. The same arguments give the same problem.
 */
export function syntheticBatch(spec: NetworkSpec, batch: number, learningRate: number): Problem {
  const random = new RandomState(SEED);
  const inputs = inputsOf(spec);
  const lastClass = Math.max(1, outputsOf(spec) - 1);
  const samples = (count: number): Samples => ({
    values: Float64Array.from({ length: count * inputs }, () => random.randn()),
    scaler: null,
    labels: Uint8Array.from({ length: count }, () => random.boundedInteger(lastClass)),
    count,
  });
  const hyperparameters = checkConfiguration({ seed: SEED, epochs: ENDLESS, learningRate });
  const parameters = drawParameters(spec, 'he_normal', 1, random);
  return { spec, hyperparameters, parameters, train: samples(batch), test: samples(1) };
}
