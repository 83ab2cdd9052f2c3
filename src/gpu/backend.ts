/**
 * The WebGPU backend: a plan, compiled once and replayed. Calls take effect in the order they were
 * made; many epochs go into one submit; metrics come back late, through a ring of staging buffers.
 */
import { RECORD_WORDS, RUNNING_WORDS } from '../../shaders/parts/loss-reduction';
import { inputsOf, outputsOf } from '../model/network-spec';
import { parameterLayout } from '../model/parameter-layout';
import type {
  Backend,
  BackendInfo,
  BackendOptions,
  CheckpointSlot,
  EpochMetrics,
  PlanDescription,
  Problem,
  TrainingState,
  Underway,
} from '../training/backend';
import { BackendUnavailableError } from '../training/errors';
import { checkState, initialState, underwayOf } from '../training/state';
import { StepCosts } from '../training/step-costs';
import { StepSequence } from '../training/steps';
import { describePlan } from './describe';
import { checkLimits, checkParameters, type Plan } from './plan/plan';
import { permutationEpochs, STAGING_BUFFERS } from './plan/plan-buffers';
import { ENTRY_BYTES, StepTable, stepSettings, TABLE_ENTRIES } from './plan/step-table';
import { type Chunk, layOutChunk } from './runtime/chunk';
import { type AcquiredDevice, acquireDevice } from './runtime/device';
import { type KernelTiming, timeKernels } from './runtime/kernel-timer';
import { Program } from './runtime/program';
import { decodeRecords, readRunning } from './runtime/read-metrics';
import { StagingRing } from './runtime/staging-ring';
import { uploadData, uploadState } from './runtime/upload';
import { choosePlan, type TuningOptions } from './tuning/choose-plan';

export interface WebGpuOptions extends BackendOptions, TuningOptions {
  /** A device to use and to leave alone on `dispose`; by default the backend takes one of its own. */
  readonly device?: AcquiredDevice;
  /** The clock by which the backend learns what steps cost, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Opens the WebGPU backend.
 *
 * @throws BackendUnavailableError where there is no device, no room or a kernel does not compile, or
 * the schedule asked for declines the network
 * @throws InvalidInputError where the network passes a limit of the device
 */
export async function createWebGpuBackend(
  problem: Problem,
  options: WebGpuOptions = {},
): Promise<WebGpuBackend> {
  const acquired = options.device ?? (await acquireDevice());
  const { device, info, failure } = acquired;
  try {
    failure.throwIfAborted();
    checkParameters(problem.spec, device.limits);
    const open = async (plan: Plan) => {
      checkLimits(plan, device.limits, problem.spec);
      const program = await Program.compile(device, plan);
      return new WebGpuBackend(problem, plan, program, acquired, { device: acquired });
    };
    const { plan, choice } = await choosePlan(problem, info.adapter, device, options, open);
    const program = await Program.compile(device, plan);
    const described = { device, failure, info: { ...info, plan: choice } };
    return new WebGpuBackend(problem, plan, program, described, options);
  } catch (error) {
    if (options.device === undefined) device.destroy();
    throw error;
  }
}

/** The backend on WebGPU; `createWebGpuBackend` opens it. */
export class WebGpuBackend implements Backend {
  readonly info: BackendInfo;
  readonly #problem: Problem;
  readonly #plan: Plan;
  readonly #program: Program;
  readonly #device: GPUDevice;
  readonly #ownsDevice: boolean;
  readonly #steps: StepSequence;
  readonly #table: StepTable;
  readonly #costs: StepCosts;
  readonly #now: () => number;
  /** When the last submit that was read back was over. */
  #over = Number.NEGATIVE_INFINITY;
  #underway: Underway | null = null;
  #timings: readonly KernelTiming[] = [];
  readonly #ring: StagingRing;
  readonly #positions = new Map<CheckpointSlot, { epoch: number; batch: number }>();
  /** Resolves when everything asked for so far is encoded. */
  #tail: Promise<unknown> = Promise.resolve();
  #epoch = 0;
  #batch = 0;
  #dead: Error | null = null;
  readonly #failure: AbortSignal;
  readonly #onLost: WebGpuOptions['onLost'];
  readonly #onFailure = (): void => this.#die(this.#failure.reason as Error);

