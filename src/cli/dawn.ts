/** Dawn, Chrome's engine of WebGPU, in this process: npm's package webgpu. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { classifyAdapter } from '../gpu/runtime/classify-adapter';
import { messageOf } from '../training/errors';
import { EngineError } from './engine-error';

export const DAWN_PACKAGE = 'webgpu';

/** Dawn frees an engine that nobody refers to, and its devices then end the process with a failed assertion. */
const engines: GPU[] = [];

function entryOf(packages: string): string {
  return pathToFileURL(join(packages, DAWN_PACKAGE, 'index.js')).href;
}

/** Prints what the adapter says of itself, or null. */
const PROBE = `
const { create } = await import(process.argv[1]);
const { info } = (await create([]).requestAdapter({ powerPreference: 'high-performance' })) ?? {};
const { vendor, architecture, device, description, isFallbackAdapter, subgroupMaxSize } = info ?? {};
const told = { vendor, architecture, device, description, isFallbackAdapter, subgroupMaxSize };
process.stdout.write(JSON.stringify(info ? told : null), () => process.exit());
`;
/** A driver that says nothing for so long is not worth the wait. */
const PROBE_MS = 10_000;

/**
 * Whether Dawn has an adapter here that is no software. It is asked in a process of its own, whose standard
 * error nobody sees: without a graphics card Vulkan's loader, its drivers and Dawn write complaints there.
 *
 * @param packages - the folder that holds the package
 * @throws EngineError where Dawn does not load on this machine, or does not answer
 */
export async function findsCard(packages: string): Promise<boolean> {
  const args = ['--input-type=module', '--eval', PROBE, entryOf(packages)];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: PROBE_MS });
    const info: Partial<GPUAdapterInfo> | null = JSON.parse(stdout);
    return info !== null && classifyAdapter(info) !== 'software';
  } catch (error) {
    if (error instanceof Error && 'killed' in error && error.killed) {
      throw new EngineError(`Dawn gave no answer within ${PROBE_MS / 1000} s`);
    }
    throw notLoaded(error);
  }
}

/** Node's own words, after the lines that point into the source. */
function notLoaded(error: unknown): EngineError {
  const lines = messageOf(error).split('\n');
  const words = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0];
  return new EngineError(
    `Dawn does not load here: ${words.replace(/^\w*Error(?: \[\w+\])?: /, '')}`,
  );
}

/**
 * Opens an engine; it stays as long as the process, which it does not keep from ending.
 *
 * @param packages - the folder that holds the package
 * @throws EngineError where Dawn does not load on this machine
 */
export async function openDawn(packages: string): Promise<GPU> {
  try {
    const dawn: { create(flags: readonly string[]): GPU } = await import(
      /* @vite-ignore */ entryOf(packages)
    );
    const engine = dawn.create([]);
    engines.push(engine);
    return engine;
  } catch (error) {
    throw notLoaded(error);
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
