/**
 * A network's forward and backward pass in TensorFlow.js, written out by hand. Images lie as it has them,
 * (rows × height × width × channels), and so do the weights behind them.
 */
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../layers/activation';
import type { ConvLayer } from '../layers/conv2d/layer';
import type { PlacedLayer } from '../layers/layer';
import type { MaxPoolLayer } from '../layers/max-pool2d/layer';
import { layersOf, type NetworkSpec, outputOf } from '../model/network-spec';
import type { LayerValues } from './layers';

/** Whether samples stay images on their way: their first layer is no dense one. */
function takesImages({ layers: [first] }: NetworkSpec): boolean {
  return first.kind !== 'dense';
}

/** Samples, (count × features) with images channel by channel, as the network takes them. */
export function samplesTensor(
  spec: NetworkSpec,
  features: Float32Array,
  count: number,
): Tensor2D | Tensor4D {
  if (!takesImages(spec)) return tf.tensor2d(features, [count, features.length / count]);
  const images = () =>
    tf.tensor4d(features, [count, ...spec.input] as [number, number, number, number]);
  return tf.tidy(() => tf.transpose(images(), [0, 2, 3, 1]));
}

/** A layer's weights as the network takes them. */
export function weightsTensor({ place, shape, weights }: LayerValues, spec: NetworkSpec): Tensor {
  return tf.tidy(() => {
    const own = tf.tensor(weights, [...shape]);
    if (place.layer.kind === 'conv') return tf.transpose(own, [2, 3, 1, 0]);
    // The values of an image come channel by channel where the weights are from, and place by place here.
    if (place.input.length === 1 || !takesImages(spec)) return own;
    const images = tf.reshape(own, [...place.input, place.outputs]);
    return tf.reshape(tf.transpose(images, [1, 2, 0, 3]), [...shape]);
  });
}

/** A layer at work: what it is given and what it gives, behind the activation, with its parameters if it has any. */
interface Pass {
  readonly place: PlacedLayer;
  readonly input: Tensor;
  readonly output: Tensor;
  readonly weights: Tensor | undefined;
}

/**
 * All layers, one after the other; with softmax the last gives the logits.
 *
 * @param parameters - weights of all layers that have any, then their biases
 */
export function forward(
  spec: NetworkSpec,
  parameters: readonly Tensor[],
  features: Tensor,
): readonly Pass[] {
  const passes: Pass[] = [];
  const [rows] = features.shape;
  let input = features;
  let own = 0;
  for (const place of layersOf(spec)) {
    const { layer, inputs } = place;
    const hasParameters = place.slices.length > 0;
    const weights = hasParameters ? parameters[own] : undefined;
    const bias = hasParameters ? parameters[parameters.length / 2 + own++] : undefined;
    if (layer.kind === 'dense') input = shaped(input, [rows, inputs]);
    const output = outputTensor(place, input, weights, bias, activationOf(place, spec));
    passes.push({ place, input, output, weights });
    input = output;
  }
  return passes;
}

function activationOf({ layer, isOutput }: PlacedLayer, spec: NetworkSpec) {
  if (isOutput) return outputOf(spec) === 'sigmoid' ? 'sigmoid' : 'linear';
  // The peers' problems have no others, see `checkPeerProblem`.
  return layer.activation === 'relu' ? 'relu' : 'sigmoid';
}

function outputTensor(
  { layer }: PlacedLayer,
  x: Tensor,
  weights: Tensor | undefined,
  bias: Tensor | undefined,
  activation: 'linear' | 'relu' | 'sigmoid',
): Tensor {
  if (layer.kind === 'max_pool') return tf.maxPool(x as Tensor4D, layer.size, layer.size, 'valid');
  if (weights === undefined || bias === undefined) throw new RangeError('a layer without weights');
  if (layer.kind === 'dense') {
    return tf.fused.matMul({ a: x as Tensor2D, b: weights as Tensor2D, bias, activation });
  }
  const filter = weights as Tensor4D;
  const pad = paddingOf(layer);
  return tf.fused.conv2d({ x: x as Tensor4D, filter, strides: 1, pad, bias, activation });
}

/** The tensor in another shape, unless it has it. */
function shaped(tensor: Tensor, shape: number[]): Tensor {
  return tensor.rank === shape.length ? tensor : tf.reshape(tensor, shape);
}

/** With stride 1 and odd filters `same` is the same everywhere. */
function paddingOf({ same }: ConvLayer): 'same' | 'valid' {
  return same ? 'same' : 'valid';
}

/** How the gradients of filters are had. */
export type FilterGradients = 'by patches' | 'by their own kernel';

