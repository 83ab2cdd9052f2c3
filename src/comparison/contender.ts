/**
 * What is measured: contenders that train the same problem, each in its best form. An epoch is the
 * unit of work everywhere; a workload whose batch is the whole set makes it one step.
 */
import type { Problem } from '../training/backend';

export const CONTENDER_NAMES = [
  'webgpu',
  'webgpu-layered',
  'webgpu-sample-parallel',
  'webgpu-persistent',
  'cpu',
  'js-loops',
  'reference',
  'tfjs-webgpu',
  'tfjs-wasm',
  'jax-js-webgpu',
  'jax-js-wasm',
  'jax-js-wasm-threads',
] as const;
export type ContenderName = (typeof CONTENDER_NAMES)[number];

/** A problem opened by a contender: data on its device, programs compiled, parameters initial. */
export interface Training {
  /** Trains `epochs` epochs and resolves when their arithmetic is done. */
  train(epochs: number): Promise<void>;
  /** Trains `epochs` epochs and gives each one's loss: the mean before the updates, over the set. */
  losses(epochs: number): Promise<readonly number[]>;
  /** What a reader should know of the form that was chosen, for instance the tuned schedule. */
  readonly note?: string;
  dispose(): void;
}

/** What each is and what an epoch of it includes. */
export const DESCRIPTIONS: Readonly<Record<ContenderName, string>> = {
  webgpu: 'Shaderprop on WebGPU, tuned on this device; metrics of every epoch read back',
  'webgpu-layered': 'the same, held to the schedule layered',
  'webgpu-sample-parallel': 'the same, held to the schedule sample-parallel',
  'webgpu-persistent': 'the same, held to the schedule persistent',
  cpu: 'Shaderprop in WebAssembly with SIMD, float32, one thread; metrics of every epoch',
  'js-loops':
    'plain loops in JavaScript over float32 arrays, a sample at a time; test set evaluated, losses of every epoch',
  reference: 'Shaderprop’s reference, plain float64 loops in JavaScript; metrics of every epoch',
  'tfjs-webgpu':
    'TensorFlow.js 4.22 on WebGPU, a step by hand in one tf.tidy; test set evaluated, no metrics read back',
  'tfjs-wasm': 'the same in WebAssembly (XNNPACK, SIMD), one thread',
  'jax-js-webgpu':
    'jax-js 0.1 on WebGPU, the whole step in one jit; test set not evaluated, no metrics read back',
  'jax-js-wasm': 'the same in WebAssembly, one thread',
  'jax-js-wasm-threads': 'the same in WebAssembly, a thread for each core',
};

export interface Contender {
  readonly name: ContenderName;
  /**
   * Opens the problem.
   *
   * @throws InvalidInputError or BackendUnavailableError where it declines the problem or this browser
   */
  prepare(problem: Problem): Promise<Training>;
}
