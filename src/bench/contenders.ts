/** Who takes part, in the order of the tables: what each is and what an epoch of it includes. */
export const CONTENDERS = {
  webgpu: 'Shaderprop on WebGPU, tuned on this device; metrics of every epoch read back',
  'webgpu-layered': 'the same, held to the schedule layered',
  'webgpu-sample-parallel': 'the same, held to the schedule sample-parallel',
  'webgpu-persistent': 'the same, held to the schedule persistent',
  cpu: 'Shaderprop in WebAssembly with SIMD, float32, on all cores; metrics of every epoch',
  'cpu-1-thread': 'the same on one core',
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
} as const;
export type ContenderName = keyof typeof CONTENDERS;
export const CONTENDER_NAMES = Object.keys(CONTENDERS) as readonly ContenderName[];
