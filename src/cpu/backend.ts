/** The backend cpu: a good float32 program on one thread, with WebAssembly SIMD where there is any. */
import type { Backend, Problem } from '../training/backend';
import { BackendUnavailableError } from '../training/errors';
import { type Engine, HostBackend } from '../training/host-backend';
import { compileKernels, type Instructions, supportedInstructions } from './kernels';
import { LoopsEngine } from './loops-engine';
import { planMemory } from './memory-plan';
import { WasmEngine } from './wasm-engine';
import { Workspace } from './workspace';

const ADAPTERS = {
  'relaxed-simd': 'WebAssembly relaxed SIMD, 1 thread',
  simd: 'WebAssembly SIMD, 1 thread',
  none: 'typed-array loops (no WebAssembly SIMD here)',
} as const satisfies Record<Instructions, string>;

/**
 * Opens the backend cpu. Without WebAssembly SIMD it computes in typed-array loops, and
 * `info.adapter` says so.
 *
 * @param instructions - by default the best that are supported here
 * @throws InvalidInputError where the network and its data pass what WebAssembly can address
 * @throws BackendUnavailableError where there is no room for them
 */
export async function createCpuBackend(
  problem: Problem,
  instructions = supportedInstructions(),
): Promise<Backend> {
  if (instructions === 'none') return openLoops(problem, ADAPTERS.none);
  const plan = planMemory(problem);
  const memory = allocate(plan.pages);
  const kernels = await compileKernels(instructions, memory);
  const engine = new WasmEngine(problem, new Workspace(plan, kernels, memory));
  return open(problem, ADAPTERS[instructions], engine);
}

/** Opens plain float32 loops, whatever this machine has: what the backend cpu is measured against. */
export async function createLoopsBackend(problem: Problem): Promise<Backend> {
  return openLoops(problem, 'typed-array loops');
}

function openLoops(problem: Problem, adapter: string): Backend {
  return open(problem, adapter, new LoopsEngine(problem));
}

function open(problem: Problem, adapter: string, engine: Engine): Backend {
  const info = { name: 'cpu', adapter, precision: 'float32', isSoftware: false } as const;
  return new HostBackend(info, problem, engine);
}

function allocate(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BackendUnavailableError(
      'out-of-memory',
      `The network and its data take ${Math.ceil(pages / 16)} MiB, more than there is; a smaller network or batch may fit.`,
    );
  }
}
