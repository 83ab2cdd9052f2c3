/** What the device's own clock says of each kernel of a run's plan. */
import type { WebGpuBackend } from '../gpu/backend';
import { type KernelTiming, TIMESTAMP_RESOLUTION_NS } from '../gpu/runtime/kernel-timer';
import type { Backend } from '../training/backend';
import { messageOf } from '../training/errors';

/** One dispatch of the plan, its time as `ms`. */
type KernelTimeDocument = Omit<KernelTiming, 'milliseconds'> & { readonly ms: number };

export interface KernelTimesDocument {
  /** What the clock's times are rounded to, in milliseconds; null where there is no such clock. */
  readonly resolution_ms: number | null;
  readonly kernels: readonly KernelTimeDocument[];
  /** Why there are no times. */
  readonly obstacle?: string;
}

/**
 * Times each kernel of the backend's plan. Where that cannot be done the reason is in the document:
 * the run itself is none the worse for it.
 */
export async function timeKernelsOf(backend: Backend): Promise<KernelTimesDocument> {
  if (!isWebGpu(backend)) return without(`the backend ${backend.info.name} runs no kernels`);
  try {
    const timings = await backend.timeKernels();
    return {
      resolution_ms: TIMESTAMP_RESOLUTION_NS / 1e6,
      kernels: timings.map(({ milliseconds: ms, repetitions, ...step }) => ({
        ...step,
        ms,
        repetitions,
      })),
    };
  } catch (error) {
    return without(messageOf(error));
  }
}

/** Whether a backend is the one that runs kernels, and can say more of them. */
export function isWebGpu(backend: Backend): backend is WebGpuBackend {
  return backend.info.name === 'webgpu';
}

function without(obstacle: string): KernelTimesDocument {
  return { resolution_ms: null, kernels: [], obstacle };
}
