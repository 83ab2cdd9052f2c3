/**
 * jax-js in its best form: the whole step in one `jit`, no readback but the last. A full batch is
 * resident; of mini-batches either the samples are resident and taken on the device by a `jit` of their
 * own, or they are gathered here and uploaded, whichever is faster. The test set is not evaluated: that
 * would make it slower.
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
import type { Prepare } from '../comparison/contender';
import { RefusedError } from '../comparison/refusal';
import { float32Features } from '../data/samples';
import { inputsOf, outputsOf } from '../model/network-spec';
import type { Problem } from '../training/backend';
import { type Step, StepSequence } from '../training/steps';
import { type Inputs, type JaxGradients, jaxGradients, jaxStep, type State } from './jax-step';
import { checkPeerProblem, layerValues, targetsOf } from './layers';
import { openFastest, PeerTraining } from './peer-training';

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
    return openFastest(jaxForms(problem), (form) => new JaxTraining(problem, form));
  };
}

/** Where mini-batches are put together. */
type Batches = 'taken on the device' | 'uploaded';

export interface JaxForm {
  readonly gradients: JaxGradients;
  /** Undefined with full batches. */
  readonly batches?: Batches;
}

/** All forms in which jax-js can train a problem. */
export function jaxForms({ spec, hyperparameters, train }: Problem): readonly JaxForm[] {
  const gradients = jaxGradients(spec);
  if (new StepSequence(hyperparameters, train.count).isFullBatch) {
    return gradients.map((gradients) => ({ gradients }));
  }
  const batches: readonly Batches[] = ['taken on the device', 'uploaded'];
  return gradients.flatMap((gradients) => batches.map((batches) => ({ gradients, batches })));
}

export class JaxTraining extends PeerTraining<np.Array> {
  readonly note: string;
  readonly #isAdam: boolean;
  readonly #host: HostSamples;
  /** The training set on the device. */
  readonly #train: Samples;
  readonly #take;
  readonly #step;
  #state: State;

  constructor(problem: Problem, { gradients, batches }: JaxForm) {
    super(problem);
    const { spec, hyperparameters, train } = problem;
    this.note = `gradients ${gradients}${batches === undefined ? '' : `, batches ${batches}`}`;
    this.#isAdam = hyperparameters.optimizer === 'adam';
    this.#host = {
      features: float32Features(train),
      targets: targetsOf(train, outputsOf(spec)),
      width: inputsOf(spec),
      outputs: outputsOf(spec),
    };
    this.#train = upload(this.#host);
    this.#take = batches === 'taken on the device' ? jit(takeRows) : undefined;
    this.#step = jit(jaxStep(spec, hyperparameters, gradients));
    const layers = layerValues(problem);
    const parameters = layers.map(({ shape, weights, biases }) => ({
      weights: np.array(weights).reshape([...shape]),
      biases: np.array(biases),
    }));
    const moments = () =>
      layers.flatMap(({ shape, biases }) =>
        this.#isAdam ? [{ weights: np.zeros([...shape]), biases: np.zeros([biases.length]) }] : [],
      );
    this.#state = { parameters, first: moments(), second: moments() };
  }

  dispose(): void {
    tree.dispose([this.#state, this.#train]);
    this.#take?.dispose();
    this.#step.dispose();
  }

  protected step({ stepSize, inverseRootCorrection }: Step, rows: Uint32Array | null): np.Array {
    const inputs: Inputs = this.#batch(rows);
    if (this.#isAdam) {
      inputs.stepSize = np.array(Float32Array.of(stepSize));
      inputs.inverseRootCorrection = np.array(Float32Array.of(inverseRootCorrection));
    }
    const { loss, state } = this.#step(this.#state, inputs);
    this.#state = state;
    return loss;
  }

  #batch(rows: Uint32Array | null): Samples {
    if (rows === null) return tree.ref(this.#train);
    if (this.#take === undefined) return upload(gather(this.#host, rows));
    return this.#take(tree.ref(this.#train), np.array(Int32Array.from(rows)));
  }

  protected async read(loss: np.Array): Promise<number> {
    return (await loss.data())[0];
  }

  protected settle(): Promise<unknown> {
    return blockUntilReady(this.#state);
  }
}

/** Samples on the device. */
type Samples = { features: np.Array; targets: np.Array };

/** The samples at `rows`, on the device. */
function takeRows({ features, targets }: Samples, rows: np.Array): Samples {
  return { features: np.take(features, rows.ref, 0), targets: np.take(targets, rows, 0) };
}

/** Samples in float32: features (count × width) and targets (count × outputs), row-major. */
interface HostSamples {
  readonly features: Float32Array<ArrayBuffer>;
  readonly targets: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly outputs: number;
}

function upload({ features, targets, width, outputs }: HostSamples): Samples {
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
