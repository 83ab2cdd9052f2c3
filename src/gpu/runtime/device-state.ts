/** The training state on the device: written, copied to the host, and kept there in checkpoints. */
import { RUNNING_WORDS } from '../../../shaders/parts/loss-reduction';
import type { CheckpointSlot, TrainingState } from '../../training/backend';
import { FLOAT_BYTES } from '../plan/plan';
import { readRunning } from './read-metrics';
import { type UploadedProblem, uploadState } from './upload';
import type { WorkQueue } from './work-queue';

/**
 * Whoever calls keeps the order. A checkpoint is allocated when its slot is first used, and the buffer
 * through which a copy reaches the host only for as long as that takes.
 */
export class DeviceState {
  /** Where training stands once all that was submitted is done: epochs, and batches of the next one. */
  position = { epoch: 0, batch: 0 };
  readonly #queue: WorkQueue;
  readonly #uploaded: UploadedProblem;
  readonly #checkpoints = new Map<
    CheckpointSlot,
    { readonly buffer: GPUBuffer; readonly position: DeviceState['position'] }
  >();

  /** @param uploaded - stands at its initial state */
  constructor(queue: WorkQueue, uploaded: UploadedProblem) {
    this.#queue = queue;
    this.#uploaded = uploaded;
  }

  /** Puts a checked state in place of the device's. */
  write(state: TrainingState): void {
    uploadState(this.#uploaded, state);
    this.position = { epoch: state.epoch, batch: state.batch };
  }

  /**
   * Copies the state on the device, and gives the function that brings the copy to the host: to be
   * called once, in no order, so that nothing waits for it.
   *
   * @throws BackendUnavailableError where the device has no room for the copy
   */
  async copy(): Promise<() => Promise<TrainingState>> {
    const { position } = this;
    const { plan, program } = this.#uploaded;
    const read = await this.#copy(plan.state);
    return async () => {
      const words = await read();
      let end = 0;
      const [parameters, ...optimizer] = plan.state.slice(0, -1).map((name) => {
        const { size } = program.buffer(name);
        end += size;
        const values = new Float32Array(words.buffer, end - size, size / FLOAT_BYTES);
        return Float64Array.from(values);
      });
      const { loss, correct } = readRunning(words.subarray(-RUNNING_WORDS));
      return { ...position, parameters, optimizer, running: { loss, correct } };
    };
  }

  /** Copies the parameters alone, as `copy` does the state. */
  async copyParameters(): Promise<() => Promise<Float64Array>> {
    const read = await this.#copy(['parameters']);
    return async () => Float64Array.from(new Float32Array((await read()).buffer));
  }

  /** @throws BackendUnavailableError where the device has no room for one more checkpoint */
  async keep(slot: CheckpointSlot): Promise<void> {
    const { plan, program } = this.#uploaded;
    const buffers = this.#buffers(plan.state);
    const buffer =
      this.#checkpoints.get(slot)?.buffer ??
      (await program.allocate({ name: 'a checkpoint', bytes: sizeOf(buffers), use: 'copy' }));
    this.#queue.submit((encoder) => copyAll(encoder, buffers, 'into', buffer));
    this.#checkpoints.set(slot, { buffer, position: this.position });
  }

  /** @throws RangeError where nothing was kept in the slot */
  restore(slot: CheckpointSlot): void {
    const kept = this.#checkpoints.get(slot);
    if (kept === undefined) throw new RangeError(`nothing was kept in slot ${slot}`);
    const buffers = this.#buffers(this.#uploaded.plan.state);
    this.#queue.submit((encoder) => copyAll(encoder, buffers, 'from', kept.buffer));
    this.position = kept.position;
  }

  async #copy(names: readonly string[]): Promise<() => Promise<Uint32Array<ArrayBuffer>>> {
    const { program } = this.#uploaded;
    const buffers = this.#buffers(names);
    const staging = await program.allocate({
      name: 'a readback',
      bytes: sizeOf(buffers),
      use: 'staging',
    });
    this.#queue.submit((encoder) => copyAll(encoder, buffers, 'into', staging));
    return async () => {
      try {
        return await this.#queue.map(staging);
      } finally {
        program.free(staging);
      }
    };
  }

  #buffers(names: readonly string[]): readonly GPUBuffer[] {
    return names.map((name) => this.#uploaded.program.buffer(name));
  }
}

export function sizeOf(buffers: readonly GPUBuffer[]): number {
  return buffers.reduce((sum, { size }) => sum + size, 0);
}

/** Copies buffers one behind the other into `whole`, or back from it. */
export function copyAll(
  encoder: GPUCommandEncoder,
  buffers: readonly GPUBuffer[],
  direction: 'into' | 'from',
  whole: GPUBuffer,
): void {
  let offset = 0;
  for (const buffer of buffers) {
    if (direction === 'into') encoder.copyBufferToBuffer(buffer, 0, whole, offset, buffer.size);
    else encoder.copyBufferToBuffer(whole, offset, buffer, 0, buffer.size);
    offset += buffer.size;
  }
}
