/** A few staging buffers that take turns, so that metrics travel back while the next chunk computes. */

/** Lends out its buffers; who asks while none is free waits for the next that is given back. */
export class StagingRing {
  readonly #free: GPUBuffer[];
  readonly #waiting: ((buffer: GPUBuffer) => void)[] = [];

  constructor(buffers: readonly GPUBuffer[]) {
    this.#free = [...buffers];
  }

  /** The next free buffer, as soon as there is one. */
  take(): Promise<GPUBuffer> {
    const buffer = this.#free.shift();
    if (buffer !== undefined) return Promise.resolve(buffer);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  giveBack(buffer: GPUBuffer): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(buffer);
    else next(buffer);
  }
}
