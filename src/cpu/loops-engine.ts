/** Plain float32 loops as an engine: the fallback of the backend cpu, and what it is measured against. */
import { type LayerSpec, layersOf, outputsOf } from '../model/network-spec';
import { parameterLayout } from '../model/parameter-layout';
import type { Problem, TrainingState } from '../training/backend';
import { dropoutThreshold, philox } from '../training/dropout';
import type { Engine, LossSums } from '../training/host-backend';
import { momentsOf } from '../training/hyperparameters';
import { type Step, StepSequence } from '../training/steps';
import {
  activate,
  denseBackwardDelta,
  denseBackwardWeights,
  denseForward,
  differentiate,
  outputProbabilities,
  predictedClass,
  sampleLoss,
} from './loops-network';
import { update } from './loops-optimizers';

type State = Pick<TrainingState, 'parameters' | 'optimizer'>;

interface Layer extends LayerSpec {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
  readonly weightGradients: Float32Array;
  readonly biasGradients: Float32Array;
  /** (samples × outputs); the output layer's are its logits. */
  readonly activations: Float32Array;
  readonly delta: Float32Array;
  /** Dropout's factors, as large as the activations; null without dropout. */
  readonly mask: Float32Array | null;
}

export class LoopsEngine implements Engine {
  readonly #problem: Problem;
  readonly #parameters: Float32Array;
  readonly #gradients: Float32Array;
  readonly #moments: readonly Float32Array[];
  readonly #layers: readonly Layer[];
  readonly #trainFeatures: Float32Array;
  readonly #testFeatures: Float32Array;
  /** A gathered mini-batch. */
  readonly #batchFeatures: Float32Array;
  readonly #batchLabels: Uint8Array;
  /** Most samples that the activations have room for. */
  readonly #rows: number;
  #gradientNorm = 0;

