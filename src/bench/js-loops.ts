/**
 * The rung below all others: a training step in plain float32 loops over typed arrays, as a careful
 * programmer writes them in JavaScript. Activations are (samples × units), W is (out, in); a step
 * allocates nothing. After each epoch the test set is evaluated.
 */
import type { PlacedLayer } from '../layers/layer';
import { inputsOf, layersOf } from '../model/network-spec';
import { parameterLayout, viewsOf } from '../model/parameter-layout';
import type { Problem, Samples } from '../training/backend';
import { ADAM, momentsOf } from '../training/hyperparameters';
import { type Step, StepSequence } from '../training/steps';
import type { Contender, Training } from './contender';
import { checkPeerProblem } from './layers';

/** Declines what the peers decline: its loops know sigmoid and relu, SGD and Adam. */
export const jsLoops: Contender = {
  name: 'js-loops',
  async prepare(problem) {
    checkPeerProblem(problem);
    return new LoopsTraining(problem);
  },
};

/** A layer's parameters and gradients are views on the flat arrays of the network. */
interface Layer extends PlacedLayer {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
  readonly weightGradients: Float32Array;
  readonly biasGradients: Float32Array;
  /** The output layer's are its logits. */
  readonly activations: Float32Array;
  readonly delta: Float32Array;
}

class LoopsTraining implements Training {
  readonly #problem: Problem;
  readonly #steps: StepSequence;
  readonly #parameters: Float32Array;
  readonly #gradients: Float32Array;
  readonly #moments: readonly Float32Array[];
  readonly #layers: readonly Layer[];
  readonly #train: Float32Array;
  readonly #test: Float32Array;
  /** A gathered mini-batch. */
  readonly #batch: Float32Array;
  readonly #labels: Uint8Array;
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
    this.#train = Float32Array.from(train.features);
    this.#test = Float32Array.from(test.features);
    this.#batch = new Float32Array(this.#steps.batchRows * inputsOf(spec));
    this.#labels = new Uint8Array(this.#steps.batchRows);
    const rows = Math.max(this.#steps.batchRows, test.count);
    this.#layers = layersOf(spec).map((layer) => {
      const [weights, biases] = viewsOf(layer, this.#parameters);
      const [weightGradients, biasGradients] = viewsOf(layer, this.#gradients);
      return {
        ...layer,
        weights,
        biases,
        weightGradients,
        biasGradients,
        activations: new Float32Array(rows * layer.outputs),
        delta: new Float32Array(rows * layer.outputs),
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
      const { features, labels } = this.#gather(train, step, order);
      this.#forward(features, step.rows);
      loss += this.#lossOf(labels, step.rows);
      this.#backward(features, step.rows);
      this.#update(step);
    }
    this.#forward(this.#test, test.count);
    this.#lossOf(test.labels, test.count);
    this.#epoch++;
    return loss / train.count;
  }

  #gather({ labels }: Samples, { firstRow, rows }: Step, order: Uint32Array | null) {
    if (order === null) return { features: this.#train, labels };
    const inputs = inputsOf(this.#problem.spec);
    for (let row = 0; row < rows; row++) {
      const from = order[firstRow + row];
      const sample = this.#train.subarray(from * inputs, (from + 1) * inputs);
      this.#batch.set(sample, row * inputs);
      this.#labels[row] = labels[from];
    }
    return { features: this.#batch, labels: this.#labels };
  }

  #forward(features: Float32Array, count: number): void {
    let input = features;
    for (const { layer, inputs, weights, biases, activations, isOutput } of this.#layers) {
      weightedSums(input, inputs, weights, biases, count, activations);
      if (isOutput) return;
      const length = count * biases.length;
      if (layer.activation === 'relu') {
        for (let i = 0; i < length; i++) activations[i] = Math.max(activations[i], 0);
      } else for (let i = 0; i < length; i++) activations[i] = 1 / (1 + Math.exp(-activations[i]));
      input = activations;
    }
  }

  /** Σ loss of a forward pass's samples; leaves dZ of the output layer, probability - target. */
  #lossOf(labels: Uint8Array, count: number): number {
    const { activations: logits, delta, outputs } = this.#layers[this.#layers.length - 1];
    let loss = 0;
    for (let row = 0; row < count; row++) {
      const from = row * outputs;
      if (outputs === 1) {
        const z = labels[row] === 1 ? logits[row] : -logits[row];
        loss += Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
        delta[row] = 1 / (1 + Math.exp(-logits[row])) - labels[row];
        continue;
      }
      let largest = logits[from];
      for (let k = 1; k < outputs; k++) largest = Math.max(largest, logits[from + k]);
      let sum = 0;
      for (let k = 0; k < outputs; k++) {
        delta[from + k] = Math.exp(logits[from + k] - largest);
        sum += delta[from + k];
      }
      for (let k = 0; k < outputs; k++) delta[from + k] /= sum;
      delta[from + labels[row]] -= 1;
      loss += Math.log(sum) + largest - logits[from + labels[row]];
    }
    return loss;
  }

  #backward(features: Float32Array, count: number): void {
    for (let position = this.#layers.length - 1; position >= 0; position--) {
      const { delta, inputs, weights, weightGradients, biasGradients } = this.#layers[position];
      const before = this.#layers[position - 1];
      const input = position === 0 ? features : before.activations;
      gradientsOf(delta, input, inputs, count, weightGradients, biasGradients);
      if (position === 0) return;
      backpropagate(delta, weights, inputs, count, before.delta);
      const { activations: a, delta: d } = before;
      if (before.layer.activation === 'relu') {
        for (let i = 0; i < count * inputs; i++) if (!(a[i] > 0)) d[i] = 0;
      } else for (let i = 0; i < count * inputs; i++) d[i] *= a[i] * (1 - a[i]);
    }
  }

  #update({ learningRate, stepSize, inverseRootCorrection }: Step): void {
    const parameters = this.#parameters;
    const gradients = this.#gradients;
    const [first, second] = this.#moments;
    if (first === undefined) {
      for (let i = 0; i < parameters.length; i++) parameters[i] -= learningRate * gradients[i];
      return;
    }
    const { beta1, beta2, epsilon } = ADAM;
    for (let i = 0; i < parameters.length; i++) {
      const g = gradients[i];
      const m = beta1 * first[i] + (1 - beta1) * g;
      const v = beta2 * second[i] + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i] -= (stepSize * m) / (Math.sqrt(v) * inverseRootCorrection + epsilon);
    }
  }
}

