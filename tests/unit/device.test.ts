/** A device is described by what its adapter says of itself, be that nothing. */
import { afterEach, expect, it, vi } from 'vitest';
import { acquireDevice } from '../../src/gpu/runtime/device';

afterEach(() => {
  vi.useRealTimers();
});

/** A GPU whose adapter's `info` is as given, and the device that it hands out. */
function adapterWith(info: Partial<GPUAdapterInfo> | undefined) {
  const device = { addEventListener: () => {}, lost: new Promise(() => {}) };
  const adapter = {
    ...(info !== undefined && { info }),
    limits: { maxStorageBufferBindingSize: 1, maxBufferSize: 1 },
    features: new Set(),
    requestDevice: async () => device,
  };
  return { gpu: { requestAdapter: async () => adapter } as unknown as GPU, device };
}

it.each([
  ['without info, as in Chrome 113 to 126', undefined, 'unnamed adapter', false],
  ['whose info is empty', {}, 'unnamed adapter', false],
  ['that says part', { vendor: 'acme', architecture: '' }, 'acme', false],
  ['in software', { vendor: 'google', isFallbackAdapter: true }, 'google (software adapter)', true],
])('an adapter %s gives its device', async (_, info, adapter, isSoftware) => {
  const { gpu, device } = adapterWith(info);
  const acquired = await acquireDevice(gpu);
  expect(acquired.device).toBe(device);
  expect(acquired.info).toEqual({ name: 'webgpu', adapter, precision: 'float32', isSoftware });
});

const never = () => new Promise<never>(() => undefined);

it.each([
  [
    'browser',
    { requestAdapter: never },
    'no-adapter',
    'The browser, asked for a graphics adapter, has not answered for 60 seconds.',
  ],
  [
    'adapter',
    {
      requestAdapter: async () => ({ limits: {}, features: new Set(), requestDevice: never }),
    },
    'no-device',
    /^The graphics adapter gave no device \(It has not answered for 60 seconds\.\)/,
  ],
])('a %s that never answers is given up', async (_, gpu, reason, message) => {
  vi.useFakeTimers();
  const given = acquireDevice(gpu as unknown as GPU).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await given).toMatchObject({ reason, message: expect.stringMatching(message) });
});
