/**
 * What a network is: the shape of a sample, its layers, and the loss that takes the last one's logits.
 * Nothing here knows how it is computed.
 */
import { ACTIVATIONS, type Activation } from '../layers/activation';
import { type Shape, sizeOf } from '../layers/kind';
import { formatLayers, kindOf, type Layer, type PlacedLayer, parseLayers } from '../layers/layer';

export type Loss = 'binary_cross_entropy' | 'cross_entropy';

/** What makes probabilities of the logits: one sigmoid, or a softmax over an output a class. */
export type Output = 'sigmoid' | 'softmax';

export interface NetworkSpec {
  /** Of one sample. */
  readonly input: Shape;
  /** At least one; the last is dense, and gives the logits. */
  readonly layers: readonly Layer[];
  readonly loss: Loss;
}

/** The layers of a network in their places, from the first hidden layer to the output. */
export function layersOf({ input, layers }: NetworkSpec): readonly PlacedLayer[] {
  let shape = input;
  let offset = 0;
  return layers.map((layer, position) => {
    const index = position + 1;
    const kind = kindOf(layer);
    const output = kind.outputShape(layer, shape);
    const slices = kind.parameters(layer, shape).map((slice) => {
      const length = sizeOf(slice.shape);
      const name = `${slice.letter}${index}`;
      const placed = { name, kind: slice.kind, layer: index, offset, length, shape: slice.shape };
      offset += length;
      return placed;
    });
    const placed = {
      index,
      layer,
      input: shape,
      output,
      inputs: sizeOf(shape),
      outputs: sizeOf(output),
      isOutput: index === layers.length,
      slices,
    };
    shape = output;
    return placed;
  });
}

/**
 * The network that tells `classes` classes apart: one sigmoid output for two, softmax for more.
 *
 * @param hidden - the layers before the output, possibly none
 * @param classes - number of classes, at least 2
 */
export function classifier(input: Shape, hidden: readonly Layer[], classes: number): NetworkSpec {
  const units = classes === 2 ? 1 : classes;
  return {
    input,
    layers: [...hidden, { kind: 'dense', units, activation: 'identity', dropout: 0 }],
    loss: classes === 2 ? 'binary_cross_entropy' : 'cross_entropy',
  };
}

/** Hidden dense layers of one activation, with dropout on each. */
export function denseLayers(
  hidden: readonly number[],
  activation: Activation,
  dropout = 0,
): readonly Layer[] {
  return hidden.map((units) => ({ kind: 'dense', units, activation, dropout }));
}

/** The same network with another rate of dropout, in the layers whose kind has any. */
export function withDropout(spec: NetworkSpec, dropout: number): NetworkSpec {
  const hidden = parseLayers(formatLayers(hiddenLayersOf(spec)), dropout);
  return hidden === undefined ? spec : { ...spec, layers: [...hidden, ...spec.layers.slice(-1)] };
}

/** A `classifier` of dense layers with one activation. */
export function networkFor(
  features: number,
  hidden: readonly number[],
  classes: number,
  activation: Activation,
  dropout = 0,
): NetworkSpec {
  return classifier([features], denseLayers(hidden, activation, dropout), classes);
}

/** Values of a sample before the first layer and behind each: `[64, 16, 8, 1]` for the notebook's. */
export function widthsOf(spec: NetworkSpec): readonly number[] {
  return [inputsOf(spec), ...layersOf(spec).map(({ outputs }) => outputs)];
}

/** Values of one sample. */
export function inputsOf({ input }: NetworkSpec): number {
  return sizeOf(input);
}

/** Products of a value and a weight that a sample takes through a layer: each weight once for every place. */
export function multiplyAddsOf({ slices, output }: PlacedLayer): number {
  return slices
    .filter(({ kind }) => kind === 'weights')
    .reduce((sum, { length }) => sum + length * sizeOf(output.slice(1)), 0);
}

/** Number of outputs: 1 with one sigmoid, the number of classes with softmax. */
export function outputsOf(spec: NetworkSpec): number {
  return layersOf(spec)[spec.layers.length - 1].outputs;
}

/** What makes probabilities of the logits, by the loss. */
export function outputOf({ loss }: NetworkSpec): Output {
  return loss === 'binary_cross_entropy' ? 'sigmoid' : 'softmax';
}

/** The layers before the output. */
export function hiddenLayersOf({ layers }: NetworkSpec): readonly Layer[] {
  return layers.slice(0, -1);
}

/**
 * Layers as units and one activation, where they are dense and have the same one; undefined where not.
 * Without layers there is nothing to tell apart, and the activation is the first of all.
 */
export function denseForm(
  layers: readonly Layer[],
): { readonly hidden: readonly number[]; readonly activation: Activation } | undefined {
  const activation = layers[0]?.activation ?? ACTIVATIONS[0];
  const hidden = layers.flatMap((layer) =>
    layer.kind === 'dense' && layer.activation === activation ? [layer.units] : [],
  );
  if (hidden.length < layers.length || activation === 'identity') return undefined;
  return { hidden, activation };
}

/** The activation of all hidden layers, where `denseForm` says them. */
export function commonActivation(spec: NetworkSpec): Activation | undefined {
  return denseForm(hiddenLayersOf(spec))?.activation;
}

/** The setting that the hidden layers come from, with its text: what a refusal of their size names. */
export function layersSetting(spec: NetworkSpec): readonly [name: string, text: string] {
  return commonActivation(spec) === undefined
    ? ['layers', formatLayers(hiddenLayersOf(spec))]
    : ['hidden', widthsOf(spec).slice(1, -1).join(',')];
}
