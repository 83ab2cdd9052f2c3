/** The order of work on a device: each task after those asked for before, none after the end. */
import { BackendUnavailableError } from '../../training/errors';
import { type AcquiredDevice, failed } from './device';
import { MAP_MODE } from './flags';
import { SILENCE_MS, unlessSilent } from './silence';

/** A backend's work on a device, until the device fails or the backend is disposed of. */
export class WorkQueue {
  readonly #device: GPUDevice;
  readonly #failure: AbortSignal;
  readonly #giveUp: AcquiredDevice['giveUp'];
  readonly #onLost: ((error: Error) => void) | undefined;
  readonly #onFailure = (): void => this.end(this.#failure.reason as Error);
  /** Resolves when everything asked for so far is encoded. */
  #tail: Promise<unknown> = Promise.resolve();
  readonly #silenceMs: number;
  #ended: Error | null = null;
  /** What was read back so far. */
  #answers = 0;

  /**
   * @param onLost - called where the work ends otherwise than by `dispose`
   * @param silenceMs - how long the device may be silent
   */
  constructor(
    { device, failure, giveUp }: Omit<AcquiredDevice, 'info'>,
    onLost?: (error: Error) => void,
    silenceMs = SILENCE_MS,
  ) {
    this.#device = device;
    this.#failure = failure;
    this.#giveUp = giveUp;
    this.#onLost = onLost;
    this.#silenceMs = silenceMs;
    if (failure.aborted) this.#onFailure();
    else failure.addEventListener('abort', this.#onFailure);
  }

  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  /** @throws the reason, once the work has ended */
  throwIfEnded(): void {
    if (this.#ended !== null) throw this.#ended;
  }

  /** Runs `task` after all that was asked for before. */
  inOrder<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(() => {
      this.throwIfEnded();
      return task();
    });
    this.#tail = result.catch(() => {});
    return result;
  }

  /**
   * Submits what `encode` encodes.
   *
   * @throws the reason, once the work has ended: buffers may be gone then
   */
  submit(encode: (encoder: GPUCommandEncoder) => void): void {
    this.throwIfEnded();
    const encoder = this.#device.createCommandEncoder();
    encode(encoder);
    this.#device.queue.submit([encoder.finish()]);
  }

  /** The first bytes of a staging buffer, once the work submitted so far is done; by default all. */
  async map(staging: GPUBuffer, bytes = staging.size): Promise<Uint32Array<ArrayBuffer>> {
    try {
      // Given up before anybody hears of it, so that nobody takes the same device again.
      await unlessSilent(
        staging.mapAsync(MAP_MODE.READ, 0, bytes),
        'device-lost',
        'The graphics device',
        this.#silenceMs,
        this.#giveUp,
        // A submit behind another waits for that one, too.
        () => this.#answers,
      );
    } catch (error) {
      return this.explain(error);
    }
    this.#answers++;
    const words = new Uint32Array(staging.getMappedRange(0, bytes).slice(0));
    staging.unmap();
    return words;
  }

  /** Throws what the work has ended with, where an error comes of that; else the error. */
  async explain(error: unknown): Promise<never> {
    // A map fails before the device says why; where it never does, the error itself must do.
    if (!this.hasEnded) await failed(this.#failure);
    this.throwIfEnded();
    throw error;
  }

  /** Ends the work for what the device has done wrong; its own reason, where it gives one in time, comes first. */
  async fail(error: BackendUnavailableError): Promise<never> {
    if (!this.hasEnded) await failed(this.#failure);
    this.end(error);
    throw this.#ended ?? error;
  }

  /** Nothing that the device gives is believed from now on. */
  end(error: Error): void {
    if (this.#ended !== null) return;
    this.#ended = error;
    this.#onLost?.(error);
  }

  /** False where it was disposed of before. */
  dispose(): boolean {
    if (this.#ended?.message === DISPOSED) return false;
    this.#ended = new BackendUnavailableError('unsupported', DISPOSED);
    this.#failure.removeEventListener('abort', this.#onFailure);
    return true;
  }
}

const DISPOSED = 'The backend was disposed of.';
