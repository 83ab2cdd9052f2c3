/**
 * TensorFlow.js in its best form: fused matrix products forward, the gradients and the update written
 * out by hand in one `tf.tidy` a step, inputs resident, no readback but the last. With `variableGrads`
 * and its optimizers it is slower everywhere (see tests/bench/NOTES.md). The test set is evaluated
 * after each epoch; its loss stays on the device.
 */
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Prepare } from '../comparison/contender';
import { RefusedError } from '../comparison/refusal';
import { float32Features } from '../data/samples';
import { outputOf, outputsOf } from '../model/network-spec';
import type { Problem, Samples } from '../training/backend';
import { ADAM } from '../training/hyperparameters';
import type { Step } from '../training/steps';
import { checkPeerProblem, layerValues, targetsOf } from './layers';
import { openFastest, PeerTraining } from './peer-training';
import {
  type FilterGradients,
  filterGradients,
  forward,
  gradients,
  samplesTensor,
  weightsTensor,
} from './tensorflow-network';

/** Opens TensorFlow.js's backend; false where this browser cannot run it. */
type Opener = () => Promise<boolean>;

export const tfjsWebGpu = preparation(async () => {
  await import('@tensorflow/tfjs-backend-webgpu');
  return tf.setBackend('webgpu');
});

export const tfjsWasm = preparation(async () => {
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

/** Throws RefusedError where TensorFlow.js does not start. */
function preparation(open: Opener): Prepare {
  return async (problem) => {
    checkPeerProblem(problem);
    if (!(await open())) throw new RefusedError('unavailable: TensorFlow.js cannot start it here');
    const forms = filterGradients(problem.spec);
    return openFastest(forms, (form) => new TensorFlowTraining(problem, form));
  };
}

/** What changes with each step: of all weights, then of all biases. The moments are empty with SGD. */
type State = { parameters: Tensor[]; first: Tensor[]; second: Tensor[] };

type TensorSamples = { readonly features: Tensor2D | Tensor4D; readonly targets: Tensor2D };

class TensorFlowTraining extends PeerTraining<Tensor> {
  readonly #problem: Problem;
  readonly #train: TensorSamples;
  readonly #test: TensorSamples;
  readonly note?: string;
  readonly #form: FilterGradients;
  #state: State;

  constructor(problem: Problem, form: FilterGradients) {
    super(problem);
    this.#problem = problem;
    this.#form = form;
    if (problem.spec.layers.some(({ kind }) => kind === 'conv')) {
      this.note = `gradients of filters ${form}`;
    }
    this.#train = this.#upload(problem.train);
    this.#test = this.#upload(problem.test);
    const layers = layerValues(problem);
    const parameters = [
      ...layers.map((layer) => weightsTensor(layer, problem.spec)),
      ...layers.map(({ biases }) => tf.tensor1d(biases)),
    ];
    const moments = () =>
      problem.hyperparameters.optimizer === 'adam'
        ? parameters.map((tensor) => tf.zerosLike(tensor))
        : [];
    this.#state = { parameters, first: moments(), second: moments() };
  }

  dispose(): void {
    tf.dispose([this.#state, this.#train, this.#test]);
  }

  protected step(step: Step, rows: Uint32Array | null): Tensor {
    const { loss, ...state } = tf.tidy(() => this.#update(step, rows));
    tf.dispose(this.#state);
    this.#state = state;
    if (step.isLast) tf.tidy(() => this.#evaluate()).dispose();
    return loss;
  }

  protected async read(loss: Tensor): Promise<number> {
    const [value] = await loss.data();
    loss.dispose();
    return value;
  }

  protected settle(): Promise<unknown> {
    return this.#state.parameters[0].data();
  }

  #upload(samples: Samples): TensorSamples {
    const { spec } = this.#problem;
    const outputs = outputsOf(spec);
    const targets = targetsOf(samples, outputs);
    return {
      features: samplesTensor(spec, float32Features(samples), samples.count),
      targets: tf.tensor2d(targets, [samples.count, outputs]),
    };
  }

  /** The loss of the test set; it stays on the device. */
  #evaluate(): Tensor {
    const { features, targets } = this.#test;
    return this.#loss(this.#outputs(this.#forward(features)), targets);
  }

  /** A step's loss and the state after it. */
  #update(step: Step, rows: Uint32Array | null): State & { loss: Tensor } {
    let { features, targets } = this.#train;
    if (rows !== null) {
      const indices = tf.tensor1d(Int32Array.from(rows), 'int32');
      features = tf.gather(features, indices);
      targets = tf.gather(targets, indices);
    }
    const passes = this.#forward(features);
    const outputs = this.#outputs(passes);
    const loss = this.#loss(outputs, targets);
    const delta = tf.mul(tf.sub(outputs, targets), 1 / step.rows);
    return { loss, ...this.#descend(step, gradients(passes, delta, this.#form)) };
  }

  #forward(features: Tensor) {
    return forward(this.#problem.spec, this.#state.parameters, features);
  }

  #outputs(passes: ReturnType<typeof forward>): Tensor {
    const { output } = passes[passes.length - 1];
    return outputOf(this.#problem.spec) === 'sigmoid' ? output : tf.softmax(output);
  }

  /** Mean cross-entropy. With one sigmoid |p + y - 1| is the probability of the true class. */
  #loss(outputs: Tensor, targets: Tensor): Tensor {
    const probabilities =
      outputOf(this.#problem.spec) === 'sigmoid'
        ? tf.abs(tf.sub(tf.add(outputs, targets), 1))
        : tf.sum(tf.mul(outputs, targets), 1);
    return tf.neg(tf.mean(tf.log(probabilities)));
  }

  /** The state after a step. */
  #descend(
    { learningRate, stepSize, inverseRootCorrection }: Step,
    gradients: readonly Tensor[],
  ): State {
    const { parameters, first, second } = this.#state;
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
