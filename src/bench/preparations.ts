/**
 * Where each contender is written: a file that prepares a problem, by itself or in another process,
 * and a line here. Every one is imported when it is asked for, the peers above all.
 */
import { backendTraining } from '../comparison/backend-training';
import type { Prepare } from '../comparison/contender';
import { type Cores, oneCoreOf } from '../cpu/threads/cores';
import type { WebGpuOptions } from '../gpu/backend';
import type { Backend, Problem } from '../training/backend';
import type { ContenderName } from './contenders';

/** What the process or the worker has that prepares. */
export interface Place {
  readonly gpu: () => GPU;
  readonly cores: Cores;
}

/** By name; called where the contender trains: in a page in a worker of its own. */
export const PREPARATIONS: Readonly<Record<ContenderName, (place: Place) => Promise<Prepare>>> = {
  // Without a store of earlier measurements it measures now.
  webgpu: ({ gpu }) => webgpu(gpu, { schedule: 'auto', tuning: 'on' }),
  'webgpu-layered': ({ gpu }) => webgpu(gpu, { schedule: 'layered' }),
  'webgpu-sample-parallel': ({ gpu }) => webgpu(gpu, { schedule: 'sample-parallel' }),
  'webgpu-persistent': ({ gpu }) => webgpu(gpu, { schedule: 'persistent' }),
  cpu: ({ cores }) => cpu(cores),
  'cpu-1-thread': ({ cores }) => cpu(oneCoreOf(cores.count)),
  'js-loops': async () => (await import('./js-loops')).jsLoops,
  reference: async () => ofBackend((await import('../reference/backend')).createReferenceBackend),
  'tfjs-webgpu': async () => (await import('./tensorflow')).tfjsWebGpu,
  'tfjs-wasm': async () => (await import('./tensorflow')).tfjsWasm,
  'jax-js-webgpu': async () => (await import('./jax')).jaxWebGpu,
  'jax-js-wasm': async () => (await import('./jax')).jaxWasm,
  'jax-js-wasm-threads': async () => (await import('./jax')).jaxWasmThreads,
};

/** One of this project's backends. */
function ofBackend(open: (problem: Problem) => Promise<Backend>): Prepare {
  return async (problem) => backendTraining(await open(problem));
}

async function cpu(cores: Cores): Promise<Prepare> {
  const { createCpuBackend } = await import('../cpu/backend');
  return ofBackend((problem) => createCpuBackend(problem, undefined, cores));
}

async function webgpu(gpu: () => GPU, options: WebGpuOptions): Promise<Prepare> {
  const { createWebGpuBackend } = await import('../gpu/backend');
  const { deviceOf } = await import('./device-of');
  return async (problem) => {
    const backend = await createWebGpuBackend(problem, { gpu: gpu(), ...options });
    return { ...backendTraining(backend), device: deviceOf(backend, problem) };
  };
}
