/**
 * The WebGPU backend: a plan, compiled once and replayed. Calls take effect in the order they were
 * made; many epochs go into one submit; what is read comes back late, while training goes on.
 */
import { inputsOf, outputsOf } from '../model/network-spec';
import type {
  Backend,
  BackendInfo,
  CheckpointSlot,
  EpochMetrics,
  PlanDescription,
  Problem,
  TrainingState,
  Underway,
} from '../training/backend';
import { checkState } from '../training/state';
import { describePlan } from './describe';
import { checkLimits, checkParameters, type Plan } from './plan/plan';
import { ChunkRunner } from './runtime/chunk-runner';
import { type AcquiredDevice, acquireDevice } from './runtime/device';
import type { DeviceSpeed } from './runtime/device-speed';
import { DeviceState } from './runtime/device-state';
import type { EpochTime } from './runtime/epoch-timer';
import type { KernelTiming } from './runtime/kernel-timer';
import { Program } from './runtime/program';
import { type UploadedProblem, uploadPrediction, uploadProblem } from './runtime/upload';
import { WorkQueue } from './runtime/work-queue';
import { choosePlan, type TuningOptions } from './tuning/choose-plan';

export interface WebGpuOptions extends TuningOptions {
  /** A device to use and to leave alone on `dispose`. */
  readonly device?: AcquiredDevice;
  /** Gives the backend a device of its own where it is lent none. */
  readonly gpu?: GPU;
  /** Called where the device is lost or fails, at most once; the backend is dead from then on. */
  readonly onLost?: (error: Error) => void;
  /** The clock by which the backend learns what steps cost, in milliseconds. */
  readonly now?: () => number;
  /** How long the device may be silent before it is given up, in milliseconds. */
  readonly silenceMs?: number;
}

/** One of the two is needed; the device goes first. */
export type DeviceSource =
  | { readonly device: AcquiredDevice }
  | { readonly device?: undefined; readonly gpu: GPU };

/**
 * Opens the WebGPU backend.
 *
 * @throws BackendUnavailableError where there is no device, no room or a kernel does not compile, or
 * the schedule asked for declines the network
 * @throws InvalidInputError where the network passes a limit of the device
 */
export async function createWebGpuBackend(
  problem: Problem,
  options: WebGpuOptions & DeviceSource,
): Promise<WebGpuBackend> {
  const acquired = options.device === undefined ? await acquireDevice(options.gpu) : options.device;
  const { device, info, failure } = acquired;
  try {
    failure.throwIfAborted();
    checkParameters(problem.spec, device.limits);
    const open = async (plan: Plan) => {
      checkLimits(plan, device.limits, problem.spec);
      const program = await Program.compile(device, plan);
      return new WebGpuBackend(problem, plan, program, acquired, { device: acquired });
    };
    const { limits, features } = device;
    const tuned = { limits, features, failure, deviceClass: info.deviceClass };
    const { plan, choice } = await choosePlan(problem, info.adapter, tuned, options, open);
    const program = await Program.compile(device, plan);
    const described = { ...acquired, info: { ...info, plan: choice } };
    return new WebGpuBackend(problem, plan, program, described, options);
  } catch (error) {
    if (options.device === undefined) device.destroy();
    // Of a device that has failed its own words are the reason.
    failure.throwIfAborted();
    throw error;
  }
}

/** The backend on WebGPU; `createWebGpuBackend` opens it. */
export class WebGpuBackend implements Backend {
  readonly info: BackendInfo;
  readonly #device: GPUDevice;
  readonly #ownsDevice: boolean;
  readonly #uploaded: UploadedProblem;
  readonly #queue: WorkQueue;
  readonly #state: DeviceState;
  readonly #chunks: ChunkRunner;
  #timings: readonly KernelTiming[] = [];

  constructor(
    problem: Problem,
    plan: Plan,
    program: Program,
    acquired: AcquiredDevice,
    { device: lent, onLost, now = () => performance.now(), silenceMs }: WebGpuOptions,
  ) {
    this.info = acquired.info;
    this.#device = acquired.device;
    this.#ownsDevice = lent === undefined;
    this.#uploaded = uploadProblem(program, plan, problem);
    this.#queue = new WorkQueue(acquired, onLost, silenceMs);
    this.#state = new DeviceState(this.#queue, this.#uploaded);
    this.#chunks = new ChunkRunner(this.#queue, this.#uploaded, this.#state, now);
  }

  get batchesPerEpoch(): number {
    return this.#uploaded.steps.batchesPerEpoch;
  }

  get underway(): Underway | null {
    return this.#chunks.underway;
  }

