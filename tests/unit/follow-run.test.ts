/** Reading from a run while it trains: by a clock of the test's own, so that nothing depends on a machine's. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followRun, type Readback } from '../../src/app/lab/panels/common/follow-run';
import { lookCost } from '../../src/app/stage/draw-cost';
import type { Run } from '../../src/app/state/run';
import { openRun } from '../support/open-run';
import { plainMetrics } from '../support/scripted-backend';

const EVERY = 100;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function train(run: Run, epochs = 1): void {
  const from = run.history.length;
  const metrics = Array.from({ length: epochs }, (_, i) => plainMetrics(from + i));
  run.report({ ...{ id: 1, from, underway: null }, epochs: metrics, trainMilliseconds: 1 });
}

/** Follows a run whose readings take `took` milliseconds, and lists when each begins. */
function follow(took: number, pauseAfter?: () => number) {
  const run = openRun();
  const selected = signal<Run | undefined>(run);
  const isVisible = signal(true);
  const begun: number[] = [];
  const read: Readback<number>[] = [];
  const options = {
    milliseconds: EVERY,
    pauseAfter,
    read: async () => {
      begun.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, took));
      return begun.length;
    },
  };
  const start = performance.now();
  const stop = followRun(selected, isVisible, options, (value) => read.push(value));
  return { run, selected, isVisible, read, stop, begun: () => begun.map((time) => time - start) };
}

describe('a run that is followed', () => {
  it('is read at once, and again only when something may have changed', async () => {
    const { run, begun, read } = follow(10);
    await vi.advanceTimersByTimeAsync(1000);
    expect(begun()).toEqual([0]);
    expect(read).toEqual([{ run, value: 1 }]);
    train(run);
    await vi.advanceTimersByTimeAsync(1000);
    expect(begun()).toEqual([0, 1000]);
  });

  it('is read by one reading at a time, as often as asked for at most', async () => {
    const { run, begun } = follow(150);
    for (let i = 0; i < 6; i++) {
      await vi.advanceTimersByTimeAsync(50);
      train(run);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(begun()).toEqual([0, 150, 300]);
  });

  it('gives a twentieth of its time to readings while it trains', async () => {
    const { run, begun } = follow(50);
    run.status.value = 'running';
    for (let i = 0; i < 40; i++) {
      await vi.advanceTimersByTimeAsync(50);
      train(run);
    }
    expect(begun()).toEqual([0, 1000, 2000]);
  });

  it('is read more often where most of the time was waiting', async () => {
    const { run, begun } = follow(50, () => 200);
    run.status.value = 'running';
    for (let i = 0; i < 12; i++) {
      await vi.advanceTimersByTimeAsync(50);
      train(run);
    }
    expect(begun()).toEqual([0, 200, 400, 600]);
  });

  it('is drawn less often where that is dear, so that it takes at most 4 % from training', async () => {
    const cost = { computing: 1, drawing: 10, cores: 2, isSlowMotion: false };
    const drawn = (changes: Partial<typeof cost>) => {
      const { run, begun } = follow(1, () => lookCost({ ...cost, ...changes }) / 0.04);
      run.status.value = 'running';
      return { run, begun };
    };
    const runs = [{}, { cores: 16 }, { drawing: 1 }, { isSlowMotion: true }].map(drawn);
    for (let i = 0; i < 300; i++) {
      await vi.advanceTimersByTimeAsync(2);
      for (const { run } of runs) train(run);
    }
    expect(runs.map(({ begun }) => begun())).toEqual([
      // Twelve milliseconds of 300, on both cores.
      [0, 300, 600],
      // Of 16 cores drawing takes a few, which leaves 3.25 ms.
      ...[[0, 100, 200, 300, 400, 500, 600]],
      ...[[0, 100, 200, 300, 400, 500, 600]],
      ...[[0, 100, 200, 300, 400, 500, 600]],
    ]);
  });

  it('is read as soon as it pauses, however long the last reading took', async () => {
    const { run, begun, read } = follow(2000);
    run.status.value = 'running';
    await vi.advanceTimersByTimeAsync(2500);
    train(run);
    await vi.advanceTimersByTimeAsync(500);
    // Forty seconds would be a twentieth.
    expect(begun()).toEqual([0]);
    run.status.value = 'paused';
    await vi.advanceTimersByTimeAsync(2000);
    expect(begun()).toEqual([0, 3000]);
    expect(read).toHaveLength(2);
  });

  it('is left alone while nobody looks, and after the end', async () => {
    const { run, isVisible, begun, stop } = follow(10);
    await vi.advanceTimersByTimeAsync(1000);
    isVisible.value = false;
    train(run);
    await vi.advanceTimersByTimeAsync(1000);
    expect(begun()).toEqual([0]);
    isVisible.value = true;
    await vi.advanceTimersByTimeAsync(1000);
    expect(begun()).toEqual([0, 2000]);
    train(run);
    stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(begun()).toEqual([0, 2000]);
  });

  it('is forgotten with what was read of it, where another one takes its place', async () => {
    const { run, selected, read } = follow(50);
    await vi.advanceTimersByTimeAsync(20);
    const other = openRun();
    selected.value = other;
    await vi.advanceTimersByTimeAsync(1000);
    expect(read.some((readback) => readback.run === run)).toBe(false);
    expect(read).toEqual([{ run: other, value: 2 }]);
  });

  it('says in words why a reading failed', async () => {
    const run = openRun();
    const read: Readback<number>[] = [];
    const fail = async () => {
      throw new Error('the device is gone');
    };
    const options = { milliseconds: EVERY, read: fail };
    followRun(signal(run), signal(true), options, (value) => read.push(value));
    await vi.advanceTimersByTimeAsync(1000);
    expect(read).toEqual([{ run, problem: 'the device is gone' }]);
  });
});