/**
 * The ways that TensorFlow.js has on the backend it has now: its own kernel gives a thread a weight, and in
 * WebAssembly there is none.
 */
export function filterGradients({ layers }: NetworkSpec): readonly FilterGradients[] {
  const hasChoice =
    layers.some(({ kind }) => kind === 'conv') &&
    tf.getKernel(tf.Conv2DBackpropFilter, tf.getBackend()) !== undefined;
  return hasChoice ? ['by patches', 'by their own kernel'] : ['by patches'];
}

/**
 * Gradients of all weights, then of all biases.
 *
 * @param delta - of the last layer's logits
 */
export function gradients(
  passes: readonly Pass[],
  delta: Tensor,
  form: FilterGradients,
): readonly Tensor[] {
  const ofWeights: Tensor[] = [];
  const ofBiases: Tensor[] = [];
  for (let index = passes.length - 1; index >= 0; index--) {
    const pass = passes[index];
    if (pass.weights !== undefined) {
      ofWeights.unshift(weightGradient(pass, delta, form));
      const axes = delta.shape.map((_, axis) => axis).slice(0, -1);
      ofBiases.unshift(tf.sum(delta, axes));
    }
    if (index === 0) break;
    const { place, output } = passes[index - 1];
    const back = shaped(backward(pass, delta), output.shape);
    delta = throughActivation(back, output, place.layer.activation);
  }
  return [...ofWeights, ...ofBiases];
}

/** dZ from dA. */
function throughActivation(back: Tensor, output: Tensor, activation: Activation | 'identity') {
  if (activation === 'identity') return back;
  const derivative = activation === 'relu' ? tf.step(output) : tf.mul(output, tf.sub(1, output));
  return tf.mul(back, derivative);
}

function weightGradient(
  { place: { layer, slices }, input }: Pass,
  delta: Tensor,
  form: FilterGradients,
): Tensor {
  if (layer.kind !== 'conv') return tf.matMul(input as Tensor2D, delta as Tensor2D, true, false);
  const [filters, channels, height, width] = slices[0].shape;
  const filterShape = [height, width, channels, filters];
  if (form === 'by their own kernel') {
    const attributes = { strides: 1, pad: paddingOf(layer), dataFormat: 'NHWC', filterShape };
    return tf.engine().runKernel(tf.Conv2DBackpropFilter, { x: input, dy: delta }, attributes);
  }
  const patches = patchesOf(input as Tensor4D, layer, delta.shape);
  const deltas = tf.reshape(delta, [-1, filters]) as Tensor2D;
  return tf.reshape(tf.matMul(patches, deltas, true, false), filterShape);
}

/** What each filter sees, (rows · places × rows and columns of a filter · channels). */
function patchesOf(
  input: Tensor4D,
  { same, kernelHeight, kernelWidth }: ConvLayer,
  [rows, height, width]: readonly number[],
): Tensor2D {
  const around = (length: number): [number, number] => {
    const zeros = same ? (length - 1) / 2 : 0;
    return [zeros, zeros];
  };
  const padded = tf.pad(input, [[0, 0], around(kernelHeight), around(kernelWidth), [0, 0]]);
  const channels = input.shape[3];
  const shifted: Tensor[] = [];
  for (let y = 0; y < kernelHeight; y++) {
    for (let x = 0; x < kernelWidth; x++) {
      shifted.push(tf.slice(padded, [0, y, x, 0], [rows, height, width, channels]));
    }
  }
  const patch = kernelHeight * kernelWidth * channels;
  return tf.reshape(tf.concat(shifted, 3), [rows * height * width, patch]) as Tensor2D;
}

/** The gradient by a layer's input. */
function backward({ place: { layer }, input, output, weights }: Pass, delta: Tensor): Tensor {
  if (layer.kind === 'max_pool') return poolGradient(layer, input, output, delta);
  if (weights === undefined) throw new RangeError('a layer without weights');
  if (layer.kind === 'dense') {
    return tf.matMul(delta as Tensor2D, weights as Tensor2D, false, true);
  }
  const pad = paddingOf(layer);
  const attributes = { strides: 1, pad, dataFormat: 'NHWC', inputShape: input.shape };
  return tf.engine().runKernel(tf.Conv2DBackpropInput, { dy: delta, filter: weights }, attributes);
}

function poolGradient({ size }: MaxPoolLayer, input: Tensor, output: Tensor, dy: Tensor): Tensor {
  const attributes = { filterSize: size, strides: size, pad: 'valid' };
  return tf.engine().runKernel(tf.MaxPoolGrad, { dy, input, output }, attributes);
}
