/** Opens a backend by its name. Each is imported when it is asked for, so Node never loads GPU code. */
import type { Cores } from '../cpu/threads/cores';
import type { WebGpuOptions } from '../gpu/backend';
import type { Backend, BackendInfo, BackendName, Problem } from '../training/backend';
import { pageCores } from './page-cores';
import { pageGpu } from './page-device';

export interface BackendOptions extends WebGpuOptions {
  /** Whose threads the backend cpu may use; by default the page's. */
  readonly cores?: Cores;
}

/**
 * Opens the backend called `name` with the problem's network, data and initial parameters.
 *
 * @param options - of webgpu its device or GPU, by default the page's, how it lays the network out, where
 * measurements are kept and who hears of them; of cpu its cores; the reference has no choice
 * @param epoch - where settings change on the way: the epoch of the state that is loaded next
 * @throws BackendUnavailableError where it cannot be had here; the message says what to do
 */
export async function openBackend(
  name: BackendName,
  problem: Problem,
  options: BackendOptions = {},
  epoch = 0,
): Promise<Backend> {
  if (problem.changes === undefined) return openOne(name, problem, options);
  // The plan stays what it is, whatever the settings.
  const openPart = (part: Problem, before?: BackendInfo) => {
    const candidate = before?.plan?.candidate;
    return openOne(name, part, { ...options, ...(candidate !== undefined && { candidate }) });
  };
  const { ChangingBackend } = await import('../training/changing-backend');
  return ChangingBackend.open(problem, openPart, epoch);
}

async function openOne(
  name: BackendName,
  problem: Problem,
  { cores = pageCores, ...webgpu }: BackendOptions,
): Promise<Backend> {
  switch (name) {
    case 'reference': {
      const { createReferenceBackend } = await import('../reference/backend');
      return createReferenceBackend(problem);
    }
    case 'webgpu': {
      const { createWebGpuBackend } = await import('../gpu/backend');
      const { device, gpu, ...options } = webgpu;
      const source = device === undefined ? { gpu: gpu ?? pageGpu() } : { device };
      return createWebGpuBackend(problem, { ...options, ...source });
    }
    case 'cpu': {
      const { createCpuBackend } = await import('../cpu/backend');
      return createCpuBackend(problem, undefined, cores);
    }
    default:
      return name satisfies never;
  }
}