/** Z = A_in · Wᵀ + b. Four units at a time: each input is loaded once for four independent sums. */
function weightedSums(
  input: Float32Array,
  inputs: number,
  weights: Float32Array,
  biases: Float32Array,
  count: number,
  sums: Float32Array,
): void {
  const outputs = biases.length;
  for (let row = 0; row < count; row++) {
    const from = row * inputs;
    for (let unit = 0; unit < outputs; unit += 4) {
      // Of a last block with fewer units the last one is computed again and again.
      const last = outputs - 1;
      const u1 = Math.min(unit + 1, last);
      const u2 = Math.min(unit + 2, last);
      const u3 = Math.min(unit + 3, last);
      let z0 = biases[unit];
      let z1 = biases[u1];
      let z2 = biases[u2];
      let z3 = biases[u3];
      for (let k = 0; k < inputs; k++) {
        const a = input[from + k];
        z0 += weights[unit * inputs + k] * a;
        z1 += weights[u1 * inputs + k] * a;
        z2 += weights[u2 * inputs + k] * a;
        z3 += weights[u3 * inputs + k] * a;
      }
      const to = row * outputs;
      sums[to + unit] = z0;
      sums[to + u1] = z1;
      sums[to + u2] = z2;
      sums[to + u3] = z3;
    }
  }
}

/** dW = dZᵀ · A_in / m and db = Σ dZ / m. Four samples at a time: a gradient is loaded once for all. */
function gradientsOf(
  delta: Float32Array,
  input: Float32Array,
  inputs: number,
  count: number,
  weights: Float32Array,
  biases: Float32Array,
): void {
  const outputs = biases.length;
  weights.fill(0);
  biases.fill(0);
  for (let row = 0; row < count; row += 4) {
    const rows = Math.min(4, count - row);
    for (let unit = 0; unit < outputs; unit++) {
      const at = row * outputs + unit;
      const w = unit * inputs;
      const a = row * inputs;
      // Rows past the last count nothing; their inputs are the last row's.
      const d0 = delta[at] / count;
      const d1 = rows > 1 ? delta[at + outputs] / count : 0;
      const d2 = rows > 2 ? delta[at + 2 * outputs] / count : 0;
      const d3 = rows > 3 ? delta[at + 3 * outputs] / count : 0;
      const a1 = a + (rows > 1 ? inputs : 0);
      const a2 = a + (rows > 2 ? 2 * inputs : 0);
      const a3 = a + (rows > 3 ? 3 * inputs : 0);
      biases[unit] += d0 + d1 + d2 + d3;
      for (let k = 0; k < inputs; k++) {
        weights[w + k] +=
          d0 * input[a + k] + d1 * input[a1 + k] + d2 * input[a2 + k] + d3 * input[a3 + k];
      }
    }
  }
}

/** dA_in = dZ · W, (count × inputs). */
function backpropagate(
  delta: Float32Array,
  weights: Float32Array,
  inputs: number,
  count: number,
  before: Float32Array,
): void {
  const outputs = weights.length / inputs;
  before.fill(0, 0, count * inputs);
  for (let row = 0; row < count; row++) {
    const to = row * inputs;
    for (let unit = 0; unit < outputs; unit++) {
      const d = delta[row * outputs + unit];
      for (let k = 0; k < inputs; k++) before[to + k] += d * weights[unit * inputs + k];
    }
  }
}