  constructor(problem: Problem) {
    const { spec, hyperparameters, train, test } = problem;
    const layout = parameterLayout(spec);
    const { batchRows, isFullBatch } = new StepSequence(hyperparameters, train.count);
    this.#problem = problem;
    this.#rows = Math.max(batchRows, test.count);
    this.#parameters = new Float32Array(layout.length);
    this.#gradients = new Float32Array(layout.length);
    const moments = momentsOf(hyperparameters);
    this.#moments = Array.from({ length: moments }, () => new Float32Array(layout.length));
    this.#trainFeatures = Float32Array.from(train.features);
    this.#testFeatures = Float32Array.from(test.features);
    this.#batchFeatures = new Float32Array(isFullBatch ? 0 : batchRows * spec.widths[0]);
    this.#batchLabels = new Uint8Array(isFullBatch ? 0 : batchRows);
    this.#layers = layersOf(spec).map((layer) => {
      const [weights, biases] = layout.slices.filter(({ layer: index }) => index === layer.index);
      const view = (array: Float32Array, { offset, length }: typeof weights) =>
        array.subarray(offset, offset + length);
      const length = this.#rows * layer.outputs;
      const isMasked = hyperparameters.dropout > 0 && !layer.isOutput;
      return {
        ...layer,
        weights: view(this.#parameters, weights),
        biases: view(this.#parameters, biases),
        weightGradients: view(this.#gradients, weights),
        biasGradients: view(this.#gradients, biases),
        activations: new Float32Array(length),
        delta: new Float32Array(length),
        mask: isMasked ? new Float32Array(length) : null,
      };
    });
  }

  step(step: Step, rows: Uint32Array | null): LossSums {
    const { hyperparameters, train, spec } = this.#problem;
    const features = rows === null ? this.#trainFeatures : this.#gather(rows);
    const labels = rows === null ? train.labels : this.#batchLabels;
    this.#drawMasks(step);
    this.#forward(features, step.rows, true);
    const sums = this.#lossSums(labels, step.rows);
    this.#backward(features, labels, step.rows);
    if (hyperparameters.norms) this.#gradientNorm = norm(this.#gradients);
    const layout = parameterLayout(spec);
    update(hyperparameters, step, layout, this.#parameters, this.#gradients, this.#moments);
    return sums;
  }

  evaluate(): LossSums {
    const { labels, count } = this.#problem.test;
    this.#forward(this.#testFeatures, count, false);
    return this.#lossSums(labels, count);
  }

  predict(features: Float64Array, count: number): Float64Array {
    const { spec } = this.#problem;
    const inputs = spec.widths[0];
    const outputs = outputsOf(spec);
    const probabilities = new Float64Array(count * outputs);
    const { activations } = this.#layers[this.#layers.length - 1];
    for (let first = 0; first < count; first += this.#rows) {
      const rows = Math.min(this.#rows, count - first);
      const part = features.subarray(first * inputs, (first + rows) * inputs);
      this.#forward(Float32Array.from(part), rows, false);
      outputProbabilities(spec.output, activations, outputs, rows);
      probabilities.set(activations.subarray(0, rows * outputs), first * outputs);
    }
    return probabilities;
  }

  norms() {
    return { gradient: this.#gradientNorm, parameters: norm(this.#parameters) };
  }

  isFinite(): boolean {
    return areFinite(this.#gradients) && areFinite(this.#parameters);
  }

  save(): State {
    return {
      parameters: Float64Array.from(this.#parameters),
      optimizer: this.#moments.map((moment) => Float64Array.from(moment)),
    };
  }

  load({ parameters, optimizer }: State): void {
    this.#parameters.set(parameters);
    for (const [i, moment] of this.#moments.entries()) moment.set(optimizer[i]);
  }

  dispose(): void {}

  #gather(rows: Uint32Array): Float32Array {
    const inputs = this.#problem.spec.widths[0];
    const { labels } = this.#problem.train;
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i] * inputs;
      this.#batchFeatures.set(this.#trainFeatures.subarray(from, from + inputs), i * inputs);
      this.#batchLabels[i] = labels[rows[i]];
    }
    return this.#batchFeatures;
  }

  /** A call of Philox gives the words of four units. */
  #drawMasks({ index, rows }: Step): void {
    const { dropout, seed } = this.#problem.hyperparameters;
    const threshold = dropoutThreshold(dropout);
    const scale = 2 ** 32 / (2 ** 32 - threshold);
    for (const { mask, outputs, index: layer } of this.#layers) {
      if (mask === null) continue;
      for (let row = 0; row < rows; row++) {
        for (let unit = 0; unit < outputs; unit += 4) {
          const words = philox([unit >>> 2, row, index, layer], [seed, 0]);
          for (let i = 0; i < Math.min(4, outputs - unit); i++) {
            mask[row * outputs + unit + i] = words[i] < threshold ? 0 : scale;
          }
        }
      }
    }
  }

  #forward(features: Float32Array, count: number, trains: boolean): void {
    let input = features;
    for (const { inputs, outputs, weights, biases, activations, mask, isOutput } of this.#layers) {
      denseForward(input, inputs, weights, biases, count, activations);
      if (isOutput) return;
      activate(this.#problem.spec.activation, activations, count * outputs);
      if (trains && mask !== null) multiply(activations, mask, count * outputs);
      input = activations;
    }
  }

  #lossSums(labels: Uint8Array, count: number): LossSums {
    const { activations: logits, outputs } = this.#layers[this.#layers.length - 1];
    let loss = 0;
    let correct = 0;
    for (let row = 0; row < count; row++) {
      loss += sampleLoss(logits, row * outputs, outputs, labels[row]);
      if (predictedClass(logits, row * outputs, outputs) === labels[row]) correct++;
    }
    return { loss, correct };
  }

  #backward(features: Float32Array, labels: Uint8Array, count: number): void {
    const { spec } = this.#problem;
    const last = this.#layers[this.#layers.length - 1];
    const logits = last.activations.subarray(0, count * last.outputs);
    outputProbabilities(spec.output, logits, last.outputs, count);
    last.delta.set(logits);
    for (let row = 0; row < count; row++) {
      if (last.outputs === 1) last.delta[row] -= labels[row];
      else last.delta[row * last.outputs + labels[row]] -= 1;
    }
    for (let position = this.#layers.length - 1; position >= 0; position--) {
      const { delta, inputs, outputs, weights, weightGradients, biasGradients } =
        this.#layers[position];
      const before = this.#layers[position - 1];
      const input = position === 0 ? features : before.activations;
      denseBackwardWeights(delta, input, inputs, count, weightGradients, biasGradients);
      if (position === 0) return;
      denseBackwardDelta(delta, outputs, weights, inputs, count, before.delta);
      this.#differentiate(before, count * inputs);
    }
  }

  /** Takes dropout's factor out of the activation for f', and puts it on the delta. */
  #differentiate({ delta, activations, mask }: Layer, length: number): void {
    if (mask !== null) {
      for (let i = 0; i < length; i++)
        activations[i] = mask[i] === 0 ? 0 : activations[i] / mask[i];
    }
    differentiate(this.#problem.spec.activation, delta, activations, length);
    if (mask !== null) multiply(delta, mask, length);
  }
}

function multiply(values: Float32Array, factors: Float32Array, length: number): void {
  for (let i = 0; i < length; i++) values[i] *= factors[i];
}

function norm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}

/** 0 · x is 0 for finite x only. */
function areFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i];
  return sum === 0;
}
