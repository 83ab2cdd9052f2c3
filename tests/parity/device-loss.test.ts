/** A run whose GPU is lost goes on from its last copy, to the same bits as one that was left alone. */
import { effect } from '@preact/signals';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../src/app/state/store';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { keptDevice } from '../../src/session/page-device';
import { checkConfiguration } from '../../src/training/configuration/check';
import { prepare } from '../../src/training/prepare';
import { MemoryRunStorage } from '../support/memory-run-storage';
import { endOf, openPage, pageOver, reached, serviceFor, until } from '../support/run-page';
import { tickPerLook } from '../support/ticking-clock';
import { fewDigits } from './support/problems';

const { problem: PROBLEM } = prepare(
  checkConfiguration({ hidden: [4], batchSize: 10 }),
  fewDigits(40),
);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Destroys the kept device as soon as the run has come so far, which is before its end by a ticking clock. */
async function loseAt(store: Store, epochs: number): Promise<void> {
  await reached(store, epochs);
  (await keptDevice()).device.destroy();
}

/** Small networks: a lost device costs the time that its successor takes to compile. */
const RUNS = [
  'tune=off&digits=0,1&hidden=&epochs=300',
  'tune=off&digits=0,1,2&hidden=3&batch_size=32&optimizer=adam&learning_rate=0.01&dropout=0.2&epochs=30',
  'tune=off&digits=0,1&hidden=&epochs=3000&init=glorot_normal&patience=40&min_delta=0.001',
];

describe.each(RUNS)('%s', (search) => {
  it('ends with the same bits after two losses', async () => {
    tickPerLook();
    const alone = (await openPage(search)).store;
    await alone.start();
    const expected = await endOf(alone);
    const { store, notices } = await openPage(search);
    const most = expected.history.length;
    const running = store.start();
    await loseAt(store, most / 5);
    await until(() => store.announcer.notice.value?.title === 'The GPU was lost');
    await loseAt(store, most / 2);
    await running;
    expect(store.run.value?.info.name).toBe('webgpu');
    const losses = notices.filter(({ title }) => title === 'The GPU was lost');
    expect(losses).toHaveLength(2);
    for (const { text } of losses) {
      expect(text).toMatch(
        /^At epoch [\d,]+; training went on from epoch [\d,]+ on a new device\./,
      );
    }
    expect(await endOf(store)).toEqual(expected);
  });
});

it('goes on with the CPU after three losses within a minute, with every epoch once', async () => {
  tickPerLook();
  const { store, notices } = await openPage(RUNS[0]);
  const running = store.start();
  let losses = 0;
  for (const epochs of [50, 100, 150]) {
    await loseAt(store, epochs);
    losses++;
    await until(() => store.announcer.notice.value !== undefined && notices.length === losses);
  }
  await running;
  expect(store.run.value?.info.name).toBe('cpu');
  expect(store.backend.value).toBe('cpu');
  expect(store.announcer.notice.value?.text).toContain('on CPU, float32');
  const { status, history } = await endOf(store);
  expect([status, history.length]).toEqual(['finished', 300]);
});

it('goes on with the CPU where no adapter comes back', async () => {
  tickPerLook();
  const { store } = await openPage(RUNS[0]);
  const running = store.start();
  await reached(store, 100);
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
  (await keptDevice()).device.destroy();
  await running;
  expect(store.run.value?.info.name).toBe('cpu');
  expect((await endOf(store)).history).toHaveLength(300);
});

it('a run that is paused, or over, is there again when it is asked', async () => {
  const { store } = await openPage(RUNS[0]);
  await store.step();
  const run = store.run.value;
  if (run === undefined) throw new Error('no run');
  const before = await store.service.parameters(run.id);
  (await keptDevice()).device.destroy();
  expect(await store.service.parameters(run.id)).toEqual(before);
  await store.step();
  expect(run.history.length).toBe(2);
  expect(store.run.value?.info.name).toBe('webgpu');
});

