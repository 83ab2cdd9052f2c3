/**
 * The network in plain float32 loops: every operation is rounded, sums run from the first term to the
 * last. It is the measure of what float32 can do in a configuration, as NumPy's float32 is in the
 * fixtures; nobody trains with it.
 */

import { scaledFeatures, trainingFeatures } from '../../../src/data/samples';
import { type LayerActivation, LEAKY_RELU_SLOPE } from '../../../src/layers/activation';
import {
  type ConvLayer,
  type ConvShape,
  convShape,
  patchOf,
  positionsOf,
} from '../../../src/layers/conv2d/layer';
import { convEach } from '../../../src/layers/conv2d/reference';
import type { Layer, PlacedLayer } from '../../../src/layers/layer';
import { referenceOf } from '../../../src/layers/reference';
import { inputsOf, layersOf, widthsOf } from '../../../src/model/network-spec';
import { parameterLayout, viewsOf } from '../../../src/model/parameter-layout';
import type { LayerPass } from '../../../src/reference/layer-reference';
import type { Backend, Problem, Samples } from '../../../src/training/backend';
import { dropoutScale, dropoutThreshold } from '../../../src/training/dropout';
import { type Engine, HostBackend, type LossSums } from '../../../src/training/host-backend';
import { ADAM, RMSPROP } from '../../../src/training/hyperparameters';
import type { Step } from '../../../src/training/steps';

const f = Math.fround;

/** Opens the float32 loops as a backend. `reversed` sums from the last term to the first. */
export function createFloat32Backend(problem: Problem, { reversed = false } = {}): Backend {
  const info = { name: 'cpu', adapter: 'float32 loops', precision: 'float32' } as const;
  const engine = new Float32Engine(problem, reversed);
  return new HostBackend({ ...info, isSoftware: false }, problem, engine);
}

/** A vector amid others: from `first` on, every `stride`th value. */
interface Vector {
  readonly values: Float32Array;
  readonly first: number;
  readonly stride: number;
}

/** start + Σ a_i · b_i over `count` products, every product and partial sum rounded. */
type Dot = (start: number, count: number, a: Vector, b: Vector) => number;

function dotForwards(start: number, count: number, a: Vector, b: Vector): number {
  let sum = start;
  for (let i = 0; i < count; i++) {
    sum = f(sum + f(a.values[a.first + i * a.stride] * b.values[b.first + i * b.stride]));
  }
  return sum;
}

function dotBackwards(start: number, count: number, a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = count - 1; i >= 0; i--) {
    sum = f(sum + f(a.values[a.first + i * a.stride] * b.values[b.first + i * b.stride]));
  }
  return f(sum + start);
}

/** Where a convolution's weights meet values: each meeting, and which belong to an output, an input, a weight. */
interface Meetings {
  readonly all: readonly { readonly to: number; readonly from: number; readonly weight: number }[];
  readonly byOutput: readonly (readonly number[])[];
  readonly byInput: readonly (readonly number[])[];
  readonly byWeight: readonly (readonly number[])[];
}

function meetingsOf(shape: ConvShape): Meetings {
  const { channels, height, width, filters } = shape;
  const lists = (length: number) => Array.from({ length }, (): number[] => []);
  const all: Meetings['all'][number][] = [];
  const byOutput = lists(filters * positionsOf(shape));
  const byInput = lists(channels * height * width);
  const byWeight = lists(filters * patchOf(shape));
  convEach(shape, (to, firstFrom, firstWeight, length) => {
    for (let i = 0; i < length; i++) {
      const [from, weight] = [firstFrom + i, firstWeight + i];
      byOutput[to].push(all.length);
      byInput[from].push(all.length);
      byWeight[weight].push(all.length);
      all.push({ to, from, weight });
    }
  });
  return { all, byOutput, byInput, byWeight };
}

/** A one for every term of a plain sum. */
const ONES: Vector = { values: Float32Array.of(1), first: 0, stride: 0 };

class Float32Engine implements Engine {
  readonly #problem: Problem;
  readonly #dot: Dot;
  readonly #reversed: boolean;
  readonly #meetings = new Map<number, Meetings>();
  readonly #test: Float32Array;
  #w = new Float32Array();
  #g = new Float32Array();
  #moments: readonly Float32Array[] = [];
  #gradientNorm = 0;

  constructor(problem: Problem, reversed: boolean) {
    this.#problem = problem;
    this.#dot = reversed ? dotBackwards : dotForwards;
    this.#reversed = reversed;
    this.#test = Float32Array.from(scaledFeatures(problem.test));
  }

