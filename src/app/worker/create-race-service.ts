/** The measuring service as its worker has it: races and sweeps, each backend as a user gets it. */
import { loadRows } from '../../data/registry';
import type { WebGpuBackend, WebGpuOptions } from '../../gpu/backend';
import type { PlanOptions } from '../../gpu/plan/choices';
import { webGpuOf } from '../../session/kernel-times';
import { openBackend } from '../../session/open-backend';
import { keptDevice } from '../../session/page-device';
import {
  BACKEND_NAMES,
  type Backend,
  type BackendName,
  type Problem,
} from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import { messageOf } from '../../training/errors';
import { loadStart } from '../../training/files/start-file';
import { prepare } from '../../training/prepare';
import { handOver } from './files-here';
import { IndexedTuningStore } from './indexed-tuning-store';
import { runRace } from './race';
import type { KernelTimes, RaceService } from './race-service';
import { runSweep, SWEEPS } from './race-sweep';

/** What WebGPU races with where nothing else is said: the plan that is the fastest one on this device. */
const FASTEST: PlanOptions = { schedule: 'auto', tuning: 'on' };

/** Opens backends as a user gets them. */
function opener(planOptions: PlanOptions) {
  const options = { ...planOptions, tuningStore: new IndexedTuningStore() };
  return async (name: BackendName, problem: Problem): Promise<Backend> => {
    const place = name === 'webgpu' ? { device: await keptDevice() } : {};
    return openBackend(name, problem, { ...options, ...place });
  };
}

async function openWebGpu(problem: Problem, options: WebGpuOptions): Promise<WebGpuBackend> {
  const { createWebGpuBackend } = await import('../../gpu/backend');
  return createWebGpuBackend(problem, { ...options, device: await keptDevice() });
}

async function problemOf(configuration: Configuration): Promise<Problem> {
  const rows = await loadRows(configuration);
  return prepare(configuration, rows, await loadStart(configuration)).problem;
}

async function timesOf(backend: WebGpuBackend): Promise<KernelTimes> {
  try {
    return { timings: await backend.timeKernels() };
  } catch (error) {
    return { timings: [], obstacle: messageOf(error) };
  }
}

export function createRaceService(): RaceService {
  return {
    bring: async (file) => handOver(file),
    async race(configuration, length, planOptions, onProgress) {
      let kernels: KernelTimes | undefined;
      const progress = await runRace({
        problem: await problemOf(configuration),
        length,
        names: BACKEND_NAMES,
        open: opener(planOptions),
        onProgress,
        atEnd: async (backends) => {
          const [webgpu] = backends.map(webGpuOf).filter((backend) => backend !== undefined);
          if (webgpu !== undefined) kernels = await timesOf(webgpu);
        },
      });
      return kernels === undefined ? progress : { ...progress, kernels };
    },
    sweep: (sizes, onProgress) =>
      runSweep({ sizes: SWEEPS[sizes], open: opener(FASTEST), onProgress }),
    async timeKernels(configuration, plan) {
      const backend = await openWebGpu(await problemOf(configuration), plan);
      try {
        const { obstacle: reason } = await timesOf(backend);
        return { plan: backend.describe(), ...(reason !== undefined && { obstacle: reason }) };
      } finally {
        backend.dispose();
      }
    },
  };
}
