/** An engine of WebGPU is not there, cannot be fetched, or does not start: in words, with what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