  describe(): PlanDescription {
    return describePlan(this.#uploaded.plan, this.info.plan, this.#timings);
  }

  chunkSteps(batch: number): number {
    return this.#chunks.chunkSteps(batch);
  }

  train(epochs: number): Promise<readonly EpochMetrics[]> {
    return this.#chunks.train(({ batch }) => epochs * this.batchesPerEpoch - batch);
  }

  trainBatches(batches: number): Promise<readonly EpochMetrics[]> {
    return this.#chunks.train(() => batches);
  }

  /** Only the copy waits for its turn: what is asked for later does not wait until it is read. */
  async parameters(): Promise<Float64Array> {
    const read = await this.#queue.inOrder(() => this.#state.copyParameters());
    return read();
  }

  /** Out of the way of training, as `parameters` is. */
  async state(): Promise<TrainingState> {
    const read = await this.#queue.inOrder(() => this.#state.copy());
    return read();
  }

  async load(state: TrainingState): Promise<void> {
    checkState(state, this.#uploaded.problem, this.info.precision);
    await this.#queue.inOrder(async () => this.#state.write(state));
  }

  checkpoint(slot: CheckpointSlot): Promise<void> {
    return this.#queue.inOrder(() => this.#state.keep(slot));
  }

  rollback(slot: CheckpointSlot): Promise<void> {
    return this.#queue.inOrder(async () => this.#state.restore(slot));
  }

  async predict(features: Float64Array, count: number): Promise<Float64Array> {
    const { plan, problem } = this.#uploaded;
    const width = inputsOf(problem.spec);
    this.#queue.throwIfEnded();
    if (features.length !== count * width) {
      throw new RangeError(`${features.length} features are not ${count} samples`);
    }
    const outputs = outputsOf(problem.spec);
    const probabilities = new Float64Array(count * outputs);
    for (let from = 0; from < count; from += plan.predictionRows) {
      const rows = Math.min(plan.predictionRows, count - from);
      const part = features.subarray(from * width, (from + rows) * width);
      const words = await this.#queue.inOrder(() => this.#predict(part, rows));
      probabilities.set(new Float32Array(words.buffer, 0, rows * outputs), from * outputs);
    }
    return probabilities;
  }

  /**
   * Times each kernel of the plan by the device's clock, for `describe` as well. Afterwards the training
   * state is as before, also where timing fails.
   *
   * @throws RangeError where the device has no timestamp queries
   */
  timeKernels(): Promise<readonly KernelTiming[]> {
    return this.#andBack(async () => {
      const { timeKernels } = await import('./runtime/kernel-timer');
      this.#timings = await timeKernels(this.#device, this.#uploaded);
      return this.#timings;
    });
  }

  /**
   * Times an epoch by the device's clock. Afterwards the training state is as before.
   *
   * @throws RangeError where the device has no timestamp queries
   */
  timeEpoch(): Promise<EpochTime> {
    return this.#andBack(async () => {
      const { timeEpoch } = await import('./runtime/epoch-timer');
      return timeEpoch(this.#device, this.#uploaded);
    });
  }

  /**
   * Measures what the device can do at most, in turn with the rest: nothing else computes meanwhile.
   *
   * @throws RangeError where the device has no timestamp queries
   * @throws BackendUnavailableError where it has no room for that
   */
  measureDeviceSpeed(): Promise<DeviceSpeed> {
    return this.#queue.inOrder(async () => {
      const { measureDeviceSpeed } = await import('./runtime/device-speed');
      return measureDeviceSpeed(this.#device);
    });
  }

  /** Runs kernels for their time alone: the training state is put back. */
  #andBack<T>(time: () => Promise<T>): Promise<T> {
    // In one turn: what is asked for meanwhile comes after it, and is not undone.
    return this.#queue.inOrder(async () => {
      const read = await this.#state.copy();
      const state = await read();
      try {
        return await time();
      } catch (error) {
        return await this.#queue.explain(error);
      } finally {
        if (!this.#queue.hasEnded) this.#state.write(state);
      }
    });
  }

  dispose(): void {
    if (!this.#queue.dispose()) return;
    this.#uploaded.program.dispose();
    if (this.#ownsDevice) this.#device.destroy();
  }

  #predict(features: Float64Array, rows: number): Promise<Uint32Array<ArrayBuffer>> {
    const { program } = this.#uploaded;
    const staging = program.buffer('probabilities-staging');
    const entry = uploadPrediction(this.#uploaded, features, rows);
    this.#queue.submit((encoder) => {
      const pass = encoder.beginComputePass();
      program.encode(pass, 'prediction', entry);
      pass.end();
      encoder.copyBufferToBuffer(program.buffer('probabilities'), 0, staging, 0, staging.size);
    });
    return this.#queue.map(staging);
  }
}
