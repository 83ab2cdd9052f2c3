/** What the numbers were measured on. */
import { acquireDevice } from '../gpu/runtime/device';
import type { Adapter, Machine } from './results';

/** The machine as the browser knows it. */
export function describeMachine(): Machine {
  const { hardwareConcurrency, userAgent, platform } = navigator;
  // Chromium's own, which the DOM's types do not have.
  const data = (navigator as { userAgentData?: { platform?: string } }).userAgentData;
  return {
    cores: hardwareConcurrency,
    os: data?.platform || platform,
    user_agent: userAgent,
    cross_origin_isolated: crossOriginIsolated,
  };
}

/** The adapter of a WebGPU, or null where there is none. */
export async function findAdapter(gpu: () => GPU): Promise<Adapter | null> {
  try {
    const { device, info } = await acquireDevice(gpu());
    device.destroy();
    return { description: info.adapter, isSoftware: info.isSoftware };
  } catch {
    return null;
  }
}
