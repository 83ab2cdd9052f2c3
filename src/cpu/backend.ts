/** The backend cpu: a good float32 program on one thread, in WebAssembly with SIMD. */
import type { Backend, Problem } from '../training/backend';
import { BackendUnavailableError } from '../training/errors';
import { HostBackend } from '../training/host-backend';
import { compileKernels, type Instructions, supportedInstructions } from './kernels';
import { planMemory } from './memory-plan';
import { WasmEngine } from './wasm-engine';
import { Workspace } from './workspace';

const ADAPTERS = {
  'relaxed-simd': 'WebAssembly relaxed SIMD, 1 thread',
  simd: 'WebAssembly SIMD, 1 thread',
} as const satisfies Record<Instructions, string>;

/**
 * Opens the backend cpu.
 *
 * @param instructions - by default the best that are supported here; null stands for none
 * @throws InvalidInputError where the network and its data pass what WebAssembly can address
 * @throws BackendUnavailableError where there is no WebAssembly SIMD, or no room for them
 */
export async function createCpuBackend(
  problem: Problem,
  instructions: Instructions | null = supportedInstructions() ?? null,
): Promise<Backend> {
  if (instructions === null) {
    throw new BackendUnavailableError(
      'unsupported',
      'The backend cpu needs WebAssembly with SIMD, which this program lacks. Use the backend reference, or a newer browser or Node.',
    );
  }
  const plan = planMemory(problem);
  const memory = allocate(plan.pages);
  const kernels = await compileKernels(instructions, memory);
  const engine = new WasmEngine(problem, new Workspace(plan, kernels, memory));
  const adapter = ADAPTERS[instructions];
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