  constructor(
    problem: Problem,
    plan: Plan,
    program: Program,
    { device, info, failure }: AcquiredDevice,
    options: WebGpuOptions,
  ) {
    this.info = info;
    this.#problem = problem;
    this.#plan = plan;
    this.#program = program;
    this.#device = device;
    this.#ownsDevice = options.device === undefined;
    this.#table = new StepTable(stepSettings(problem));
    this.#steps = new StepSequence(problem.hyperparameters, problem.train.count);
    this.#costs = new StepCosts(this.#steps.batchesPerEpoch);
    this.#now = options.now ?? (() => performance.now());
    this.#ring = new StagingRing(
      Array.from({ length: STAGING_BUFFERS }, (_, i) => program.buffer(`metrics-staging-${i}`)),
    );
    uploadData(program, plan, problem);
    uploadState(program, plan, initialState(problem), this.#steps);
    this.#failure = failure;
    this.#onLost = options.onLost;
    if (failure.aborted) this.#onFailure();
    else failure.addEventListener('abort', this.#onFailure);
  }

  get batchesPerEpoch(): number {
    return this.#steps.batchesPerEpoch;
  }

  get underway(): Underway | null {
    return this.#underway;
  }

  describe(): PlanDescription {
    return describePlan(this.#plan, this.info.plan, this.#timings);
  }

  chunkSteps(batch: number): number {
    return this.#costs.stepsFrom(batch);
  }

  async train(epochs: number): Promise<readonly EpochMetrics[]> {
    return this.#advance(() => epochs * this.#steps.batchesPerEpoch - this.#batch);
  }

  async trainBatches(batches: number): Promise<readonly EpochMetrics[]> {
    return this.#advance(() => batches);
  }

  /** Only the copy waits for its turn: what is asked for later does not wait until it is read. */
  async parameters(): Promise<Float64Array> {
    const staging = await this.#inOrder(async () => {
      const parameters = this.#program.buffer('parameters');
      const staging = await this.#program.lend(parameters.size);
      const encoder = this.#device.createCommandEncoder();
      encoder.copyBufferToBuffer(parameters, 0, staging, 0, parameters.size);
      this.#device.queue.submit([encoder.finish()]);
      return staging;
    });
    try {
      const words = await this.#map(staging, staging.size);
      return Float64Array.from(new Float32Array(words.buffer));
    } finally {
      this.#program.takeBack(staging);
    }
  }

  state(): Promise<TrainingState> {
    return this.#inOrder(() => this.#readState());
  }

  async load(state: TrainingState): Promise<void> {
    checkState(state, this.#problem);
    await this.#inOrder(async () => this.#writeState(state));
  }

  checkpoint(slot: CheckpointSlot): Promise<void> {
    return this.#inOrder(async () => {
      this.#copyState(slot, 'keep');
      this.#positions.set(slot, { epoch: this.#epoch, batch: this.#batch });
    });
  }

