/** The WebGPU of this page or worker, and the device that it keeps. */
import { type AcquiredDevice, acquireDevice } from '../gpu/runtime/device';
import { BackendUnavailableError } from '../training/errors';

/**
 * The WebGPU of a browser, or of another place that has it where browsers do.
 *
 * @throws BackendUnavailableError with the cause and what to do about it
 */
export function pageGpu(): GPU {
  if (globalThis.isSecureContext === false) {
    throw new BackendUnavailableError(
      'insecure-context',
      'WebGPU needs a secure page: open it over https or from http://127.0.0.1.',
    );
  }
  if (!('gpu' in navigator) || navigator.gpu === undefined) {
    throw new BackendUnavailableError(
      'no-webgpu',
      'This browser has no WebGPU. Chrome or Edge 113, Safari 26 and Firefox 141 (Windows) or 145 (macOS) have it; on Linux see chrome://flags/#enable-unsafe-webgpu.',
    );
  }
  return navigator.gpu;
}

let kept: Promise<AcquiredDevice> | undefined;

/**
 * The device that this thread keeps, so that a network that is opened again finds its kernels compiled;
 * another one after it has failed. It lives as long as the thread: whoever asked must not destroy it.
 *
 * @throws BackendUnavailableError as `pageGpu` and `acquireDevice` do; the next call then tries again
 */
export function keptDevice(): Promise<AcquiredDevice> {
  if (kept !== undefined) return kept;
  const acquiring = acquirePageDevice();
  const forget = () => {
    if (kept === acquiring) kept = undefined;
  };
  kept = acquiring;
  acquiring.then(({ device, failure }) => {
    failure.addEventListener('abort', () => {
      forget();
      device.destroy();
    });
  }, forget);
  return acquiring;
}

async function acquirePageDevice(): Promise<AcquiredDevice> {
  return acquireDevice(pageGpu());
}
