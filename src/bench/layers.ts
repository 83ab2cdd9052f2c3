/** The network as the peers take it: a (inputs × outputs) matrix and a bias a layer, in float32. */

import { commonActivation, layersOf } from '../model/network-spec';
import { viewsOf } from '../model/parameter-layout';
import type { Problem, Samples } from '../training/backend';
import { InvalidInputError } from '../training/errors';

interface LayerValues {
  readonly inputs: number;
  readonly outputs: number;
  /** (inputs × outputs), row-major: the peers' matrix products are fastest without a transposition. */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly biases: Float32Array<ArrayBuffer>;
}

/** The initial parameters, layer by layer. */
export function layerValues({ spec, parameters }: Problem): readonly LayerValues[] {
  return layersOf(spec).map((place) => {
    const { inputs, outputs } = place;
    const [own, biases] = viewsOf(place, parameters);
    const weights = new Float32Array(inputs * outputs);
    for (let out = 0; out < outputs; out++) {
      for (let k = 0; k < inputs; k++) {
        weights[k * outputs + out] = own[out * inputs + k];
      }
    }
    return { inputs, outputs, weights, biases: Float32Array.from(biases) };
  });
}

/** The labels as targets: (count × 1) of 0 and 1 with one sigmoid, else one-hot (count × classes). */
export function targetsOf({ labels, count }: Samples, outputs: number): Float32Array<ArrayBuffer> {
  if (outputs === 1) return Float32Array.from(labels);
  const targets = new Float32Array(count * outputs);
  for (let row = 0; row < count; row++) targets[row * outputs + labels[row]] = 1;
  return targets;
}

/**
 * Refuses what the peers' hand-written steps do not do.
 *
 * @throws InvalidInputError that names the setting
 */
export function checkPeerProblem({ spec, hyperparameters, train }: Problem): void {
  const { optimizer, momentum, weightDecay, freeze } = hyperparameters;
  const refuse = (field: string, value: unknown, allowed: string): never => {
    throw new InvalidInputError(field, value, `the peers' steps are written for ${allowed}`);
  };
  if (optimizer !== 'sgd' && optimizer !== 'adam') refuse('optimizer', optimizer, 'sgd and adam');
  const activation = commonActivation(spec);
  if (activation !== 'sigmoid' && activation !== 'relu') {
    refuse('activation', activation ?? 'several', 'sigmoid and relu');
  }
  if (momentum !== 0) refuse('momentum', momentum, 'no momentum');
  if (weightDecay !== 0) refuse('weight_decay', weightDecay, 'no weight decay');
  if (train.augmentation !== undefined) {
    const { shift } = train.augmentation;
    refuse(shift > 0 ? 'shift' : 'noise', shift > 0 ? shift : 'some', 'images as they are');
  }
  if (freeze !== 0) refuse('freeze', freeze, 'no frozen layers');
  for (const { dropout } of spec.layers) {
    if (dropout !== 0) refuse('dropout', dropout, 'no dropout');
  }
}
