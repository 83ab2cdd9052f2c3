/**
 * TensorFlow.js in its best form: fused matrix products forward, the gradients and the update written
 * out by hand in one `tf.tidy` a step, inputs resident, no readback but the last. With `variableGrads`
 * and its optimizers it is slower everywhere (see tests/bench/NOTES.md). The test set is evaluated
 * after each epoch; its loss stays on the device.
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Contender, ContenderName, Training } from '../comparison/contender';
import { RefusedError } from '../comparison/refusal';
import { commonActivation, inputsOf, outputOf, outputsOf } from '../model/network-spec';
import type { Problem, Samples } from '../training/backend';
import { ADAM } from '../training/hyperparameters';
import { type Step, StepSequence } from '../training/steps';
import { checkPeerProblem, layerValues, targetsOf } from './layers';

/** Opens TensorFlow.js's backend; false where this browser cannot run it. */
type Opener = () => Promise<boolean>;

export const tfjsWebGpu: Contender = contender('tfjs-webgpu', async () => {
  await import('@tensorflow/tfjs-backend-webgpu');
  return tf.setBackend('webgpu');
});

export const tfjsWasm: Contender = contender('tfjs-wasm', async () => {
  const [{ setWasmPaths }, plain, simd, threaded] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'),
  ]);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain.default,
    'tfjs-backend-wasm-simd.wasm': simd.default,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded.default,
  });
  return tf.setBackend('wasm');
});

function contender(name: ContenderName, open: Opener): Contender {
  return {
    name,
    /** @throws RefusedError where TensorFlow.js does not start */
    async prepare(problem) {
      checkPeerProblem(problem);
      if (!(await open()))
        throw new RefusedError('unavailable: TensorFlow.js cannot start it here');
      return new TensorFlowTraining(problem);
    },
  };
}

/** What changes with each step; the optimizer's arrays are empty with SGD. */
type State = {
  weights: Tensor2D[];
  biases: Tensor1D[];
  first: Tensor[];
  second: Tensor[];
};

