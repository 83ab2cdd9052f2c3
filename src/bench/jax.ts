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
import type { Prepare, Training } from '../comparison/contender';
import { RefusedError } from '../comparison/refusal';
import { float32Features } from '../data/samples';
import { inputsOf, outputsOf } from '../model/network-spec';
import type { Problem } from '../training/backend';
import type { Step } from '../training/steps';
import { type Inputs, JAX_FORMS, type JaxForm, jaxStep, type State } from './jax-step';
import { checkPeerProblem, layerValues, targetsOf } from './layers';
import { PeerTraining } from './peer-training';

export const jaxWebGpu = preparation('webgpu');
/** Its worker hides shared memory, so that jax-js takes no threads. */
export const jaxWasm = preparation('wasm');
export const jaxWasmThreads: Prepare = async (problem) => {
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new RefusedError(
      'unavailable: threads need shared memory, which needs headers from the page’s server',
    );
  }
  return jaxWasm(problem);
};

/** Throws RefusedError where jax-js does not start on the device. */
function preparation(device: Device): Prepare {
  return async (problem) => {
    checkPeerProblem(problem);
    if (!(await init(device)).includes(device)) {
      throw new RefusedError('unavailable: jax-js cannot start it here');
    }
    defaultDevice(device);
    return openFaster(problem);
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

class JaxTraining extends PeerTraining<np.Array> {
  readonly note: string;
  readonly #isAdam: boolean;
  readonly #host: HostSamples;
  /** The training set on the device. */
  readonly #train: { readonly features: np.Array; readonly targets: np.Array };
  readonly #step;
  #state: State;

  constructor(problem: Problem, form: JaxForm) {
    super(problem);
    const { spec, hyperparameters, train } = problem;
    this.note = `gradients ${form === 'autodiff' ? 'by valueAndGrad' : 'by hand'}`;
    this.#isAdam = hyperparameters.optimizer === 'adam';
    this.#host = {
      features: float32Features(train),
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

  dispose(): void {
    tree.dispose([this.#state, this.#train]);
    this.#step.dispose();
  }

  protected step({ stepSize, inverseRootCorrection }: Step, rows: Uint32Array | null): np.Array {
    const inputs: Inputs = rows === null ? tree.ref(this.#train) : upload(gather(this.#host, rows));
    if (this.#isAdam) {
      inputs.stepSize = np.array(Float32Array.of(stepSize));
      inputs.inverseRootCorrection = np.array(Float32Array.of(inverseRootCorrection));
    }
    const { loss, state } = this.#step(this.#state, inputs);
    this.#state = state;
    return loss;
  }

  protected async read(loss: np.Array): Promise<number> {
    return (await loss.data())[0];
  }

  protected settle(): Promise<unknown> {
    return blockUntilReady(this.#state);
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