  step(step: Step, rows: Uint32Array | null): LossSums {
    const { train, spec } = this.#problem;
    const order = rows ?? Uint32Array.from({ length: train.count }, (_, row) => row);
    const features = new Float32Array(order.length * inputsOf(spec));
    trainingFeatures(train, order, step.epoch, features);
    const labels = Uint8Array.from(order, (row) => train.labels[row]);
    const activations = this.#forward(features, order.length, step);
    this.#backward(features, labels, activations, step);
    this.#gradientNorm = norm(this.#g);
    this.#update(step);
    return lossSums(activations[activations.length - 1], labels);
  }

  evaluate(): LossSums {
    const { labels, count }: Samples = this.#problem.test;
    const activations = this.#forward(this.#test, count, null);
    return lossSums(activations[activations.length - 1], labels);
  }

  predict(features: Float64Array, count: number): Float64Array {
    const activations = this.#forward(Float32Array.from(features), count, null);
    return Float64Array.from(activations[activations.length - 1]);
  }

  norms() {
    return { gradient: this.#gradientNorm, parameters: norm(this.#w) };
  }

  isFinite(): boolean {
    return this.#g.every(Number.isFinite) && this.#w.every(Number.isFinite);
  }

  save() {
    return {
      parameters: Float64Array.from(this.#w),
      optimizer: this.#moments.map((moment) => Float64Array.from(moment)),
    };
  }

  load({ parameters, optimizer }: ReturnType<Float32Engine['save']>): void {
    this.#w = Float32Array.from(parameters);
    this.#moments = optimizer.map((moment) => Float32Array.from(moment));
  }

  /** Dropout's factor; 1 in evaluation, where there is no step. */
  #scale(step: Step | null, { dropout }: Layer, layer: number, row: number, unit: number): number {
    const { seed } = this.#problem.hyperparameters;
    if (dropout === 0 || step === null) return 1;
    return f(dropoutScale(dropoutThreshold(dropout), seed, step.index, layer, row, unit));
  }

  #forward(features: Float32Array, count: number, step: Step | null): Float32Array[] {
    const { spec } = this.#problem;
    const activations: Float32Array[] = [];
    let input = features;
    for (const place of layersOf(spec)) {
      const { index, layer, outputs, isOutput } = place;
      const output = this.#sums(place, input, count);
      for (let i = 0; i < output.length && !isOutput; i++) {
        const [row, unit] = [Math.floor(i / outputs), i % outputs];
        output[i] =
          activate(layer.activation, output[i]) * this.#scale(step, layer, index, row, unit);
      }
      if (isOutput) toProbabilities(output, outputs);
      activations.push(output);
      input = output;
    }
    return activations;
  }