class TensorFlowTraining implements Training {
  readonly #problem: Problem;
  readonly #steps: StepSequence;
  readonly #train: { readonly features: Tensor2D; readonly targets: Tensor2D };
  readonly #test: { readonly features: Tensor2D; readonly targets: Tensor2D };
  #state: State;
  #epoch = 0;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#steps = new StepSequence(problem.hyperparameters, problem.train.count);
    this.#train = this.#upload(problem.train);
    this.#test = this.#upload(problem.test);
    const layers = layerValues(problem);
    const weights = layers.map((layer) =>
      tf.tensor2d(layer.weights, [layer.inputs, layer.outputs]),
    );
    const biases = layers.map((layer) => tf.tensor1d(layer.biases));
    const moments = () =>
      problem.hyperparameters.optimizer === 'adam'
        ? [...weights, ...biases].map((tensor) => tf.zerosLike(tensor))
        : [];
    this.#state = { weights, biases, first: moments(), second: moments() };
  }

  async train(epochs: number): Promise<void> {
    for (let i = 0; i < epochs; i++) for (const { loss } of this.#trainEpoch()) loss.dispose();
    await this.#state.weights[0].data();
  }

  async losses(epochs: number): Promise<readonly number[]> {
    const losses: number[] = [];
    for (let i = 0; i < epochs; i++) {
      let sum = 0;
      for (const { loss, rows } of this.#trainEpoch()) {
        sum += (await loss.data())[0] * rows;
        loss.dispose();
      }
      losses.push(sum / this.#problem.train.count);
    }
    return losses;
  }

  dispose(): void {
    tf.dispose([this.#state, this.#train, this.#test]);
  }

  #upload({ features, labels, count }: Samples) {
    const { spec } = this.#problem;
    const outputs = outputsOf(spec);
    const targets = targetsOf({ features, labels, count }, outputs);
    return {
      features: tf.tensor2d(Float32Array.from(features), [count, inputsOf(spec)]),
      targets: tf.tensor2d(targets, [count, outputs]),
    };
  }

  /** One epoch; its losses stay on the device. */
  #trainEpoch(): { readonly loss: Tensor; readonly rows: number }[] {
    const order = this.#steps.orderOf(this.#epoch);
    const losses: { loss: Tensor; rows: number }[] = [];
    for (let batch = 0; batch < this.#steps.batchesPerEpoch; batch++) {
      const step = this.#steps.at(this.#epoch, batch);
      const { loss, ...state } = tf.tidy(() => this.#step(step, order));
      tf.dispose(this.#state);
      this.#state = state;
      losses.push({ loss, rows: step.rows });
    }
    tf.tidy(() => {
      const { features, targets } = this.#test;
      return this.#loss(this.#outputs(this.#forward(features)), targets);
    }).dispose();
    this.#epoch++;
    return losses;
  }

  #step(step: Step, order: Uint32Array | null): State & { loss: Tensor } {
    let { features, targets } = this.#train;
    if (order !== null) {
      const rows = order.subarray(step.firstRow, step.firstRow + step.rows);
      const indices = tf.tensor1d(Int32Array.from(rows), 'int32');
      features = tf.gather(features, indices);
      targets = tf.gather(targets, indices);
    }
    const activations = this.#forward(features);
    const outputs = this.#outputs(activations);
    const loss = this.#loss(outputs, targets);
    const gradients = this.#gradients(activations, outputs, targets, step.rows);
    const { weights, biases } = this.#state;
    const { parameters, first, second } = this.#update(step, gradients);
    return {
      loss,
      weights: parameters.slice(0, weights.length) as Tensor2D[],
      biases: parameters.slice(weights.length, weights.length + biases.length) as Tensor1D[],
      first,
      second,
    };
  }

  /** The inputs and every layer's activations; with softmax the last are logits. */
  #forward(features: Tensor2D): Tensor2D[] {
    const { spec } = this.#problem;
    const last = outputOf(spec) === 'sigmoid' ? 'sigmoid' : 'linear';
    const hidden = commonActivation(spec) === 'relu' ? 'relu' : 'sigmoid';
    const { weights, biases } = this.#state;
    const activations = [features];
    for (const [index, b] of weights.entries()) {
      const isOutput = index === weights.length - 1;
      activations.push(
        tf.fused.matMul({
          a: activations[index],
          b,
          bias: biases[index],
          // The peers' problems have no other activations, see `checkPeerProblem`.
          activation: isOutput ? last : hidden,
        }) as Tensor2D,
      );
    }
    return activations;
  }

  #outputs(activations: readonly Tensor2D[]): Tensor2D {
    const last = activations[activations.length - 1];
    return outputOf(this.#problem.spec) === 'sigmoid' ? last : tf.softmax(last);
  }

  /** Mean cross-entropy. With one sigmoid |p + y - 1| is the probability of the true class. */
  #loss(outputs: Tensor2D, targets: Tensor2D): Tensor {
    const probabilities =
      outputOf(this.#problem.spec) === 'sigmoid'
        ? tf.abs(tf.sub(tf.add(outputs, targets), 1))
        : tf.sum(tf.mul(outputs, targets), 1);
    return tf.neg(tf.mean(tf.log(probabilities)));
  }

  /** Gradients of all weights, then of all biases. */
  #gradients(
    activations: readonly Tensor2D[],
    outputs: Tensor2D,
    targets: Tensor2D,
    rows: number,
  ): Tensor[] {
    const { weights } = this.#state;
    const ofWeights: Tensor[] = [];
    const ofBiases: Tensor[] = [];
    let delta: Tensor2D = tf.mul(tf.sub(outputs, targets), 1 / rows);
    for (let layer = weights.length - 1; layer >= 0; layer--) {
      const input = activations[layer];
      ofWeights.unshift(tf.matMul(input, delta, true, false));
      ofBiases.unshift(tf.sum(delta, 0));
      if (layer === 0) break;
      const back = tf.matMul(delta, weights[layer], false, true);
      const derivative =
        commonActivation(this.#problem.spec) === 'relu'
          ? tf.step(input)
          : tf.mul(input, tf.sub(1, input));
      delta = tf.mul(back, derivative);
    }
    return [...ofWeights, ...ofBiases];
  }

  #update({ learningRate, stepSize, inverseRootCorrection }: Step, gradients: readonly Tensor[]) {
    const { weights, biases, first, second } = this.#state;
    const parameters = [...weights, ...biases];
    if (this.#problem.hyperparameters.optimizer === 'sgd') {
      const updated = parameters.map((parameter, i) =>
        tf.sub(parameter, tf.mul(gradients[i], learningRate)),
      );
      return { parameters: updated, first: [], second: [] };
    }
    const { beta1, beta2, epsilon } = ADAM;
    const m = first.map((moment, i) =>
      tf.add(tf.mul(moment, beta1), tf.mul(gradients[i], 1 - beta1)),
    );
    const v = second.map((moment, i) =>
      tf.add(tf.mul(moment, beta2), tf.mul(tf.square(gradients[i]), 1 - beta2)),
    );
    const updated = parameters.map((parameter, i) => {
      const root = tf.add(tf.mul(tf.sqrt(v[i]), inverseRootCorrection), epsilon);
      return tf.sub(parameter, tf.div(tf.mul(m[i], stepSize), root));
    });
    return { parameters: updated, first: m, second: v };
  }
}
