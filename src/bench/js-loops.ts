/**
 * The rung below all others: training in plain loops over float32 arrays, as a textbook writes them,
 * one sample at a time. W is (out, in). After each epoch the test set is evaluated.
 */

import type { Prepare, Training } from '../comparison/contender';
import { float32Features } from '../data/samples';
import type { LayerActivation } from '../layers/activation';
import type { PlacedLayer } from '../layers/layer';
import { inputsOf, layersOf } from '../model/network-spec';
import { parameterLayout, viewsOf } from '../model/parameter-layout';
import type { Problem } from '../training/backend';
import { ADAM, momentsOf } from '../training/hyperparameters';
import { type Step, StepSequence } from '../training/steps';
import { checkDense, checkPeerProblem } from './layers';

/** Declines what the peers decline, and convolutions: its loops know sigmoid and relu, SGD and Adam. */
export const jsLoops: Prepare = async (problem) => {
  checkPeerProblem(problem);
  checkDense(problem);
  return new LoopsTraining(problem);
};

/** A layer's parameters and gradients are views on the flat arrays of the network. */
interface Layer extends PlacedLayer {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
  readonly weightGradients: Float32Array;
  readonly biasGradients: Float32Array;
  /** Of the sample that went through last; the output layer's are its logits. */
  readonly activations: Float32Array;
  /** dZ of that sample, for the loss of the sample alone. */
  readonly delta: Float32Array;
}

class LoopsTraining implements Training {
  readonly #problem: Problem;
  readonly #steps: StepSequence;
  readonly #parameters: Float32Array;
  /** Of a step, the sum over its samples so far. */
  readonly #gradients: Float32Array;
  readonly #moments: readonly Float32Array[];
  readonly #layers: readonly Layer[];
  readonly #train: Float32Array;
  readonly #test: Float32Array;
  #epoch = 0;

  constructor(problem: Problem) {
    const { spec, hyperparameters, train, test } = problem;
    const { length } = parameterLayout(spec);
    this.#problem = problem;
    this.#steps = new StepSequence(hyperparameters, train.count);
    this.#parameters = Float32Array.from(problem.parameters);
    this.#gradients = new Float32Array(length);
    this.#moments = Array.from(
      { length: momentsOf(hyperparameters) },
      () => new Float32Array(length),
    );
    this.#train = float32Features(train);
    this.#test = float32Features(test);
    this.#layers = layersOf(spec).map((layer) => {
      const [weights, biases] = viewsOf(layer, this.#parameters);
      const [weightGradients, biasGradients] = viewsOf(layer, this.#gradients);
      return {
        ...layer,
        ...{ weights, biases, weightGradients, biasGradients },
        activations: new Float32Array(layer.outputs),
        delta: new Float32Array(layer.outputs),
      };
    });
  }

  async train(epochs: number): Promise<void> {
    await this.losses(epochs);
  }

  async losses(epochs: number): Promise<readonly number[]> {
    return Array.from({ length: epochs }, () => this.#trainEpoch());
  }

  dispose(): void {}

  #trainEpoch(): number {
    const { train, test } = this.#problem;
    const order = this.#steps.orderOf(this.#epoch);
    let loss = 0;
    for (let batch = 0; batch < this.#steps.batchesPerEpoch; batch++) {
      const step = this.#steps.at(this.#epoch, batch);
      this.#gradients.fill(0);
      for (let row = step.firstRow; row < step.firstRow + step.rows; row++) {
        const sample = order === null ? row : order[row];
        const features = this.#featuresOf(this.#train, sample);
        loss += this.#forward(features, train.labels[sample]);
        this.#backward(features);
      }
      this.#update(step);
    }
    for (let sample = 0; sample < test.count; sample++) {
      this.#forward(this.#featuresOf(this.#test, sample), test.labels[sample]);
    }
    this.#epoch++;
    return loss / train.count;
  }

  #featuresOf(features: Float32Array, sample: number): Float32Array {
    const inputs = inputsOf(this.#problem.spec);
    return features.subarray(sample * inputs, (sample + 1) * inputs);
  }

  /** A sample's loss; leaves its activations, and dZ of the output layer. */
  #forward(features: Float32Array, label: number): number {
    let input = features;
    for (const { layer, inputs, outputs, weights, biases, activations, isOutput } of this.#layers) {
      for (let unit = 0; unit < outputs; unit++) {
        let z = biases[unit];
        for (let k = 0; k < inputs; k++) z += weights[unit * inputs + k] * input[k];
        activations[unit] = isOutput ? z : activate(layer.activation, z);
      }
      input = activations;
    }
    return this.#lossOf(label);
  }

  /** Cross-entropy of the logits; dZ is probability - target. */
  #lossOf(label: number): number {
    const { activations: logits, delta } = this.#layers[this.#layers.length - 1];
    if (logits.length === 1) {
      delta[0] = sigmoid(logits[0]) - label;
      const z = label === 1 ? logits[0] : -logits[0];
      return Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }
    let largest = logits[0];
    for (let k = 1; k < logits.length; k++) largest = Math.max(largest, logits[k]);
    let sum = 0;
    for (let k = 0; k < logits.length; k++) sum += Math.exp(logits[k] - largest);
    for (let k = 0; k < logits.length; k++) delta[k] = Math.exp(logits[k] - largest) / sum;
    delta[label] -= 1;
    return Math.log(sum) + largest - logits[label];
  }

  /** Adds the gradient of the sample that went through last. */
  #backward(features: Float32Array): void {
    for (let position = this.#layers.length - 1; position >= 0; position--) {
      const { inputs, outputs, weights, weightGradients, biasGradients, delta } =
        this.#layers[position];
      const before = this.#layers[position - 1];
      const input = position === 0 ? features : before.activations;
      for (let unit = 0; unit < outputs; unit++) {
        biasGradients[unit] += delta[unit];
        for (let k = 0; k < inputs; k++)
          weightGradients[unit * inputs + k] += delta[unit] * input[k];
      }
      if (position === 0) return;
      for (let k = 0; k < inputs; k++) {
        let sum = 0;
        for (let unit = 0; unit < outputs; unit++) sum += delta[unit] * weights[unit * inputs + k];
        before.delta[k] = sum * slope(before.layer.activation, input[k]);
      }
    }
  }

  #update({ rows, learningRate, stepSize, inverseRootCorrection }: Step): void {
    const parameters = this.#parameters;
    const [first, second] = this.#moments;
    const { beta1, beta2, epsilon } = ADAM;
    for (let i = 0; i < parameters.length; i++) {
      const g = this.#gradients[i] / rows;
      if (first === undefined) {
        parameters[i] -= learningRate * g;
        continue;
      }
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      parameters[i] -=
        (stepSize * first[i]) / (Math.sqrt(second[i]) * inverseRootCorrection + epsilon);
    }
  }
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

// The peers' problems have no other activations than sigmoid and relu, see `checkPeerProblem`.
function activate(activation: LayerActivation, z: number): number {
  return activation === 'relu' ? Math.max(z, 0) : sigmoid(z);
}

/** The activation's derivative at a unit whose activation is `a`. */
function slope(activation: LayerActivation, a: number): number {
  if (activation === 'relu') return a > 0 ? 1 : 0;
  return a * (1 - a);
}
