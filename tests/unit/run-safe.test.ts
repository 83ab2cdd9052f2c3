/** A run in the safe: whenever a copy comes, it is the last one that is written. */
import { afterEach, expect, test, vi } from 'vitest';
import type { HostCopy } from '../../src/app/worker/host-copies';
import { KeptHere } from '../../src/app/worker/run-safe';
import type { Backend } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { History } from '../../src/training/history';
import { readRun } from '../../src/training/keeping/run-archive';
import { MemoryRunStorage } from '../support/memory-run-storage';

afterEach(() => {
  vi.unstubAllGlobals();
});

function copyAt(batch: number): HostCopy {
  const parameters = Float64Array.of(batch);
  const state = { epoch: 0, batch, parameters, optimizer: [], running: { loss: 0, correct: 0 } };
  const info = { name: 'cpu', adapter: '', precision: 'float32', isSoftware: false } as const;
  const backend = { info } as Backend;
  const configuration = checkConfiguration({});
  return { configuration, saved: { state }, history: new History(), trainMilliseconds: 1, backend };
}

test('a copy that comes just when the one before is written is written, too', async () => {
  vi.stubGlobal('navigator', {});
  for (let wait = 0; wait < 20; wait++) {
    const storage = new MemoryRunStorage();
    const kept = new KeptHere(storage, 'a', (problem) => {
      throw new Error(problem);
    });
    const put = storage.put.bind(storage);
    const written = new Promise<void>((resolve) => {
      storage.put = async (entries) => {
        await put(entries);
        resolve();
      };
    });
    kept.keep(copyAt(1));
    await written;
    for (let i = 0; i < wait; i++) await undefined;
    kept.keep(copyAt(2));
    await vi.waitFor(async () => {
      expect((await readRun(storage, 'a')).saved.state.batch, `after ${wait} steps`).toBe(2);
    });
  }
});
