/** Getting a WebGPU device, and saying in words that help why there is none. */
import type { BackendInfo } from '../../training/backend';
import { BackendUnavailableError, messageOf } from '../../training/errors';
import { classifyAdapter } from './classify-adapter';
import { unlessSilent } from './silence';

export interface AcquiredDevice {
  readonly device: GPUDevice;
  readonly info: BackendInfo;
  /**
   * Aborts when the device is lost or reports an error that nobody caught: what it computes from then on
   * is not to be believed. The reason is a BackendUnavailableError with the device's own words.
   */
  readonly failure: AbortSignal;
  /** Destroys the device for a reason that its own words do not tell; `failure` aborts with it at once. */
  readonly giveUp: (reason: BackendUnavailableError) => void;
}

/** Limits asked for beyond the defaults where the adapter has more: they decide how large a network may be. */
const RAISED_LIMITS = ['maxStorageBufferBindingSize', 'maxBufferSize'] as const;

/**
 * Asks for an adapter.
 *
 * @param gpu - the browser's, or another engine's
 * @throws BackendUnavailableError with the cause and what to do about it
 */
export async function requestAdapter(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await unlessSilent(
    gpu.requestAdapter({ powerPreference: 'high-performance' }),
    'no-adapter',
    'The browser, asked for a graphics adapter,',
  );
  if (adapter === null) {
    throw new BackendUnavailableError(
      'no-adapter',
      'WebGPU found no graphics adapter. Hardware acceleration may be switched off, or the driver blocked: chrome://gpu tells.',
    );
  }
  return adapter;
}

/**
 * Taken where the adapter has them: `timestamp-query` times each kernel, with `subgroups` some pass
 * values from thread to thread.
 */
const OPTIONAL_FEATURES = [
  'timestamp-query',
  'subgroups',
] as const satisfies readonly GPUFeatureName[];

/**
 * Asks for an adapter and a device. An adapter is used up by its device, so each call asks anew.
 *
 * @param gpu - the browser's, or another engine's
 * @throws BackendUnavailableError with the cause and what to do about it
 */
export async function acquireDevice(gpu: GPU): Promise<AcquiredDevice> {
  const adapter = await requestAdapter(gpu);
  const requiredLimits = Object.fromEntries(
    RAISED_LIMITS.map((name) => [name, adapter.limits[name]]),
  );
  try {
    const requiredFeatures = OPTIONAL_FEATURES.filter((name) => adapter.features.has(name));
    const device = await unlessSilent(
      adapter.requestDevice({ requiredLimits, requiredFeatures }),
      'no-device',
      'It',
    );
    return { device, info: describeAdapter(adapter), ...failureOf(device) };
  } catch (error) {
    throw new BackendUnavailableError(
      'no-device',
      `The graphics adapter gave no device (${messageOf(error)}). Closing other tabs that use the GPU, or restarting the browser, may help.`,
    );
  }
}

function failureOf(device: GPUDevice): Pick<AcquiredDevice, 'failure' | 'giveUp'> {
  const failure = new AbortController();
  device.addEventListener('uncapturederror', ({ error }) => {
    failure.abort(
      new BackendUnavailableError(
        'device-error',
        `The graphics device reported an error (${error.message.trim()}). What it computes is not to be trusted.`,
      ),
    );
  });
  device.lost.then(({ message, reason }) => {
    failure.abort(
      new BackendUnavailableError(
        'device-lost',
        `The graphics device was lost (${message || reason}).`,
      ),
    );
  });
  const giveUp = (reason: BackendUnavailableError) => {
    failure.abort(reason);
    device.destroy();
  };
  return { failure: failure.signal, giveUp };
}

/** Longest wait for the device's own reason of a failure, in milliseconds. */
const REASON_MS = 500;

/** Resolves when a device has failed, or does not say within half a second that it has. */
export async function failed(failure: AbortSignal): Promise<void> {
  if (failure.aborted) return;
  await new Promise((resolve) => {
    setTimeout(resolve, REASON_MS);
    failure.addEventListener('abort', resolve, { once: true });
  });
}

/** What an adapter says of itself, and whether it is software. */
export function describeAdapter(adapter: Partial<GPUAdapter>): BackendInfo {
  // Chrome 113 to 126 have no `info`, whatever the types say.
  const info: Partial<GPUAdapterInfo> = adapter.info ?? {};
  const names = [info.vendor, info.architecture, info.device, info.description].filter(Boolean);
  const deviceClass = classifyAdapter(info);
  const isSoftware = deviceClass === 'software';
  const name = names.join(' ') || 'unnamed adapter';
  return {
    name: 'webgpu',
    adapter: isSoftware ? `${name} (software adapter)` : name,
    precision: 'float32',
    isSoftware,
    deviceClass,
  };
}
