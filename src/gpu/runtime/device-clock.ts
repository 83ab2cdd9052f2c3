/**
 * The device's own clock, where it has timestamp queries. Browsers round those to 100 µs, so that what is
 * short is repeated until its time stands far above that.
 */
import { BUFFER_USAGE, MAP_MODE } from './flags';

/** What WebGPU rounds timestamps to, in nanoseconds, unless a developer flag is set. */
export const TIMESTAMP_RESOLUTION_NS = 100_000;
/** A timing should be this long: so many times the clock's resolution. */
const LEAST_NS = 20 * TIMESTAMP_RESOLUTION_NS;
const MOST_REPETITIONS = 4096;

/** Encodes what is timed into a pass of its own. */
type Encode = (pass: GPUComputePassEncoder) => void;

export class DeviceClock {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;

  /** @throws RangeError where the device has no timestamp queries */
  constructor(device: GPUDevice) {
    if (!device.features.has('timestamp-query')) {
      throw new RangeError('this device has no timestamp queries');
    }
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = BUFFER_USAGE;
    this.#device = device;
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 });
    this.#resolved = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
    this.#staging = device.createBuffer({ size: 16, usage: COPY_DST | MAP_READ });
  }

  /** Nanoseconds of a pass. */
  async time(encode: Encode): Promise<number> {
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass({
      timestampWrites: {
        querySet: this.#queries,
        beginningOfPassWriteIndex: 0,
        endOfPassWriteIndex: 1,
      },
    });
    encode(pass);
    pass.end();
    encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, 16);
    this.#device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(MAP_MODE.READ);
    const [begin, end] = new BigUint64Array(this.#staging.getMappedRange());
    this.#staging.unmap();
    return Number(end - begin);
  }

  /** Milliseconds of one of as many repetitions, in one pass, as the clock's resolution asks for. */
  async timeRepeated(
    encode: Encode,
  ): Promise<{ readonly milliseconds: number; readonly repetitions: number }> {
    for (let repetitions = 1; ; repetitions *= 4) {
      const nanoseconds = await this.time((pass) => {
        for (let i = 0; i < repetitions; i++) encode(pass);
      });
      if (nanoseconds >= LEAST_NS || repetitions >= MOST_REPETITIONS) {
        return { milliseconds: nanoseconds / repetitions / 1e6, repetitions };
      }
    }
  }

  dispose(): void {
    this.#queries.destroy();
    this.#resolved.destroy();
    this.#staging.destroy();
  }
}
