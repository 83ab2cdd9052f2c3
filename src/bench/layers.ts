/** The network as the peers take it, in float32: a dense layer's weights are (inputs × outputs). */

import type { Activation } from '../layers/activation';
import { formatLayers, type PlacedLayer } from '../layers/layer';
import { hiddenLayersOf, layersOf, type NetworkSpec } from '../model/network-spec';
import { viewsOf } from '../model/parameter-layout';
import type { Problem, Samples } from '../training/backend';
import { InvalidInputError } from '../training/errors';

export interface LayerValues {
  readonly place: PlacedLayer;
  /** Of the weights: (inputs × outputs), or (filters × channels × rows × columns). */
  readonly shape: readonly number[];
  /** Row-major: the peers' matrix products are fastest without a transposition. */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly biases: Float32Array<ArrayBuffer>;
}

/** The initial parameters, layer by layer, of those that have any. */
export function layerValues({ spec, parameters }: Problem): readonly LayerValues[] {
  return layersOf(spec).flatMap((place) => {
    const [own, biases] = viewsOf(place, parameters);
    const { inputs, outputs, layer, slices } = place;
    if (layer.kind === 'max_pool') return [];
    const isDense = layer.kind === 'dense';
    return [
      {
        place,
        shape: isDense ? [inputs, outputs] : slices[0].shape,
        weights: isDense ? transposed(own, inputs, outputs) : Float32Array.from(own),
        biases: Float32Array.from(biases),
      },
    ];
  });
}

function transposed(own: Float64Array, inputs: number, outputs: number): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(inputs * outputs);
  for (let out = 0; out < outputs; out++) {
    for (let k = 0; k < inputs; k++) weights[k * outputs + out] = own[out * inputs + k];
  }
  return weights;
}

/** The labels as targets: (count × 1) of 0 and 1 with one sigmoid, else one-hot (count × classes). */
export function targetsOf({ labels, count }: Samples, outputs: number): Float32Array<ArrayBuffer> {
  if (outputs === 1) return Float32Array.from(labels);
  const targets = new Float32Array(count * outputs);
  for (let row = 0; row < count; row++) targets[row * outputs + labels[row]] = 1;
  return targets;
}

function refuse(field: string, value: unknown, allowed: string): never {
  throw new InvalidInputError(field, value, `the peers' steps are written for ${allowed}`);
}

/**
 * The one activation of all hidden layers but those that pool.
 *
 * @throws InvalidInputError where it is not one, or one that the peers do not have
 */
export function peerActivation(spec: NetworkSpec): Extract<Activation, 'sigmoid' | 'relu'> {
  const activations = hiddenLayersOf(spec)
    .filter(({ kind }) => kind !== 'max_pool')
    .map(({ activation }) => activation);
  const [activation = 'sigmoid', ...others] = new Set(activations);
  if (others.length > 0) refuse('activation', 'several', 'sigmoid and relu');
  if (activation !== 'sigmoid' && activation !== 'relu') {
    refuse('activation', activation, 'sigmoid and relu');
  }
  return activation;
}

/**
 * Refuses what the peers' hand-written steps do not do.
 *
 * @throws InvalidInputError that names the setting
 */
export function checkPeerProblem({ spec, hyperparameters, train }: Problem): void {
  const { optimizer, momentum, weightDecay, freeze } = hyperparameters;
  if (optimizer !== 'sgd' && optimizer !== 'adam') refuse('optimizer', optimizer, 'sgd and adam');
  peerActivation(spec);
  if (momentum !== 0) refuse('momentum', momentum, 'no momentum');
  if (weightDecay !== 0) refuse('weight_decay', weightDecay, 'no weight decay');
  if (train.augmentation !== undefined) {
    const { shift } = train.augmentation;
    refuse(shift > 0 ? 'shift' : 'noise', shift > 0 ? shift : 'some', 'images as they are');
  }
  if (freeze !== 0) refuse('freeze', freeze, 'no frozen layers');
  for (const { layer, input } of layersOf(spec)) {
    if (layer.dropout !== 0) refuse('dropout', layer.dropout, 'no dropout');
    const isWhole =
      layer.kind === 'dense' ||
      (layer.kind === 'conv'
        ? layer.stride === 1
        : input.slice(1).every((length) => length % layer.size === 0));
    if (!isWhole) {
      refuse(
        'layers',
        formatLayers([layer]),
        'convolutions of stride 1 and windows without a rest',
      );
    }
  }
}

/**
 * Refuses all but dense layers, for those who have no others.
 *
 * @throws InvalidInputError that names the layer
 */
export function checkDense({ spec }: Problem): void {
  for (const layer of spec.layers) {
    if (layer.kind !== 'dense') refuse('layers', formatLayers([layer]), 'dense layers here');
  }
}
