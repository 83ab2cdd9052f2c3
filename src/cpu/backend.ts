/** The backend cpu: a good float32 program in WebAssembly with SIMD, on as many cores as its products are worth. */
import { byteTables } from '../data/samples';
import type { Backend, Problem } from '../training/backend';
import { BackendUnavailableError } from '../training/errors';
import { HostBackend } from '../training/host-backend';
import {
  type CompiledKernels,
  compileKernels,
  type Instructions,
  supportedInstructions,
} from './kernels';
import { paysThreads, planMemory } from './memory-plan';
import { takeMemoryOf } from './sample-memory';
import { type Cores, ONE_CORE } from './threads/cores';
import { openTeam } from './threads/open-team';
import { sharedKernels } from './threads/shared-kernels';
import { WasmEngine } from './wasm-engine';
import { type MemoryPlan, PAGE_BYTES, Workspace } from './workspace';

const INSTRUCTION_NAMES = {
  'relaxed-simd': 'WebAssembly relaxed SIMD',
  simd: 'WebAssembly SIMD',
} as const satisfies Record<Instructions, string>;

/**
 * Opens the backend cpu. The bits of its numbers do not depend on the threads.
 *
 * @param instructions - by default the best that are supported here; null stands for none
 * @param cores - whose threads it borrows until it is disposed of; by default there is this thread only
 * @throws InvalidInputError where the network and its data pass what WebAssembly can address
 * @throws BackendUnavailableError where there is no WebAssembly SIMD, or no room for them
 */
export async function createCpuBackend(
  problem: Problem,
  instructions: Instructions | null = supportedInstructions() ?? null,
  cores: Cores = ONE_CORE,
): Promise<Backend> {
  if (instructions === null) {
    throw new BackendUnavailableError(
      'unsupported',
      'The backend cpu needs WebAssembly with SIMD, which this program lacks. Use the backend reference, or a newer browser or Node.',
    );
  }
  const threads = paysThreads(problem) ? cores.most : 1;
  const lying = byteTables(problem) > 0 ? takeMemoryOf(problem) : undefined;
  const plan = planMemory(problem, threads, lying);
  const memory = allocate(plan.pages, lying?.memory);
  const compiled = await compileKernels(instructions, memory);
  const { workspace, dispose, used } = await open(plan, memory, compiled, threads, cores);
  const there = `${cores.count} core${cores.count === 1 ? '' : 's'}`;
  const borrowed = used > cores.count ? `${used} threads on ${there}` : `${used} of ${there}`;
  const adapter = `${INSTRUCTION_NAMES[instructions]}, ${borrowed}`;
  const info = { name: 'cpu', adapter, precision: 'float32', isSoftware: false } as const;
  return new HostBackend(info, problem, new WasmEngine(problem, workspace, dispose));
}

/** The workspace, on one thread or on several; `dispose` gives these back. */
async function open(
  plan: MemoryPlan,
  memory: WebAssembly.Memory,
  compiled: CompiledKernels,
  threads: number,
  cores: Cores,
) {
  const alone = new Workspace(plan, compiled.kernels, memory);
  const team =
    threads > 1 ? await openTeam(alone, compiled.module, memory, threads, cores) : undefined;
  if (team === undefined) return { workspace: alone, dispose: () => undefined, used: 1 };
  const workspace = new Workspace(plan, sharedKernels(compiled.kernels, team), memory);
  return { workspace, dispose: () => team.dispose(), used: team.size };
}

/** @param begun - a memory with the samples in it, which grows to so many pages */
function allocate(pages: number, begun?: WebAssembly.Memory): WebAssembly.Memory {
  try {
    if (begun !== undefined) {
      begun.grow(pages - begun.buffer.byteLength / PAGE_BYTES);
      return begun;
    }
    // Shared whether there are threads or not: the kernels are compiled for a shared one.
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BackendUnavailableError(
      'out-of-memory',
      `The network and its data take ${Math.ceil(pages / 16)} MiB, more than there is; a smaller network or batch may fit.`,
    );
  }
}