it('the next visit goes on where the last one broke off, with the same bits', async () => {
  tickPerLook();
  const alone = (await openPage(RUNS[1])).store;
  await alone.start();
  const expected = await endOf(alone);
  const { store, storage } = await openPage(RUNS[1]);
  const running = store.start();
  await reached(store, 15);
  // The tab is gone: nobody closes anything. Its lock is gone with it, as the browser does.
  vi.spyOn(navigator.locks, 'query').mockResolvedValue({ held: [] });
  const atThatTime = new MemoryRunStorage();
  await atThatTime.put(new Map(storage.entries));
  await running;
  const { store: next } = await openPage('tune=off&digits=3,4&epochs=5', atThatTime);
  await next.earlier.find();
  expect(next.earlier.offered.value?.epoch).toBeGreaterThan(5);
  await next.earlier.goOn();
  expect(next.run.value?.status.value).toBe('paused');
  await next.start();
  expect(await endOf(next)).toEqual(expected);
});

describe('a device that is lost', () => {
  it('while plans are measured leaves the run to another one, which measures nothing', async () => {
    const service = serviceFor({ storage: new MemoryRunStorage() });
    const { store, notices } = pageOver(service, 'digits=0,1&hidden=6&epochs=20');
    await store.setPlanOptions({ schedule: 'auto', tuning: 'force' });
    expect(store.run.value?.info.plan?.chosenBy).toBe('measurement');
    const stop = effect(() => {
      const { share = 0 } = store.tuningProgress.value ?? {};
      if (share > 0) keptDevice().then(({ device }) => device.destroy());
    });
    await store.reset();
    stop();
    await store.start();
    const run = store.run.value;
    expect([run?.info.name, run?.info.plan?.chosenBy]).toEqual(['webgpu', 'fixed table']);
    expect([run?.status.value, run?.history.length]).toEqual(['finished', 20]);
    expect(notices.length).toBeLessThanOrEqual(1);
  });

  it('in the self-test is named there in its own words, and the run has another', async () => {
    const { store, notices } = await openPage(RUNS[0]);
    await store.step();
    const { mapAsync } = GPUBuffer.prototype;
    const { requestDevice } = GPUAdapter.prototype;
    let own: GPUDevice | undefined;
    vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(async function (
      this: GPUAdapter,
      ...parameters
    ) {
      own = await requestDevice.apply(this, parameters);
      return own;
    });
    let readbacks = 0;
    vi.spyOn(GPUBuffer.prototype, 'mapAsync').mockImplementation(function (
      this: GPUBuffer,
      ...parameters
    ) {
      if (++readbacks === 5) own?.destroy();
      return mapAsync.apply(this, parameters);
    });
    await expect(store.service.selfTest(store.run.value?.id ?? 0)).rejects.toThrow(
      /^The graphics device was lost/,
    );
    await store.step();
    expect(store.run.value?.history.length).toBe(2);
    expect(notices).toEqual([]);
  });

  it('while its kernels are timed says so in its own words', async () => {
    const acquired = await acquireDevice(navigator.gpu);
    const backend = await createWebGpuBackend(PROBLEM, { device: acquired });
    const timed = backend.timeKernels();
    const { createCommandEncoder } = GPUDevice.prototype;
    let submits = 0;
    vi.spyOn(GPUDevice.prototype, 'createCommandEncoder').mockImplementation(function (
      this: GPUDevice,
      ...parameters
    ) {
      if (++submits === 5) acquired.device.destroy();
      return createCommandEncoder.apply(this, parameters);
    });
    await expect(timed).rejects.toThrow(/^The graphics device was lost/);
    backend.dispose();
  });
});

it('is left to the tab that took it first', async () => {
  const { store, storage } = await openPage(RUNS[1]);
  await store.step();
  vi.spyOn(navigator.locks, 'query').mockResolvedValueOnce({ held: [] });
  const { store: other, notices } = await openPage('tune=off&epochs=5', storage);
  await other.earlier.find();
  expect(other.earlier.offered.value?.epoch).toBe(1);
  // Whoever trains it holds its lock still.
  const before = other.run.value;
  await other.earlier.goOn();
  expect(notices.map(({ text }) => text)).toEqual([
    'That run goes on in another tab, or was not kept.',
  ]);
  expect(other.run.value).toBe(before);
});

it('trains where nothing can be kept, and says so once', async () => {
  const storage = new MemoryRunStorage();
  vi.spyOn(storage, 'put').mockRejectedValue(new DOMException('no room', 'QuotaExceededError'));
  const { store } = await openPage('tune=off&epochs=30', storage);
  await store.start();
  expect(store.announcer.notice.value?.title).toBe('Runs are not kept here');
  expect((await endOf(store)).history).toHaveLength(30);
});