  rollback(slot: CheckpointSlot): Promise<void> {
    return this.#inOrder(async () => {
      const position = this.#positions.get(slot);
      if (position === undefined) throw new RangeError(`nothing was kept in slot ${slot}`);
      this.#copyState(slot, 'restore');
      this.#epoch = position.epoch;
      this.#batch = position.batch;
    });
  }

  async predict(features: Float64Array, count: number): Promise<Float64Array> {
    const width = inputsOf(this.#problem.spec);
    if (this.#dead !== null) throw this.#dead;
    if (features.length !== count * width) {
      throw new RangeError(`${features.length} features are not ${count} samples`);
    }
    const outputs = outputsOf(this.#problem.spec);
    const probabilities = new Float64Array(count * outputs);
    for (let from = 0; from < count; from += this.#plan.predictionRows) {
      const rows = Math.min(this.#plan.predictionRows, count - from);
      const part = features.subarray(from * width, (from + rows) * width);
      probabilities.set(await this.#inOrder(() => this.#predictPart(part, rows)), from * outputs);
    }
    return probabilities;
  }

  /**
   * Times each kernel of the plan by the device's clock, for `describe` as well; the training state is as before afterwards,
   * also where timing fails.
   *
   * @throws RangeError where the device has no timestamp queries
   */
  timeKernels(): Promise<readonly KernelTiming[]> {
    // In one turn: what is asked for meanwhile comes after it, and is not undone.
    return this.#inOrder(async () => {
      const state = await this.#readState();
      try {
        this.#timings = await this.#timeChunk();
        return this.#timings;
      } finally {
        if (this.#dead === null) this.#writeState(state);
      }
    });
  }

  dispose(): void {
    if (this.#dead?.message === DISPOSED) return;
    this.#dead = new BackendUnavailableError('unsupported', DISPOSED);
    this.#failure.removeEventListener('abort', this.#onFailure);
    this.#program.dispose();
    if (this.#ownsDevice) this.#device.destroy();
  }

  /** Nothing that the device gives is believed from now on. */
  #die(error: Error): void {
    if (this.#dead !== null) return;
    this.#dead = error;
    this.#onLost?.(error);
  }

  /** Runs `task` after all that was asked for before. */
  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(async () => {
      if (this.#dead !== null) throw this.#dead;
      return task();
    });
    this.#tail = result.catch(() => {});
    return result;
  }

  async #advance(batches: () => number): Promise<readonly EpochMetrics[]> {
    const readbacks = await this.#inOrder(async () => {
      const submitted: Promise<readonly EpochMetrics[]>[] = [];
      for (let left = batches(); left > 0; ) {
        const staging = await this.#orDeath(this.#ring.take());
        if (this.#dead !== null) throw this.#dead;
        const some = Math.min(left, this.#costs.stepsFrom(this.#batch));
        const chunk = this.#submitChunk(some, staging);
        left -= chunk.batches;
        const metrics = this.#collect(staging, chunk, this.#now());
        metrics.catch(() => {}); // awaited below; a later submit may fail first
        submitted.push(metrics);
      }
      return submitted;
    });
    return (await Promise.all(readbacks)).flat();
  }

  /** Encodes and submits up to `batches` batches, as many as a chunk holds. */
  #submitChunk(batches: number, staging: GPUBuffer): Chunk {
    const { train, test } = this.#problem;
    const chunk = layOutChunk(
      this.#plan,
      this.#steps,
      this.#table,
      { epoch: this.#epoch, batch: this.#batch },
      batches,
      {
        trainSamples: train.count,
        testSamples: test.count,
        orders: permutationEpochs(train.count),
      },
    );
    chunk.orders.forEach((epoch, position) => {
      this.#writeOrder(epoch, position);
    });
    this.#writeTable(chunk.entries);
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    this.#program.encode(pass, 'chunk', 0);
    for (const { part, entry } of chunk.dispatches) this.#program.encode(pass, part, entry);
    pass.end();
    const bytes = recordBytes(chunk);
    if (bytes > 0) {
      encoder.copyBufferToBuffer(this.#program.buffer('metrics'), 0, staging, 0, bytes);
    }
    const running = this.#program.buffer('running');
    encoder.copyBufferToBuffer(running, 0, staging, bytes, running.size);
    this.#device.queue.submit([encoder.finish()]);
    this.#epoch = chunk.epoch;
    this.#batch = chunk.batch;
    return chunk;
  }

  #writeTable(entries: number): void {
    const bytes = new Uint8Array(this.#table.bytes, 0, entries * ENTRY_BYTES);
    this.#program.write('step-table', bytes);
  }

  /** Brings an epoch's order to the device as number `position` of the chunk. */
  #writeOrder(epoch: number, position: number): void {
    const order = this.#steps.orderOf(epoch);
    if (order === null) return;
    const start = 4 * position * order.length;
    this.#device.queue.writeBuffer(
      this.#program.buffer('permutation'),
      start,
      order as Uint32Array<ArrayBuffer>, // the shuffler makes it, never on shared memory
    );
  }

  async #collect(
    staging: GPUBuffer,
    chunk: Chunk,
    submitted: number,
  ): Promise<readonly EpochMetrics[]> {
    try {
      const words = await this.#map(staging, recordBytes(chunk) + 4 * RUNNING_WORDS);
      const now = this.#now();
      // What was submitted behind another has waited for it.
      const took = now - Math.max(submitted, this.#over);
      this.#costs.learn(chunk.batches, chunk.records.length, took);
      this.#over = now;
      const running = runningOf(words.subarray(-RUNNING_WORDS));
      this.#underway = underwayOf(this.#steps, this.#problem.train.count, chunk.batch, running);
      return decodeRecords(words, chunk.records, this.#problem);
    } catch (error) {
      if (!(error instanceof BackendUnavailableError)) throw error;
      // The device may know why, and say so a little later.
      if (this.#dead === null) await failureOrLate(this.#failure);
      this.#die(error);
      throw this.#dead ?? error;
    } finally {
      this.#ring.giveBack(staging);
    }
  }

  async #predictPart(features: Float64Array, rows: number): Promise<Float64Array> {
    const entry = TABLE_ENTRIES; // one entry of its own, behind those of the chunks
    this.#table.write(entry, { ...NO_STEP, rows, samples: rows });
    const bytes = new Uint8Array(this.#table.bytes, entry * ENTRY_BYTES, ENTRY_BYTES);
    this.#device.queue.writeBuffer(this.#program.buffer('step-table'), entry * ENTRY_BYTES, bytes);
    this.#program.write('prediction-features', Float32Array.from(features));
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    this.#program.encode(pass, 'prediction', entry);
    pass.end();
    const staging = this.#program.buffer('probabilities-staging');
    encoder.copyBufferToBuffer(this.#program.buffer('probabilities'), 0, staging, 0, staging.size);
    const words = await this.#read(encoder, staging);
    const outputs = outputsOf(this.#problem.spec);
    return Float64Array.from(new Float32Array(words.buffer, 0, rows * outputs));
  }

  /** Times a chunk of one batch; the kernels run for real. */
  async #timeChunk(): Promise<readonly KernelTiming[]> {
    const { train, test } = this.#problem;
    const limits = { trainSamples: train.count, testSamples: test.count, orders: 1 };
    const from = { epoch: 0, batch: 0 };
    const chunk = layOutChunk(this.#plan, this.#steps, this.#table, from, 1, limits);
    this.#writeOrder(0, 0);
    // An epoch's end that evaluates has the test set's samples, not the batch's.
    const evaluation = chunk.entries;
    if (this.#plan.evaluation === 'epoch') {
      this.#table.write(evaluation, { ...NO_STEP, rows: test.count, samples: test.count });
    }
    this.#writeTable(evaluation + 1);
    const entries = {
      chunk: 0,
      step: 0,
      epoch: this.#plan.evaluation === 'epoch' ? evaluation : 0,
    };
    return timeKernels(this.#device, this.#program, this.#plan, entries);
  }

  /** The training state, read back from the device. */
  async #readState(): Promise<TrainingState> {
    const { epoch, batch } = { epoch: this.#epoch, batch: this.#batch };
    const encoder = this.#device.createCommandEncoder();
    const staging = this.#program.buffer('state-staging');
    let offset = 0;
    for (const name of this.#plan.state) {
      const buffer = this.#program.buffer(name);
      encoder.copyBufferToBuffer(buffer, 0, staging, offset, buffer.size);
      offset += buffer.size;
    }
    const words = await this.#read(encoder, staging);
    const { length } = parameterLayout(this.#problem.spec);
    const arrays: Float64Array[] = [];
    for (let from = 0; from + length <= words.length - RUNNING_WORDS; from += length) {
      arrays.push(Float64Array.from(new Float32Array(words.buffer, 4 * from, length)));
    }
    const running = words.subarray(words.length - RUNNING_WORDS);
    return {
      epoch,
      batch,
      parameters: arrays[0],
      optimizer: arrays.slice(1),
      running: runningOf(running),
    };
  }

  /** Puts a checked training state in place of the device's. */
  #writeState(state: TrainingState): void {
    uploadState(this.#program, this.#plan, state, this.#steps);
    this.#epoch = state.epoch;
    this.#batch = state.batch;
  }

  /** Copies the training state to or from a checkpoint's buffer. */
  #copyState(slot: CheckpointSlot, direction: 'keep' | 'restore'): void {
    const encoder = this.#device.createCommandEncoder();
    const kept = this.#program.buffer(`checkpoint-${slot}`);
    let offset = 0;
    for (const name of this.#plan.state) {
      const live = this.#program.buffer(name);
      if (direction === 'keep') encoder.copyBufferToBuffer(live, 0, kept, offset, live.size);
      else encoder.copyBufferToBuffer(kept, offset, live, 0, live.size);
      offset += live.size;
    }
    this.#device.queue.submit([encoder.finish()]);
  }

  /** Submits, and reads a whole staging buffer. */
  async #read(encoder: GPUCommandEncoder, staging: GPUBuffer): Promise<Uint32Array<ArrayBuffer>> {
    this.#device.queue.submit([encoder.finish()]);
    return this.#map(staging, staging.size);
  }

  async #map(staging: GPUBuffer, bytes: number): Promise<Uint32Array<ArrayBuffer>> {
    await this.#orDeath(staging.mapAsync(GPUMapMode.READ, 0, bytes));
    const words = new Uint32Array(staging.getMappedRange(0, bytes).slice(0));
    staging.unmap();
    return words;
  }

  /** The promise's value; where it fails on a dead device, the reason why that is dead. */
  async #orDeath<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      // A map fails before the device says why; where it never does, the error itself must do.
      if (this.#dead === null) await failureOrLate(this.#failure);
      throw this.#dead ?? error;
    }
  }
}

/** Resolves when the device has failed, or does not say so in time. */
async function failureOrLate(failure: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, LOSS_MS);
    failure.addEventListener('abort', done);
    function done(): void {
      clearTimeout(timer);
      failure.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** What the table holds for kernels that train nothing, beside the number of samples. */
const NO_STEP = {
  firstRow: 0,
  record: 0,
  step: 0,
  isFirst: true,
  learningRate: 0,
  stepSize: 0,
  inverseRootCorrection: 0,
};

/** Bytes of a chunk's records. */
function recordBytes({ records }: Chunk): number {
  return records.length * RECORD_WORDS * 4;
}

function runningOf(words: Uint32Array<ArrayBuffer>): TrainingState['running'] {
  const { loss, correct } = readRunning(words);
  return { loss, correct };
}

/** Longest wait for the reason of a loss, in milliseconds. */
const LOSS_MS = 500;

const DISPOSED = 'The backend was disposed of.';