  /** Before the activation. A kind without float32 loops here is the reference, rounded. */
  #sums(place: PlacedLayer, input: Float32Array, count: number): Float32Array {
    const { layer, inputs, outputs, slices } = place;
    if (layer.kind === 'conv') return this.#convolved(place, layer, input, count);
    if (layer.kind !== 'dense') {
      return Float32Array.from(referenceOf(layer).forward(this.#passOf(place, input, count)));
    }
    const [weights, biases] = slices.map(({ offset }) => offset);
    const sums = new Float32Array(count * outputs);
    for (let i = 0; i < sums.length; i++) {
      const [row, unit] = [Math.floor(i / outputs), i % outputs];
      sums[i] = this.#dot(
        this.#w[biases + unit],
        inputs,
        { values: this.#w, first: weights + unit * inputs, stride: 1 },
        { values: input, first: row * inputs, stride: 1 },
      );
    }
    return sums;
  }

  /** start + Σ product(i) over `count` products, every product and partial sum rounded. */
  #sum(start: number, count: number, product: (i: number) => number): number {
    let sum = this.#reversed ? 0 : start;
    for (let i = 0; i < count; i++) {
      sum = f(sum + f(product(this.#reversed ? count - 1 - i : i)));
    }
    return this.#reversed ? f(sum + start) : sum;
  }

  #meetingsOf({ index, input }: PlacedLayer, layer: ConvLayer): Meetings {
    const known = this.#meetings.get(index) ?? meetingsOf(convShape(layer, input));
    this.#meetings.set(index, known);
    return known;
  }

  #convolved(place: PlacedLayer, layer: ConvLayer, input: Float32Array, count: number) {
    const { inputs, outputs, slices } = place;
    const [weights, biases] = slices.map(({ offset }) => offset);
    const { all, byOutput } = this.#meetingsOf(place, layer);
    return Float32Array.from({ length: count * outputs }, (_, i) => {
      const [row, to] = [Math.floor(i / outputs), i % outputs];
      const own = byOutput[to];
      const bias = this.#w[biases + Math.floor((to * layer.filters) / outputs)];
      return this.#sum(bias, own.length, (k) => {
        const { from, weight } = all[own[k]];
        return this.#w[weights + weight] * input[row * inputs + from];
      });
    });
  }

  #convGradients(
    place: PlacedLayer,
    layer: ConvLayer,
    input: Float32Array,
    delta: Float32Array,
    count: number,
  ): void {
    const { inputs, outputs, slices } = place;
    const [weights, biases] = slices.map(({ offset }) => offset);
    const { all, byWeight } = this.#meetingsOf(place, layer);
    for (const [weight, own] of byWeight.entries()) {
      const sum = this.#sum(0, count * own.length, (k) => {
        const row = Math.floor(k / own.length);
        const { to, from } = all[own[k % own.length]];
        return delta[row * outputs + to] * input[row * inputs + from];
      });
      this.#g[weights + weight] = sum / count;
    }
    const positions = outputs / layer.filters;
    for (let filter = 0; filter < layer.filters; filter++) {
      const sum = this.#sum(0, count * positions, (k) => {
        const row = Math.floor(k / positions);
        return delta[row * outputs + filter * positions + (k % positions)];
      });
      this.#g[biases + filter] = sum / count;
    }
  }

  #convBackward(place: PlacedLayer, layer: ConvLayer, delta: Float32Array) {
    const { inputs, outputs, slices } = place;
    const { all, byInput } = this.#meetingsOf(place, layer);
    return (i: number): number => {
      const [row, from] = [Math.floor(i / inputs), i % inputs];
      const own = byInput[from];
      return this.#sum(0, own.length, (k) => {
        const { to, weight } = all[own[k]];
        return this.#w[slices[0].offset + weight] * delta[row * outputs + to];
      });
    };
  }

  #passOf(place: PlacedLayer, input: Float32Array, count: number): LayerPass {
    const parameters = viewsOf(place, Float64Array.from(this.#w));
    return { place, parameters, input: Float64Array.from(input), count };
  }

  /** Puts a layer's mean gradients in their place. */
  #gradients(place: PlacedLayer, input: Float32Array, delta: Float32Array, count: number): void {
    const { layer, inputs, outputs, slices } = place;
    if (layer.kind === 'conv') {
      this.#convGradients(place, layer, input, delta, count);
      return;
    }
    if (layer.kind !== 'dense') {
      const gradients = slices.map(({ length }) => new Float64Array(length));
      const pass = this.#passOf(place, input, count);
      referenceOf(layer).gradients(pass, Float64Array.from(delta), gradients);
      for (const [i, { offset }] of slices.entries()) this.#g.set(gradients[i], offset);
      return;
    }
    const [weights, biases] = slices.map(({ offset }) => offset);
    for (let unit = 0; unit < outputs; unit++) {
      const d: Vector = { values: delta, first: unit, stride: outputs };
      this.#g[biases + unit] = this.#dot(0, count, d, ONES) / count;
      for (let k = 0; k < inputs; k++) {
        const sum = this.#dot(0, count, d, { values: input, first: k, stride: inputs });
        this.#g[weights + unit * inputs + k] = sum / count;
      }
    }
  }

  /** The gradient at the layer's input, by its place in (count × inputs). */
  #backwardInput(
    place: PlacedLayer,
    input: Float32Array,
    delta: Float32Array,
    count: number,
  ): (i: number) => number {
    const { layer, inputs, outputs, slices } = place;
    if (layer.kind === 'conv') return this.#convBackward(place, layer, delta);
    if (layer.kind !== 'dense') {
      const pass = this.#passOf(place, input, count);
      const gradient = referenceOf(layer).backwardInput(pass, Float64Array.from(delta));
      return (i) => f(gradient[i]);
    }
    const [weights] = slices;
    return (i) => {
      const [row, unit] = [Math.floor(i / inputs), i % inputs];
      return this.#dot(
        0,
        outputs,
        { values: delta, first: row * outputs, stride: 1 },
        { values: this.#w, first: weights.offset + unit, stride: inputs },
      );
    };
  }

  #backward(
    features: Float32Array,
    labels: Uint8Array,
    activations: readonly Float32Array[],
    step: Step,
  ): void {
    const { spec } = this.#problem;
    const count = labels.length;
    this.#g = new Float32Array(this.#w.length);
    const width = widthsOf(spec)[widthsOf(spec).length - 1];
    let delta = activations[activations.length - 1].map((p, i) => {
      const [label, unit] = [labels[Math.floor(i / width)], i % width];
      return p - (width === 1 ? label : Number(label === unit));
    });
    for (const place of [...layersOf(spec)].reverse()) {
      const { index, inputs } = place;
      const input = index === 1 ? features : activations[index - 2];
      this.#gradients(place, input, delta, count);
      if (index === 1) return;
      const sumAt = this.#backwardInput(place, input, delta, count);
      const before = spec.layers[index - 2];
      delta = new Float32Array(count * inputs);
      for (let i = 0; i < delta.length; i++) {
        const [row, unit] = [Math.floor(i / inputs), i % inputs];
        const scale = this.#scale(step, before, index - 1, row, unit);
        if (scale === 0) continue;
        delta[i] = f(sumAt(i) * derivative(before.activation, f(input[i] / scale))) * scale;
      }
    }
  }

  #update({ learningRate, stepSize, inverseRootCorrection }: Step): void {
    const { hyperparameters, spec } = this.#problem;
    const { optimizer, weightDecay, momentum, nesterov } = hyperparameters;
    const [first, second] = this.#moments;
    const rate = f(learningRate);
    const decay = f(weightDecay);
    const share = f(momentum);
    for (const { kind, offset, length } of parameterLayout(spec).slices) {
      for (let i = offset; i < offset + length; i++) {
        let w = this.#w[i];
        let g = this.#g[i];
        if (kind === 'weights' && optimizer === 'adamw') w = f(w - f(f(rate * decay) * w));
        else if (kind === 'weights') g = f(g + f(decay * w));
        switch (optimizer) {
          case 'sgd': {
            let direction = g;
            if (momentum > 0) {
              first[i] = f(share * first[i]) + g;
              direction = nesterov ? f(g + f(share * first[i])) : first[i];
            }
            w -= f(rate * direction);
            break;
          }
          case 'rmsprop':
            first[i] = f(f(RMSPROP.alpha) * first[i]) + f(f(1 - RMSPROP.alpha) * f(g * g));
            w -= f(f(rate * g) / f(f(Math.sqrt(first[i])) + f(RMSPROP.epsilon)));
            break;
          case 'adam':
          case 'adamw': {
            first[i] = f(f(ADAM.beta1) * first[i]) + f(f(1 - ADAM.beta1) * g);
            second[i] = f(f(ADAM.beta2) * second[i]) + f(f(1 - ADAM.beta2) * f(g * g));
            const root = f(f(Math.sqrt(second[i])) * f(inverseRootCorrection));
            w -= f(f(f(stepSize) * first[i]) / f(root + f(ADAM.epsilon)));
            break;
          }
          default:
            optimizer satisfies never;
        }
        this.#w[i] = w;
      }
    }
  }
}

