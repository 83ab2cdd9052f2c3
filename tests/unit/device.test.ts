/** A device is described by what its adapter says of itself, be that nothing. */
import { afterEach, expect, it, vi } from 'vitest';
import { classifyAdapter } from '../../src/gpu/runtime/classify-adapter';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { WorkQueue } from '../../src/gpu/runtime/work-queue';

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
  ['without info, as in Chrome 113 to 126', undefined, 'unnamed adapter', 'integrated'],
  ['whose info is empty', {}, 'unnamed adapter', 'integrated'],
  ['that says part', { vendor: 'acme', architecture: '' }, 'acme', 'integrated'],
  [
    'in software',
    { vendor: 'google', isFallbackAdapter: true },
    'google (software adapter)',
    'software',
  ],
] as const)('an adapter %s gives its device', async (_, info, adapter, deviceClass) => {
  const { gpu, device } = adapterWith(info);
  const acquired = await acquireDevice(gpu);
  expect(acquired.device).toBe(device);
  expect(acquired.info).toEqual({
    ...{ name: 'webgpu', adapter, precision: 'float32' },
    ...{ isSoftware: deviceClass === 'software', deviceClass },
  });
});

/** As Chrome, Dawn in Node and wgpu in Deno tell of them; architectures are those of Dawn's own list. */
it.each([
  ['software', 'google', 'swiftshader', '', ''],
  ['software', '6880', '', '49374', 'SwiftShader Device (Subzero)'],
  ['software', '65541', '', '0', 'llvmpipe (LLVM 15.0.6, 256 bits)'],
  ['software', 'microsoft', '', '', 'Microsoft Basic Render Driver'],
  ['discrete', 'nvidia', 'lovelace', '', ''],
  ['discrete', 'nvidia', 'hopper', '0x2330', 'NVIDIA H100 80GB HBM3'],
  ['discrete', '4318', '', '9008', 'NVIDIA H100 80GB HBM3'],
  ['discrete', 'amd', 'rdna-3', '0x744c', 'AMD Radeon RX 7900 XTX'],
  ['discrete', '4098', '', '29772', 'AMD Radeon RX 7900 XTX (RADV NAVI31)'],
  ['integrated', 'amd', 'gcn-5', '0x1638', 'AMD Radeon(TM) Graphics'],
  ['integrated', 'amd', 'rdna-3', '0x15bf', 'AMD Radeon 780M Graphics'],
  ['integrated', 'amd', 'rdna-2', '0x163f', 'AMD Custom GPU 0405 (RADV VANGOGH)'],
  ['integrated', 'intel', 'gen-12lp', '0x9a49', 'Intel(R) Iris(R) Xe Graphics'],
  ['integrated', 'intel', 'xe-lpg', '0x7d55', 'Intel(R) Arc(TM) Graphics'],
  ['discrete', 'intel', 'xe-hpg', '0x56a0', 'Intel(R) Arc(TM) A770 Graphics'],
  ['discrete', 'intel', 'xe-2hpg', '0xe20b', 'Intel(R) Arc(TM) B580 Graphics'],
  ['discrete', 'intel', 'gen-12hp', '', ''],
  ['discrete', 'intel', '', '0xe212', 'Intel(R) Arc(TM) Pro B50 Graphics'],
  ['discrete', '32902', '', '22176', 'Intel(R) Arc(tm) A770 Graphics (DG2)'],
  ['integrated', '32902', '', '32085', 'Intel(R) Arc(tm) Graphics (MTL)'],
  ['integrated', 'intel', 'xe-2lpg', '0x64a0', 'Intel(R) Arc(TM) 140V GPU (16GB)'],
  ['integrated', 'apple', 'metal-3', '', 'Apple M3 Max'],
  ['integrated', 'qualcomm', 'adreno-7xx', '', ''],
  ['integrated', 'arm', 'valhall', '', ''],
] as const)('%s: %s %s %s %s', (expected, vendor, architecture, device, description) => {
  expect(classifyAdapter({ vendor, architecture, device, description })).toBe(expected);
});

it.each([
  ['software', '', 4],
  ['software', '', 8],
  ['integrated', '', 16],
  ['integrated', '', 32],
  // Spared by a browser that does not know: https://www.w3.org/TR/webgpu/#gpuadapterinfo says 128.
  ['integrated', '', 128],
  ['integrated', '', 0],
  ['integrated', 'arm', 8],
  ['discrete', 'nvidia', 4],
] as const)('%s: vendor "%s", subgroups of at most %i', (expected, vendor, subgroupMaxSize) => {
  expect(classifyAdapter({ vendor, subgroupMaxSize })).toBe(expected);
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

it('a device that answers slowly, one after the other, is not silent', async () => {
  vi.useFakeTimers();
  const device = {} as GPUDevice;
  const giveUp = vi.fn();
  const queue = new WorkQueue({ device, failure: new AbortController().signal, giveUp });
  const stagingOf = (answersMs: number) =>
    ({
      size: 4,
      mapAsync: () => new Promise<void>((resolve) => setTimeout(resolve, answersMs)),
      getMappedRange: () => new ArrayBuffer(4),
      unmap: () => undefined,
    }) as unknown as GPUBuffer;
  const read = Promise.all([40_000, 80_000].map((ms) => queue.map(stagingOf(ms))));
  const silent = queue.map(stagingOf(1e9)).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(await read).toHaveLength(2);
  expect(giveUp).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(50_000);
  expect(giveUp).toHaveBeenCalledOnce();
  expect(await silent).toMatchObject({ reason: 'device-lost' });
});
