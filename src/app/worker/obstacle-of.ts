/** Why a backend could not be had, as plain data, which survives the way between worker and page. */
import { BackendUnavailableError } from '../../training/errors';
import type { Obstacle } from './training-service';

/** @throws whatever `error` is, where no backend raised it */
export function obstacleOf(error: unknown): Obstacle {
  if (!(error instanceof BackendUnavailableError)) throw error;
  return { reason: error.reason, message: error.message };
}