function activate(activation: LayerActivation, z: number): number {
  switch (activation) {
    case 'identity':
      return z;
    case 'sigmoid':
      return sigmoid(z);
    case 'tanh':
      return f(Math.tanh(z));
    case 'relu':
      return z > 0 ? z : 0;
    case 'leaky_relu':
      return z > 0 ? z : f(f(LEAKY_RELU_SLOPE) * z);
    default:
      return activation satisfies never;
  }
}

function derivative(activation: LayerActivation, a: number): number {
  switch (activation) {
    case 'identity':
      return 1;
    case 'sigmoid':
      return f(a * f(1 - a));
    case 'tanh':
      return f(1 - f(a * a));
    case 'relu':
      return a > 0 ? 1 : 0;
    case 'leaky_relu':
      return a > 0 ? 1 : f(LEAKY_RELU_SLOPE);
    default:
      return activation satisfies never;
  }
}

function sigmoid(z: number): number {
  return f(1 / f(1 + f(Math.exp(-z))));
}

function toProbabilities(logits: Float32Array, width: number): void {
  for (let first = 0; first < logits.length; first += width) {
    const row = logits.subarray(first, first + width);
    if (width === 1) {
      row[0] = sigmoid(row[0]);
      continue;
    }
    const largest = Math.max(...row);
    row.forEach((z, k) => {
      row[k] = Math.exp(f(z - largest));
    });
    const sum = row.reduce((total, e) => f(total + e), 0);
    row.forEach((e, k) => {
      row[k] = e / sum;
    });
  }
}

function lossSums(outputs: Float32Array, labels: Uint8Array): LossSums {
  const width = outputs.length / labels.length;
  let loss = 0;
  let correct = 0;
  labels.forEach((label, row) => {
    const p = outputs.subarray(row * width, (row + 1) * width);
    const own = width === 1 && label === 0 ? f(1 - clip(p[0])) : clip(p[width === 1 ? 0 : label]);
    loss = f(loss - f(Math.log(own)));
    const predicted = width === 1 ? Number(p[0] > 0.5) : p.indexOf(Math.max(...p));
    correct += Number(predicted === label);
  });
  return { loss, correct };
}

function clip(p: number): number {
  return Math.min(Math.max(p, f(1e-7)), f(1 - 1e-7));
}

function norm(values: Float32Array): number {
  return f(Math.sqrt(values.reduce((sum, value) => f(sum + f(value * value)), 0)));
}
