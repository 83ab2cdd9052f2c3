/** The engine of the backend cpu: steps, evaluation and state around the network's passes. */

import { outputsOf } from '../model/network-spec';
import { parameterLayout } from '../model/parameter-layout';
import { type TrainedPart, trainedPart } from '../model/trained-part';
import type { Problem } from '../training/backend';
import type { Engine, EngineState, LossSums } from '../training/host-backend';
import { ADAM, momentsOf, RMSPROP } from '../training/hyperparameters';
import type { Step } from '../training/steps';
import { BLOCK, roundUp } from './panels';
import { SampleStore } from './sample-store';
import { WasmNetwork } from './wasm-network';
import type { Workspace } from './workspace';

export class WasmEngine implements Engine {
  readonly #problem: Problem;
  /** Number of all parameters. */
  readonly #length: number;
  readonly #trained: TrainedPart;
  readonly #workspace: Workspace;
  readonly #samples: SampleStore;
  readonly #network: WasmNetwork;
  /** So many of the first layers have the weights packed that are the parameters'. */
  #packed = 0;
  #isFinite = true;
  #gradientNorm = 0;

  /** @param dispose - gives back what the kernels borrowed */
  constructor(
    problem: Problem,
    workspace: Workspace,
    readonly dispose: () => void,
  ) {
    this.#problem = problem;
    this.#length = parameterLayout(problem.spec).length;
    this.#trained = trainedPart(problem.spec, problem.hyperparameters.freeze);
    this.#workspace = workspace;
    this.#samples = new SampleStore(problem, workspace);
    this.#network = new WasmNetwork(problem, workspace);
  }

  step(step: Step, rows: Uint32Array | null): LossSums {
    this.#pack();
    this.#network.packForBackward();
    const sums = this.#inParts(step.rows, (first, count) => {
      const part = this.#samples.trainingPart(rows, first, count, step.epoch);
      this.#network.drawMasks(count, step.index, first);
      this.#network.forward(part, true);
      const sums = this.#network.loss(part, true);
      this.#network.backward(part, 1 / step.rows, first > 0);
      return sums;
    });
    if (this.#problem.hyperparameters.norms) this.#gradientNorm = this.#norm('gradients');
    this.#decayWeights(step);
    this.#isFinite = this.#update(step) === 1;
    this.#packed = this.#trained.layersBefore;
    return sums;
  }

  evaluate(): LossSums {
    this.#pack();
    return this.#inParts(this.#problem.test.count, (first, count) => {
      const part = this.#samples.testPart(first, count);
      this.#network.forward(part, false);
      return this.#network.loss(part, false);
    });
  }

  predict(features: Float64Array, count: number): Float64Array {
    const outputs = outputsOf(this.#problem.spec);
    const probabilities = new Float64Array(count * outputs);
    const { rows } = this.#workspace.plan;
    this.#pack();
    for (let first = 0; first < count; first += rows) {
      const part = this.#samples.predictionPart(features, first, Math.min(rows, count - first));
      this.#network.forward(part, false);
      this.#network.probabilities(part.count, probabilities.subarray(first * outputs));
    }
    return probabilities;
  }

  norms() {
    return { gradient: this.#gradientNorm, parameters: this.#norm('parameters') };
  }

  isFinite(): boolean {
    return this.#isFinite;
  }

  save(room?: EngineState): EngineState {
    const copy = (from: Float32Array, to: Float64Array = new Float64Array(from.length)) => {
      to.set(from);
      return to;
    };
    return {
      parameters: copy(this.#parameters(), room?.parameters),
      optimizer: this.#momentNames().map((name, i) => copy(this.#moment(name), room?.optimizer[i])),
    };
  }

  load({ parameters, optimizer }: EngineState): void {
    this.#parameters().set(parameters);
    for (const [i, name] of this.#momentNames().entries()) this.#moment(name).set(optimizer[i]);
    this.#packed = 0;
  }

  /** Goes through `count` samples, as many at a time as the activations have room for. */
  #inParts(count: number, pass: (first: number, count: number) => LossSums): LossSums {
    const { rows } = this.#workspace.plan;
    let loss = 0;
    let correct = 0;
    for (let first = 0; first < count; first += rows) {
      const sums = pass(first, Math.min(rows, count - first));
      loss += sums.loss;
      correct += sums.correct;
    }
    return { loss, correct };
  }

  #pack(): void {
    this.#network.packForForward(this.#packed);
    this.#packed = this.#problem.spec.layers.length;
  }

  #parameters(): Float32Array {
    return this.#workspace.view('parameters', this.#length);
  }

  #moment(name: string): Float32Array {
    return this.#workspace.view(name, this.#trained.length);
  }

  /** The first byte of the parameters that are trained. */
  #trainedAddress(): number {
    return this.#workspace.address('parameters') + 4 * this.#trained.start;
  }

  #momentNames(): readonly string[] {
    const moments = momentsOf(this.#problem.hyperparameters);
    return Array.from({ length: moments }, (_, i) => `moment-${i}`);
  }

  /** L2 norm; the zeros behind the last parameter add nothing. */
  #norm(name: 'parameters' | 'gradients'): number {
    const count = name === 'gradients' ? this.#trained.length : this.#length;
    const length = roundUp(count, BLOCK);
    return Math.sqrt(this.#workspace.kernels.sumOfSquares(this.#workspace.address(name), length));
  }

  /** L2 goes into the gradient; AdamW shrinks the weights themselves. Biases are left alone. */
  #decayWeights({ learningRate }: Step): void {
    const { weightDecay, optimizer } = this.#problem.hyperparameters;
    if (weightDecay === 0) return;
    const { kernels } = this.#workspace;
    const parameters = this.#trainedAddress();
    const isDecoupled = optimizer === 'adamw';
    const target = isDecoupled ? parameters : this.#workspace.address('gradients');
    const factor = isDecoupled ? -learningRate * weightDecay : weightDecay;
    for (const { kind, offset, length } of this.#trained.slices) {
      if (kind === 'biases') continue;
      kernels.addScaled(target + 4 * offset, parameters + 4 * offset, length, factor);
    }
  }

  /** @returns 1 where gradients and parameters are finite */
  #update({ learningRate, stepSize, inverseRootCorrection }: Step): number {
    const { optimizer, momentum, nesterov } = this.#problem.hyperparameters;
    const { kernels } = this.#workspace;
    const [first, second] = [0, 1].map((i) => this.#workspace.addressOrZero(`moment-${i}`));
    const parameters = this.#trainedAddress();
    const arrays = [parameters, this.#workspace.address('gradients'), first] as const;
    const length = roundUp(this.#trained.length, BLOCK);
    switch (optimizer) {
      case 'sgd':
        return kernels.sgdUpdate(...arrays, length, learningRate, momentum, nesterov);
      case 'rmsprop': {
        const { alpha, epsilon } = RMSPROP;
        const averages = [alpha, 1 - alpha] as const;
        return kernels.rmspropUpdate(...arrays, length, learningRate, ...averages, epsilon);
      }
      case 'adam':
      case 'adamw': {
        const { beta1, beta2, epsilon } = ADAM;
        const averages = [beta1, 1 - beta1, beta2, 1 - beta2] as const;
        const rates = [stepSize, inverseRootCorrection] as const;
        return kernels.adamUpdate(...arrays, second, length, ...averages, ...rates, epsilon);
      }
      default:
        return optimizer satisfies never;
    }
  }
}
