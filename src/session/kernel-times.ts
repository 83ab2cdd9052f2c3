/** What the device's own clock says of each kernel of a run's plan. */
import type { WebGpuBackend } from '../gpu/backend';
import { TIMESTAMP_RESOLUTION_NS } from '../gpu/runtime/device-clock';
import type { KernelTiming } from '../gpu/runtime/kernel-timer';
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
  const webgpu = webGpuOf(backend);
  if (webgpu === undefined) return without(`the backend ${backend.info.name} runs no kernels`);
  try {
    const timings = await webgpu.timeKernels();
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

/** The backend that runs kernels, and can say more of them, where it is one. */
export function webGpuOf(backend: Backend): WebGpuBackend | undefined {
  const part = backend.part ?? backend;
  return part.info.name === 'webgpu' ? (part as WebGpuBackend) : undefined;
}

function without(obstacle: string): KernelTimesDocument {
  return { resolution_ms: null, kernels: [], obstacle };
}
