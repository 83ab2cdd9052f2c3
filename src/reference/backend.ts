/** The reference backend: the float64 network of network.ts behind the Backend interface. */
import { scaledFeatures } from '../data/samples';
import { predictedClass, sampleLoss } from '../model/loss';
import { type TrainedPart, trainedPart } from '../model/trained-part';
import type { Backend, Problem } from '../training/backend';
import { dropoutScale, dropoutThreshold } from '../training/dropout';
import { type Engine, HostBackend, type LossSums } from '../training/host-backend';
import { type Step, takeTrainingSamples } from '../training/steps';
import { backward, type DropoutMask, forward } from './network';
import { update } from './optimizers';

/** Opens the reference backend. It is always there. */
export async function createReferenceBackend(problem: Problem): Promise<Backend> {
  return new HostBackend(
    {
      name: 'reference',
      adapter: 'plain float64 loops on the CPU',
      precision: 'float64',
      isSoftware: false,
    },
    problem,
    new ReferenceEngine(problem),
  );
}

/** Test samples that are held in float64 at a time. */
const EVALUATED_AT_ONCE = 1024;

class ReferenceEngine implements Engine {
  readonly #problem: Problem;
  readonly #trained: TrainedPart;
  #parameters: Float64Array = new Float64Array();
  #moments: readonly Float64Array[] = [];
  #gradients: Float64Array = new Float64Array();
  /** Of the loss alone, before weight decay changes the gradients. */
  #gradientNorm = 0;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#trained = trainedPart(problem.spec, problem.hyperparameters.freeze);
  }

  step(step: Step, rows: Uint32Array | null): LossSums {
    const { spec, hyperparameters } = this.#problem;
    const { features, labels, count } = takeTrainingSamples(this.#problem.train, rows, step.epoch);
    const mask = this.#dropoutMask(step);
    const activations = forward(spec, this.#parameters, features, count, mask);
    const { layersBefore, start } = this.#trained;
    this.#gradients = backward(
      spec,
      this.#parameters,
      features,
      labels,
      activations,
      mask,
      layersBefore,
    );
    if (hyperparameters.norms) this.#gradientNorm = length(this.#gradients);
    const sums = lossSums(activations[activations.length - 1], labels);
    const [parameters, gradients] = [this.#parameters, this.#gradients].map((all) =>
      all.subarray(start),
    );
    update(hyperparameters, step, this.#trained, parameters, gradients, this.#moments);
    return sums;
  }

  evaluate(): LossSums {
    const { test } = this.#problem;
    let sums: LossSums = { loss: 0, correct: 0 };
    for (let first = 0; first < test.count; first += EVALUATED_AT_ONCE) {
      const rows = Math.min(EVALUATED_AT_ONCE, test.count - first);
      const outputs = this.predict(scaledFeatures(test, first, rows), rows);
      sums = lossSums(outputs, test.labels.subarray(first, first + rows), sums);
    }
    return sums;
  }

  predict(features: Float64Array, count: number): Float64Array {
    const activations = forward(this.#problem.spec, this.#parameters, features, count);
    return activations[activations.length - 1];
  }

  norms() {
    return { gradient: this.#gradientNorm, parameters: length(this.#parameters) };
  }

  isFinite(): boolean {
    return this.#gradients.every(isHeld) && this.#parameters.every(isHeld);
  }

  save() {
    return {
      parameters: this.#parameters.slice(),
      optimizer: this.#moments.map((moment) => moment.slice()),
    };
  }

  load(state: ReturnType<ReferenceEngine['save']>): void {
    this.#parameters = state.parameters.slice();
    this.#moments = state.optimizer.map((moment) => moment.slice());
  }

  #dropoutMask({ index }: Step): DropoutMask {
    const { seed } = this.#problem.hyperparameters;
    return (rate, layer, row, unit) =>
      dropoutScale(dropoutThreshold(rate), seed, index, layer, row, unit);
  }
}

/** @param before - sums that these samples' are added to */
function lossSums(
  outputs: Float64Array,
  labels: Uint8Array,
  before: LossSums = { loss: 0, correct: 0 },
): LossSums {
  const width = outputs.length / labels.length;
  let { loss, correct } = before;
  labels.forEach((label, row) => {
    loss += sampleLoss(outputs, label, row * width, width);
    if (predictedClass(outputs, row * width, width) === label) correct++;
  });
  return { loss, correct };
}

function length(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** Whether float32 holds a number: so that a run diverges in the same epoch on every backend. */
function isHeld(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}
