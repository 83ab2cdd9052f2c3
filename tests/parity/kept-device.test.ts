/** The device that the page's worker keeps: what was compiled on it once is not compiled again. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { pipelinesOf } from '../../src/gpu/runtime/pipeline-cache';
import { keptDevice } from '../../src/session/page-device';
import { checkConfiguration } from '../../src/training/configuration/check';
import { prepare } from '../../src/training/prepare';
import { openPage } from '../support/run-page';
import { fewDigits } from './support/problems';

const TEN_DIGITS =
  '?digits=0,1,2,3,4,5,6,7,8,9&schedule_kind=layered&hidden=12,8&batch_size=32&dropout=0.2&epochs=3&tune=off';

async function compilations(): Promise<number> {
  return pipelinesOf((await keptDevice()).device).compilations;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('on the kept device', () => {
  it('Reset, New seed, Start again and opening the network once more compile nothing', async () => {
    const { store } = await openPage(TEN_DIGITS);
    expect(store.run.value?.info.name).toBe('webgpu');
    const compiled = await compilations();
    expect(compiled).toBeGreaterThan(10);
    const compile = vi.spyOn(GPUDevice.prototype, 'createComputePipelineAsync');
    const acquire = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    const opened = () => store.run.value?.id ?? 0;
    const actions: readonly (readonly [string, () => Promise<void>])[] = [
      ['Start', () => store.start()],
      ['Reset', () => store.reset()],
      ['New seed', () => store.newSeed()],
      ['Start with the new seed', () => store.start()],
      ['Start again', () => store.start()],
    ];
    for (const [name, action] of actions) {
      const before = opened();
      await action();
      // What can be undone is said for a while; nothing went wrong.
      expect([undefined, 'Undo'], name).toContain(store.announcer.notice.value?.action?.title);
      expect(store.announcer.notice.value?.isPassing ?? true, name).toBe(true);
      expect(opened() > before, name).toBe(!name.startsWith('Start') || name === 'Start again');
      expect(store.run.value?.history.length, name).toBe(name.startsWith('Start') ? 3 : 0);
    }
    // Another page on the same worker thread, as a user has who opens the lab a second time.
    const { store: again } = await openPage(TEN_DIGITS);
    expect(again.run.value?.info.name).toBe('webgpu');
    expect(compile).not.toHaveBeenCalled();
    expect(acquire).not.toHaveBeenCalled();
    expect(await compilations()).toBe(compiled);
  });

  it('two networks at once train as each does alone', async () => {
    const search = '?digits=0,1&hidden=4&epochs=5&tune=off';
    const { store: alone } = await openPage(search);
    await alone.start();
    const pages = await Promise.all([openPage(search), openPage(search)]);
    await Promise.all(pages.map(({ store }) => store.start()));
    for (const { store } of pages) {
      expect(store.run.value?.history.slice(0)).toEqual(alone.run.value?.history.slice(0));
    }
  });
});

describe('a device that failed', () => {
  it('is left by every network on it for another device', async () => {
    const { store } = await openPage(TEN_DIGITS);
    const first = await keptDevice();
    // A copy that passes the end of its buffer: the device's own words say so, and nobody catches them.
    const buffer = first.device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_SRC });
    const encoder = first.device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, buffer, 0, 400);
    first.device.queue.submit([encoder.finish()]);
    await expect
      .poll(() => store.announcer.notice.value?.title, { timeout: 30_000 })
      .toBe('The GPU failed');
    expect(store.announcer.notice.value?.text).toMatch(/reported an error \(.*[Cc]opy.*\)/s);
    const second = await keptDevice();
    expect(second.device).not.toBe(first.device);
    expect(store.run.value?.info.name).toBe('webgpu');
    await store.start();
    expect(store.run.value?.history.length).toBe(3);
  });

  it('is not given again to whoever hears that it was silent for too long', async () => {
    const first = await keptDevice();
    let next: ReturnType<typeof keptDevice> | undefined;
    const { problem } = prepare(checkConfiguration({ hidden: [4] }), fewDigits(20));
    const backend = await createWebGpuBackend(problem, {
      device: first,
      silenceMs: 300,
      onLost: () => {
        next = keptDevice();
      },
    });
    vi.spyOn(GPUBuffer.prototype, 'mapAsync').mockReturnValue(new Promise(() => undefined));
    await expect(backend.train(1)).rejects.toThrow('has not answered');
    expect((await next)?.device).toBeInstanceOf(GPUDevice);
    expect((await next)?.device).not.toBe(first.device);
    backend.dispose();
  });
});
