/** What a WebGPU backend's device says of an epoch, and of itself. */
import type { TrainingDevice } from '../comparison/contender';
import type { WebGpuBackend } from '../gpu/backend';
import { leastWork } from '../gpu/plan/least-work';
import { shapeOf } from '../gpu/plan/plan';
import type { Problem } from '../training/backend';

/** @param problem - what the backend was opened with */
export function deviceOf(backend: WebGpuBackend, problem: Problem): TrainingDevice {
  return {
    epoch: async () => ({ ...(await backend.timeEpoch()), ...leastWork(shapeOf(problem)) }),
    speed: () => backend.measureDeviceSpeed(),
  };
}
