/**
 * One training step for jax-js, to be compiled by one `jit`: forward, loss, gradients, update. In two
 * forms, of which one or the other is faster, depending on the network and the device: gradients by
 * `valueAndGrad`, or backpropagation written out.
 *
 * jax-js counts references: a function uses up its arguments, and `.ref` keeps one for another use.
 */
import { lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { convShape } from '../layers/conv2d/layer';
import { layersOf, type NetworkSpec, outputOf } from '../model/network-spec';
import { ADAM, type Hyperparameters } from '../training/hyperparameters';
import { peerActivation } from './layers';

export type JaxGradients = 'by valueAndGrad' | 'by hand';

/** How the gradients of a network can be had: of dense layers alone they are written out, too. */
export function jaxGradients({ layers }: NetworkSpec): readonly JaxGradients[] {
  const isDense = layers.every(({ kind }) => kind === 'dense');
  return isDense ? ['by valueAndGrad', 'by hand'] : ['by valueAndGrad'];
}

type NpArray = np.Array;
/** Of a layer that has parameters. */
export type Layer = { weights: NpArray; biases: NpArray };
/** Parameters, and Adam's moments; those are empty with SGD. */
export type State = { parameters: Layer[]; first: Layer[]; second: Layer[] };
/** Of one step: the batch, and Adam's two values that change with it. */
export type Inputs = {
  features: NpArray;
  targets: NpArray;
  stepSize?: NpArray;
  inverseRootCorrection?: NpArray;
};
type Gradient = (parameters: Layer[], features: NpArray, targets: NpArray) => [NpArray, Layer[]];

/** The step of a problem; gives the loss before the update and the state after it. */
export function jaxStep(spec: NetworkSpec, hyperparameters: Hyperparameters, form: JaxGradients) {
  const gradient: Gradient =
    form === 'by valueAndGrad'
      ? valueAndGrad((parameters: Layer[], features: NpArray, targets: NpArray) =>
          lossOf(spec, logitsOf(spec, parameters, features), targets),
        )
      : byHand(spec);
  return (state: State, inputs: Inputs): { loss: NpArray; state: State } => {
    const parameters = tree.ref(state.parameters);
    const [loss, gradients] = gradient(parameters, inputs.features, inputs.targets);
    return { loss, state: update(hyperparameters, state, gradients, inputs) };
  };
}

function activate(spec: NetworkSpec, z: NpArray): NpArray {
  return peerActivation(spec) === 'relu' ? nn.relu(z) : nn.sigmoid(z);
}

function logitsOf(spec: NetworkSpec, parameters: Layer[], features: NpArray): NpArray {
  const [rows] = features.shape;
  const places = layersOf(spec);
  const own = places.filter(({ slices }) => slices.length > 0);
  return places.reduce((before, place) => {
    const { layer, input, inputs, output, isOutput } = place;
    if (layer.kind === 'max_pool') {
      const [channels, height, width] = output;
      const windows = [rows, channels, height, layer.size, width, layer.size];
      return np.max(before.reshape(windows), [3, 5]);
    }
    const { weights, biases } = parameters[own.indexOf(place)];
    let z: NpArray;
    if (layer.kind === 'conv') {
      const { paddingY, paddingX, filters } = convShape(layer, input);
      const padding: [number, number][] = [
        [paddingY, paddingY],
        [paddingX, paddingX],
      ];
      const images = before.reshape([rows, ...input]);
      z = lax.convWithGeneralPadding(images, weights, [1, 1], padding);
      z = z.add(biases.reshape([filters, 1, 1]));
    } else {
      const values = before.ndim === 2 ? before : before.reshape([rows, inputs]);
      z = np.dot(values, weights).add(biases);
    }
    return isOutput ? z : activate(spec, z);
  }, features);
}

/** Mean cross-entropy from logits. */
function lossOf(spec: NetworkSpec, logits: NpArray, targets: NpArray): NpArray {
  const [count] = targets.shape;
  if (outputOf(spec) === 'softmax') {
    return nn
      .logSoftmax(logits)
      .mul(targets)
      .sum()
      .mul(-1 / count);
  }
  const logarithm = np.log(np.exp(np.abs(logits.ref).mul(-1)).add(1));
  return np.maximum(logits.ref, 0).sub(logits.mul(targets)).add(logarithm).mean();
}

/** Backpropagation as the notebook's Part 6 has it. */
function byHand(spec: NetworkSpec): Gradient {
  return (parameters, features, targets) => {
    const [count] = targets.shape;
    const last = parameters.length - 1;
    const inputs = [features];
    let logits = features;
    for (const [layer, { weights, biases }] of parameters.entries()) {
      logits = np.dot(inputs[layer].ref, weights.ref).add(biases);
      if (layer < last) inputs.push(activate(spec, logits));
    }
    const outputs = outputOf(spec) === 'sigmoid' ? nn.sigmoid(logits.ref) : nn.softmax(logits.ref);
    const loss = lossOf(spec, logits, targets.ref);
    let delta = outputs.sub(targets).mul(1 / count);
    const gradients: Layer[] = [];
    for (let layer = last; layer >= 0; layer--) {
      const input = inputs[layer];
      gradients.unshift({
        weights: np.dot(np.transpose(input.ref), delta.ref),
        biases: delta.ref.sum(0),
      });
      if (layer === 0) break;
      const back = np.dot(delta, np.transpose(parameters[layer].weights));
      delta =
        peerActivation(spec) === 'relu'
          ? np.where(input.greater(0), back, 0)
          : back.mul(input.ref.mul(np.subtract(1, input)));
    }
    tree.dispose([delta, features, parameters[0].weights]);
    return [loss, gradients];
  };
}

function update(
  { optimizer, learningRate }: Hyperparameters,
  { parameters, first, second }: State,
  gradients: Layer[],
  { stepSize, inverseRootCorrection }: Inputs,
): State {
  if (optimizer === 'sgd' || stepSize === undefined || inverseRootCorrection === undefined) {
    const descend = (parameter: NpArray, gradient: NpArray) =>
      parameter.sub(gradient.mul(learningRate));
    const updated = parameters.map(({ weights, biases }, layer) => ({
      weights: descend(weights, gradients[layer].weights),
      biases: descend(biases, gradients[layer].biases),
    }));
    return { parameters: updated, first, second };
  }
  const { beta1, beta2, epsilon } = ADAM;
  const updated: State = { parameters: [], first: [], second: [] };
  for (const [layer, gradient] of gradients.entries()) {
    const adam = (kind: keyof Layer) => {
      const m = first[layer][kind].mul(beta1).add(gradient[kind].ref.mul(1 - beta1));
      const v = second[layer][kind].mul(beta2).add(np.square(gradient[kind]).mul(1 - beta2));
      const root = np.sqrt(v.ref).mul(inverseRootCorrection.ref).add(epsilon);
      return { p: parameters[layer][kind].sub(m.ref.mul(stepSize.ref).div(root)), m, v };
    };
    const weights = adam('weights');
    const biases = adam('biases');
    updated.parameters.push({ weights: weights.p, biases: biases.p });
    updated.first.push({ weights: weights.m, biases: biases.m });
    updated.second.push({ weights: weights.v, biases: biases.v });
  }
  tree.dispose([stepSize, inverseRootCorrection]);
  return updated;
}
