/** Where each contender is written. Every one is imported when it is asked for, the peers above all. */
import type { Contender, ContenderName } from '../comparison/contender';

/** Loads a contender's module. Called in the contender's own worker. */
export async function loadContender(name: ContenderName): Promise<Contender> {
  switch (name) {
    case 'webgpu':
    case 'webgpu-layered':
    case 'webgpu-sample-parallel':
    case 'webgpu-persistent':
      return (await import('./webgpu')).webgpuContender(name);
    case 'cpu':
      return (await import('./cpu')).cpu;
    case 'js-loops':
      return (await import('./js-loops')).jsLoops;
    case 'reference':
      return (await import('./cpu')).reference;
    case 'tfjs-webgpu':
      return (await import('./tensorflow')).tfjsWebGpu;
    case 'tfjs-wasm':
      return (await import('./tensorflow')).tfjsWasm;
    case 'jax-js-webgpu':
      return (await import('./jax')).jaxWebGpu;
    case 'jax-js-wasm':
      return (await import('./jax')).jaxWasm;
    case 'jax-js-wasm-threads':
      return (await import('./jax')).jaxWasmThreads;
    default:
      return name satisfies never;
  }
}
