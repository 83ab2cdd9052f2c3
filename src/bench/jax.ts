/**
 * jax-js in its best form: the whole step in one `jit`, no readback but the last. A full batch is
 * resident; mini-batches are gathered here and uploaded, since `np.take` on the device costs more than
 * the rest of the step. The test set is not evaluated: that would make it slower.
 */
import {
  blockUntilReady,
  type Device,
  defaultDevice,
  init,
  jit,
  numpy as np,
  tree,
} from '@jax-js/jax';
import type { Contender, ContenderName, Training } from '../comparison/contender';
import { RefusedError } from '../comparison/refusal';
import { inputsOf, outputsOf } from '../model/network-spec';
import type { Problem } from '../training/backend';
import { StepSequence } from '../training/steps';
import { type Inputs, JAX_FORMS, type JaxForm, jaxStep, type State } from './jax-step';
import { checkPeerProblem, layerValues, targetsOf } from './layers';

export const jaxWebGpu = contender('jax-js-webgpu', 'webgpu');
/** Its worker hides shared memory, so that jax-js takes no threads. */
export const jaxWasm = contender('jax-js-wasm', 'wasm');
export const jaxWasmThreads = contender('jax-js-wasm-threads', 'wasm');

function contender(name: ContenderName, device: Device): Contender {
  return {
    name,
    /** @throws RefusedError where threads lack shared memory, or jax-js does not start */
    async prepare(problem) {
      checkPeerProblem(problem);
      if (name === 'jax-js-wasm-threads' && typeof SharedArrayBuffer === 'undefined') {
        throw new RefusedError(
          'unavailable: threads need shared memory, which needs headers from the page’s server',
        );
      }
      if (!(await init(device)).includes(device)) {
        throw new RefusedError('unavailable: jax-js cannot start it here');
      }
      defaultDevice(device);
      return openFaster(problem);
    },
  };
}

/** A trial of a form goes on for so long or so many batches. */
const TRIAL_MS = 300;
const MOST_TRIALS = 60;
const TRIAL_BATCHES = 2;

/** Tries both forms and keeps the faster one, at the start of training. */
async function openFaster(problem: Problem): Promise<Training> {
  const trials: { form: JaxForm; ms: number }[] = [];
  for (const form of JAX_FORMS) {
    const training = new JaxTraining(problem, form);
    await training.trainBatches(1);
    const started = performance.now();
    let batches = 0;
    while (batches < MOST_TRIALS && performance.now() - started < TRIAL_MS) {
      await training.trainBatches(TRIAL_BATCHES);
      batches += TRIAL_BATCHES;
    }
    trials.push({ form, ms: (performance.now() - started) / batches });
    training.dispose();
  }
  const [faster] = trials.sort((a, b) => a.ms - b.ms);
  return new JaxTraining(problem, faster.form);
}

class JaxTraining implements Training {
  readonly note: string;
  readonly #steps: StepSequence;
  readonly #samples: number;
  readonly #isAdam: boolean;
  readonly #host: HostSamples;
  /** The training set on the device. */
  readonly #train: { readonly features: np.Array; readonly targets: np.Array };
  readonly #step;
  #state: State;
  #epoch = 0;
  #batch = 0;

  constructor(problem: Problem, form: JaxForm) {
    const { spec, hyperparameters, train } = problem;
    this.note = `gradients ${form === 'autodiff' ? 'by valueAndGrad' : 'by hand'}`;
    this.#steps = new StepSequence(hyperparameters, train.count);
    this.#samples = train.count;
    this.#isAdam = hyperparameters.optimizer === 'adam';
    this.#host = {
      features: Float32Array.from(train.features),
      targets: targetsOf(train, outputsOf(spec)),
      width: inputsOf(spec),
      outputs: outputsOf(spec),
    };
    this.#train = upload(this.#host);
    this.#step = jit(jaxStep(spec, hyperparameters, form));
    const layers = layerValues(problem);
    const parameters = layers.map(({ inputs, outputs, weights, biases }) => ({
      weights: np.array(weights).reshape([inputs, outputs]),
      biases: np.array(biases),
    }));
    const moments = () =>
      layers.flatMap(({ inputs, outputs }) =>
        this.#isAdam ? [{ weights: np.zeros([inputs, outputs]), biases: np.zeros([outputs]) }] : [],
      );
    this.#state = { parameters, first: moments(), second: moments() };
  }

  async train(epochs: number): Promise<void> {
    await this.trainBatches(epochs * this.#steps.batchesPerEpoch);
  }

  async trainBatches(batches: number): Promise<void> {
    for (let i = 0; i < batches; i++) this.#trainBatch().loss.dispose();
    await blockUntilReady(this.#state);
  }

  async losses(epochs: number): Promise<readonly number[]> {
    const losses: number[] = [];
    for (let i = 0; i < epochs; i++) {
      let sum = 0;
      for (let batch = 0; batch < this.#steps.batchesPerEpoch; batch++) {
        const { loss, rows } = this.#trainBatch();
        sum += (await loss.data())[0] * rows;
      }
      losses.push(sum / this.#samples);
    }
    return losses;
  }

  dispose(): void {
    tree.dispose([this.#state, this.#train]);
    this.#step.dispose();
  }

  #trainBatch(): { readonly loss: np.Array; readonly rows: number } {
    const step = this.#steps.at(this.#epoch, this.#batch);
    const order = this.#steps.orderOf(this.#epoch);
    const rows = order?.subarray(step.firstRow, step.firstRow + step.rows);
    const inputs: Inputs =
      rows === undefined ? tree.ref(this.#train) : upload(gather(this.#host, rows));
    if (this.#isAdam) {
      inputs.stepSize = np.array(Float32Array.of(step.stepSize));
      inputs.inverseRootCorrection = np.array(Float32Array.of(step.inverseRootCorrection));
    }
    const { loss, state } = this.#step(this.#state, inputs);
    this.#state = state;
    this.#batch++;
    if (step.isLast) {
      this.#epoch++;
      this.#batch = 0;
    }
    return { loss, rows: step.rows };
  }
}

/** Samples in float32: features (count × width) and targets (count × outputs), row-major. */
interface HostSamples {
  readonly features: Float32Array<ArrayBuffer>;
  readonly targets: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly outputs: number;
}

function upload({ features, targets, width, outputs }: HostSamples) {
  return {
    features: np.array(features).reshape([features.length / width, width]),
    targets: np.array(targets).reshape([targets.length / outputs, outputs]),
  };
}

/** The samples at `rows`, in that order. */
function gather(samples: HostSamples, rows: Uint32Array): HostSamples {
  const { width, outputs } = samples;
  const features = new Float32Array(rows.length * width);
  const targets = new Float32Array(rows.length * outputs);
  for (const [i, row] of rows.entries()) {
    features.set(samples.features.subarray(row * width, (row + 1) * width), i * width);
    targets.set(samples.targets.subarray(row * outputs, (row + 1) * outputs), i * outputs);
  }
  return { ...samples, features, targets };
}
