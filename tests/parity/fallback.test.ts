/** Why there is no WebGPU backend: each cause has its own type and words, and nothing is left behind. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { networkFor } from '../../src/model/network-spec';
import { openBackend } from '../../src/session/open-backend';
import { BackendUnavailableError, InvalidInputError } from '../../src/training/errors';
import { smallProblem } from '../support/problems';
import { sharedDevice, withWebGpu } from './support/open';
import { watch } from './support/watched-device';

const device = sharedDevice();
const problem = smallProblem();

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function refusal(open: () => Promise<unknown>): Promise<BackendUnavailableError> {
  try {
    await open();
  } catch (error) {
    if (error instanceof BackendUnavailableError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('no device', () => {
  it('without an adapter', async () => {
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
    for (const open of [
      () => acquireDevice(navigator.gpu),
      () => createWebGpuBackend(problem, { gpu: navigator.gpu }),
      () => openBackend('webgpu', problem),
    ]) {
      const error = await refusal(open);
      expect(error.reason).toBe('no-adapter');
      expect(error.message).toContain('chrome://gpu');
    }
  });

  it('without navigator.gpu', async () => {
    vi.stubGlobal('navigator', { userAgent: navigator.userAgent });
    const error = await refusal(() => openBackend('webgpu', problem));
    expect(error.reason).toBe('no-webgpu');
    expect(error.message).toMatch(/Chrome or Edge 113.*Firefox/);
  });

  it('with navigator.gpu undefined', async () => {
    vi.stubGlobal('navigator', { gpu: undefined });
    expect((await refusal(() => openBackend('webgpu', problem))).reason).toBe('no-webgpu');
  });

  it('in a page that is not secure', async () => {
    vi.stubGlobal('isSecureContext', false);
    const error = await refusal(() => openBackend('webgpu', problem));
    expect(error.reason).toBe('insecure-context');
    expect(error.message).toContain('https');
  });

  it('from an adapter that gives none', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    if (adapter === null) throw new Error('no adapter');
    vi.spyOn(adapter, 'requestDevice').mockRejectedValue(
      new DOMException('no more', 'OperationError'),
    );
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(adapter);
    const error = await refusal(() => openBackend('webgpu', problem));
    expect(error.reason).toBe('no-device');
    expect(error.message).toContain('no more');
  });

  it('leaves the way open for the next try', async () => {
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValueOnce(null);
    await refusal(() => openBackend('webgpu', problem));
    const backend = await openBackend('webgpu', problem);
    expect((await backend.train(1)).length).toBe(1);
    backend.dispose();
  });
});

describe('a kernel that does not compile', () => {
  it.each([
    ['that is not WGSL', (code: string) => code.replace('fn main(', 'fn main((')],
    ['that names what is not there', (code: string) => `${code}\nfn more() { nothing(); }`],
    ['without its entry point', (code: string) => code.replace('fn main(', 'fn other(')],
  ])('%s: typed, with the compiler’s words, and nothing stays allocated', async (_, code) => {
    const watched = watch(device(), { code });
    const error = await refusal(() =>
      createWebGpuBackend(problem, { device: watched, schedule: 'layered' }),
    );
    expect(error.reason).toBe('shader-failed');
    expect(error.message).toMatch(/The kernel [a-z-]+ did not compile on this device \(.+\)/);
    expect(watched.calls.get('createBuffer')).toBeGreaterThan(0);
    expect(watched.alive.size).toBe(0);
    expect(watched.calls.get('destroy')).toBeUndefined();
    expect(watched.calls.get('pushErrorScope')).toBe(watched.calls.get('popErrorScope'));
  });

  it('says in which line', async () => {
    const watched = watch(device(), { code: (code) => `${code}\nfn more() { nothing(); }` });
    const error = await refusal(() => createWebGpuBackend(problem, { device: watched }));
    expect(error.message).toMatch(/line \d+: .*nothing/);
  });
});

/** Every buffer is refused, whatever else goes well. */
function noRoom(filter: GPUErrorFilter | undefined): GPUError | undefined {
  return filter === 'out-of-memory' ? new GPUOutOfMemoryError('no room') : undefined;
}

describe('no room', () => {
  it('is typed, names the size, and nothing stays allocated', async () => {
    const watched = watch(device(), { scopeError: noRoom });
    const error = await refusal(() => createWebGpuBackend(problem, { device: watched }));
    expect(error.reason).toBe('out-of-memory');
    expect(error.message).toMatch(/no room for the \d+\.\d MiB/);
    expect(watched.calls.get('createBuffer')).toBeGreaterThan(0);
    expect(watched.alive.size).toBe(0);
  });

  it.each([
    // 65,536 × 65,536 weights: 16 GiB, beyond what any device binds.
    [[65_536, 65_536], {}],
    // 144 MB: within many devices' limits, beyond the default of 128 MiB.
    [[6000, 6000], { maxStorageBufferBindingSize: 2 ** 27 }],
    // Few parameters, but too many values of the samples in between.
    [[4_000_000], { maxBufferSize: 2 ** 27 }],
  ])(
    'for hidden layers %j by the device’s limits is refused before anything is allocated',
    async (hidden, limits) => {
      const watched = watch(device(), { limits });
      const spec = networkFor(5, hidden, 2, 'tanh');
      const huge = { ...problem, spec, parameters: new Float64Array() };
      const opening = createWebGpuBackend(huge, { device: watched });
      await expect(opening).rejects.toBeInstanceOf(InvalidInputError);
      await expect(opening).rejects.toThrow(
        new RegExp(
          `^hidden: "${hidden}" .* needs [\\d,]+ bytes, [\\d,]+ more than this device’s max`,
        ),
      );
      expect(watched.calls.get('createBuffer')).toBeUndefined();
      expect(watched.calls.get('createShaderModule')).toBeUndefined();
    },
  );

  it('for a checkpoint is typed, and training goes on as if it had not been asked for', async () => {
    let isFull = false;
    const watched = watch(device(), {
      scopeError: (filter) => (isFull ? noRoom(filter) : undefined),
    });
    const expected = await withWebGpu(device(), problem, (backend) => backend.train(5));
    await withWebGpu(watched, problem, async (backend) => {
      const first = await backend.train(2);
      await backend.checkpoint(0);
      isFull = true;
      const alive = watched.alive.size;
      for (const ask of [() => backend.checkpoint(1), () => backend.state()]) {
        const error = await refusal(ask);
        expect(error.reason).toBe('out-of-memory');
        expect(error.message).toMatch(/no room for the \d+\.\d MiB of a (checkpoint|readback)\./);
        expect(watched.alive.size).toBe(alive);
      }
      await expect(backend.rollback(1)).rejects.toThrow('nothing was kept in slot 1');
      // What has its room already asks for none.
      await backend.checkpoint(0);
      await backend.rollback(0);
      expect([...first, ...(await backend.train(3))]).toEqual(expected);
    });
  });

  it('leaves the device to smaller networks', async () => {
    let isFull = true;
    const watched = watch(device(), {
      scopeError: (filter) => (isFull ? noRoom(filter) : undefined),
    });
    await refusal(() => createWebGpuBackend(problem, { device: watched }));
    isFull = false;
    await withWebGpu(watched, problem, async (backend) => {
      expect((await backend.train(2)).length).toBe(2);
    });
  });
});
