/** What stands in the way of WebGPU, as the page itself sees it, before the worker opens anything. */
import type { BackendName } from '../../training/backend';
import { BackendUnavailableError } from '../../training/errors';
import type { Obstacle } from './training-service';

/** The obstacle between this page and `backend`; nothing where it may be had. */
export async function findObstacle(backend: BackendName): Promise<Obstacle | undefined> {
  if (backend !== 'webgpu') return undefined;
  try {
    const { requestAdapter } = await import('../../gpu/runtime/device');
    await requestAdapter();
    return undefined;
  } catch (error) {
    return obstacleOf(error);
  }
}

/**
 * An obstacle as plain data, which survives the way between worker and page.
 *
 * @throws whatever `error` is, where no backend raised it
 */
export function obstacleOf(error: unknown): Obstacle {
  if (!(error instanceof BackendUnavailableError)) throw error;
  return { reason: error.reason, message: error.message };
}
