/** What a command ran on, as its JSON documents have it. */

export interface RuntimeDocument {
  /** `node` is where no WebGPU is needed. */
  readonly name: 'chromium' | 'dawn' | 'node';
  readonly engine: 'Chromium' | 'Dawn' | 'Node';
  /** Of the engine. */
  readonly version: string;
  /** Of WebGPU's adapter, or what the CPU computes with; null where there was none. */
  readonly adapter: string | null;
  /** What the driver says of itself; null where the engine does not pass it on. */
  readonly driver: string | null;
}
