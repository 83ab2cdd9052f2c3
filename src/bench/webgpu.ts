/** The WebGPU backend: as a user gets it, tuned on this device, and held to each of its schedules. */

import { backendTraining } from '../comparison/backend-training';
import type { Contender, ContenderName } from '../comparison/contender';
import { createWebGpuBackend, type WebGpuOptions } from '../gpu/backend';

type WebGpuContenderName = Extract<ContenderName, `webgpu${string}`>;

const OPTIONS: Readonly<Record<WebGpuContenderName, WebGpuOptions>> = {
  // Without a store of earlier measurements it measures now.
  webgpu: { schedule: 'auto', tuning: 'on' },
  'webgpu-layered': { schedule: 'layered' },
  'webgpu-sample-parallel': { schedule: 'sample-parallel' },
  'webgpu-persistent': { schedule: 'persistent' },
};

/** The WebGPU backend as the contender `name`: tuned, or held to a schedule. */
export function webgpuContender(name: WebGpuContenderName): Contender {
  return {
    name,
    async prepare(problem) {
      return backendTraining(await createWebGpuBackend(problem, OPTIONS[name]));
    },
  };
}
