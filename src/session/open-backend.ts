/** Opens a backend by its name. Each is imported when it is asked for, so Node never loads GPU code. */
import type { WebGpuOptions } from '../gpu/backend';
import type { Backend, BackendName, Problem } from '../training/backend';

/**
 * Opens the backend called `name` with the problem's network, data and initial parameters.
 *
 * @param webgpu - its device, how it lays the network out, where measurements are kept and who hears of
 * them; the other backends have no choice
 * @throws BackendUnavailableError where it cannot be had here; the message says what to do
 */
export async function openBackend(
  name: BackendName,
  problem: Problem,
  webgpu: WebGpuOptions = {},
): Promise<Backend> {
  switch (name) {
    case 'reference': {
      const { createReferenceBackend } = await import('../reference/backend');
      return createReferenceBackend(problem);
    }
    case 'webgpu': {
      const { createWebGpuBackend } = await import('../gpu/backend');
      return createWebGpuBackend(problem, webgpu);
    }
    case 'cpu': {
      const { createCpuBackend } = await import('../cpu/backend');
      return createCpuBackend(problem);
    }
    default:
      return name satisfies never;
  }
}
