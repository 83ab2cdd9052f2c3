/**
 * What a network is: layer widths, the activation of its hidden layers, and the kind of output.
 * Nothing here knows how it is computed.
 */

/** Activations of hidden layers; every hidden layer has the same one. */
export const ACTIVATIONS = ['sigmoid', 'tanh', 'relu', 'leaky_relu'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** `sigmoid`: one output with binary cross-entropy. `softmax`: an output a class, with cross-entropy. */
export type Output = 'sigmoid' | 'softmax';

/** The slope of leaky_relu for negative inputs. */
export const LEAKY_RELU_SLOPE = 0.01;

/** A multilayer perceptron. */
export interface NetworkSpec {
  /** Widths from the inputs to the outputs: `[64, 16, 8, 1]` is the notebook's network. */
  readonly widths: readonly number[];
  readonly activation: Activation;
  readonly output: Output;
}

/** One dense layer: `outputs` units that each see `inputs` values. Layers count from 1, as the notebook's W1. */
export interface LayerSpec {
  readonly index: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly isOutput: boolean;
}

/** The dense layers of a network, from the first hidden layer to the output. */
export function layersOf(spec: NetworkSpec): readonly LayerSpec[] {
  return spec.widths.slice(1).map((outputs, position) => ({
    index: position + 1,
    inputs: spec.widths[position],
    outputs,
    isOutput: position === spec.widths.length - 2,
  }));
}

/**
 * The network that tells `classes` classes apart: one sigmoid output for two, softmax for more.
 *
 * @param features - values a sample
 * @param hidden - widths of the hidden layers, possibly none
 * @param classes - number of classes, at least 2
 */
export function networkFor(
  features: number,
  hidden: readonly number[],
  classes: number,
  activation: Activation,
): NetworkSpec {
  const output: Output = classes === 2 ? 'sigmoid' : 'softmax';
  return { widths: [features, ...hidden, classes === 2 ? 1 : classes], activation, output };
}

/** Number of outputs: 1 with one sigmoid, the number of classes with softmax. */
export function outputsOf(spec: NetworkSpec): number {
  return spec.widths[spec.widths.length - 1];
}

/** Number of classes: 2 with one sigmoid output, else one for each output. */
export function classesOf(spec: NetworkSpec): number {
  return spec.output === 'sigmoid' ? 2 : outputsOf(spec);
}
