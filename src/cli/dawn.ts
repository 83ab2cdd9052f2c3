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
