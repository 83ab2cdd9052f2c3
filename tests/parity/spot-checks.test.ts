/** A driver that computes wrongly, from the first step or only later, is found by the run itself. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { IndexedTuningStore } from '../../src/app/worker/indexed-tuning-store';
import { WebGpuBackend } from '../../src/gpu/backend';
import { Program } from '../../src/gpu/runtime/program';
import { keptDevice } from '../../src/session/page-device';
import { BackendUnavailableError } from '../../src/training/errors';
import { MemoryRunStorage } from '../support/memory-run-storage';
import { endOf, openPage } from '../support/run-page';

afterEach(async () => {
  vi.restoreAllMocks();
  await new IndexedTuningStore().clear();
  // What was compiled wrongly goes with its device.
  (await keptDevice()).device.destroy();
});

/** A driver that makes something else of a piece of WGSL. */
function miscompile(from: string | RegExp, to: string): void {
  const compile = GPUDevice.prototype.createShaderModule;
  vi.spyOn(GPUDevice.prototype, 'createShaderModule').mockImplementation(function (
    this: GPUDevice,
    descriptor,
  ) {
    return compile.call(this, { ...descriptor, code: descriptor.code.replace(from, to) });
  });
}

const UNSOUND = 'This run is not sound';
const SGD = 'w -= step.learning_rate * g;';
/** Each check computes a whole epoch in float64. */
const FEW = 'train_samples=48&test_samples=24&hidden=4';
const LAYERED = 'tune=off&schedule_kind=layered&digits=0,1,2&hidden=6&epochs=40';

describe('on a device that was not seen before', () => {
  it('the first steps are right, and the next run asks no more', async () => {
    const { store, notices } = await openPage(LAYERED);
    const get = vi.spyOn(IndexedTuningStore.prototype, 'get');
    await store.start();
    expect(notices).toEqual([]);
    const [key] = get.mock.calls[0];
    expect(key).toMatch(/^sound \| .* \| kernels [0-9a-f]+$/);
    expect(await new IndexedTuningStore().get(key)).toBeDefined();
    const read = vi.spyOn(GPUBuffer.prototype, 'mapAsync');
    await store.reset();
    await store.start();
    const { history } = await endOf(store);
    expect(history).toHaveLength(40);
    // A check reads dozens of buffers, a run of one chunk at a time but a few.
    const { calls } = read.mock;
    expect(calls.filter((call) => call.length === 1)).toEqual([]);
  });

  it.each([
    [
      'layered',
      LAYERED,
      'let d = sum * derivative(a);',
      'let d = vec4<f32>();',
      'dense-backward-delta',
    ],
    [
      'what the fixed table takes',
      'tune=off&hidden=4&epochs=40',
      SGD,
      'w -= 0.9 * step.learning_rate * g;',
      undefined,
    ],
    [
      'too large for float64, with fewer samples',
      'tune=off&digits=0,1,2,3,4,5,6,7,8,9&hidden=200,200&batch_size=700&epochs=2',
      'let d = sum * derivative(a);',
      'let d = vec4<f32>();',
      'dense-backward-delta',
    ],
  ])('a wrong kernel is named: %s', async (_, search, from, to, kernel) => {
    miscompile(from, to);
    const { store, notices } = await openPage(search);
    await store.start();
    const run = store.run.value;
    expect(run?.finding.value?.epoch).toBe(0);
    expect(run?.finding.value?.kernel?.kernel).toMatch(kernel ?? /train|update/);
    expect(notices.map(({ title }) => title)).toContain(UNSOUND);
    expect(run?.history.length).toBe(run?.configuration.epochs);
    await store.announcer.notice.value?.action?.act();
    expect(store.isDiagnosing.value).toBe(true);
  });
});

describe('later on', () => {
  it('a kernel that goes wrong amid a run is found, and said once', async () => {
    miscompile(SGD, 'w -= step.learning_rate * g * select(1.0, 3.0, step.step > 20u);');
    const { store, notices } = await openPage(
      `tune=off&schedule_kind=layered&epochs=60&${FEW}`,
      new MemoryRunStorage(),
      { checkMilliseconds: 0 },
    );
    await store.start();
    const finding = store.run.value?.finding.value;
    expect(finding?.kernel?.kernel).toBe('sgd-update');
    expect(finding?.epoch).toBeGreaterThan(20);
    expect(notices.filter(({ title }) => title === UNSOUND)).toHaveLength(1);
    expect(notices[0].text).toMatch(/The kernel sgd-update is wrong: its parameters differ by/);
  });

  it('a step is a whole epoch, though checks fall due on the way', async () => {
    const { store } = await openPage(
      `tune=off&schedule_kind=layered&batch_size=16&epochs=2&${FEW}`,
      new MemoryRunStorage(),
      { checkMilliseconds: 0 },
    );
    for (const epochs of [1, 2]) {
      await store.step();
      expect([store.run.value?.history.length, store.run.value?.done]).toEqual([epochs, epochs]);
    }
  });

  it('numbers that no kernel explains are found, too', async () => {
    const { state } = WebGpuBackend.prototype;
    let calls = 0;
    vi.spyOn(WebGpuBackend.prototype, 'state').mockImplementation(async function (
      this: WebGpuBackend,
    ) {
      const copied = await state.call(this);
      const parameters = copied.parameters.map((value) => Math.fround(value * (1 + 2 ** -22)));
      return ++calls === 3 ? { ...copied, parameters } : copied;
    });
    const { store, notices } = await openPage(LAYERED, new MemoryRunStorage(), {
      keepMilliseconds: Number.POSITIVE_INFINITY,
    });
    await store.start();
    expect(store.run.value?.finding.value).toEqual({ epoch: 0 });
    expect(notices.map(({ title }) => title)).toContain(UNSOUND);
  });

  it('a check that cannot be done leaves the run alone', async () => {
    const alone = await openPage(LAYERED);
    await alone.store.start();
    await new IndexedTuningStore().clear();
    const { store, notices } = await openPage(LAYERED);
    const full = new BackendUnavailableError('out-of-memory', 'no room');
    const compile = vi.spyOn(Program, 'compile').mockRejectedValueOnce(full);
    await store.start();
    expect(compile).toHaveBeenCalledTimes(1);
    expect(notices).toEqual([]);
    expect(await endOf(store)).toEqual(await endOf(alone.store));
  });
});
