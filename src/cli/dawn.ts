/** Dawn, Chrome's engine of WebGPU, in this process: npm's package webgpu. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../training/errors';
import { EngineError } from './engine-error';

export const DAWN_PACKAGE = 'webgpu';

/** Dawn frees an engine that nobody refers to, and its devices then end the process with a failed assertion. */
const engines: GPU[] = [];

/**
 * Opens an engine; it stays as long as the process, which it does not keep from ending.
 *
 * @param packages - the folder that holds the package
 * @throws EngineError where Dawn does not load on this machine
 */
export async function openDawn(packages: string): Promise<GPU> {
  try {
    const entry = pathToFileURL(join(packages, DAWN_PACKAGE, 'index.js')).href;
    const dawn: { create(flags: readonly string[]): GPU } = await import(/* @vite-ignore */ entry);
    const engine = dawn.create([]);
    engines.push(engine);
    return engine;
  } catch (error) {
    throw new EngineError(`Dawn does not load here: ${messageOf(error).split('\n')[0]}`);
  }
}

/**
 * Makes Dawn look for finished work once a millisecond, for the rest of the process. By itself it asks
 * `setImmediate`, the global one, again and again without a pause. Beside a graphics card that is the
 * shortest way to a result; a software adapter computes on the same cores, of which this takes one (on
 * two cores a run took three times as long).
 */
export function pollSeldom(): void {
  const later = (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
    setTimeout(callback, 1, ...args);
  globalThis.setImmediate = Object.assign(
    later,
    globalThis.setImmediate,
  ) as unknown as typeof setImmediate;
}
