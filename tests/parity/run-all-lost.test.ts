/** All presets in turn on a GPU that is lost: what was lost is trained again, to the same numbers, and not for ever. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keptDevice } from '../../src/session/page-device';
import { type RunAllRow, runAll } from '../../src/session/run-all';
import { findPreset } from '../../src/training/presets';
import { tickPerLook } from '../support/ticking-clock';

const PRESETS = ['notebook', 'challenge-1-lr-0.7'].map(findPreset);

// No preset is trained before it comes to its loss, however quick the device is.
beforeEach(tickPerLook);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Rows without their times; the kept device is destroyed in the first preset, so many times. */
async function rowsAfter(losses: number): Promise<Omit<RunAllRow, 'ms' | 'ms_per_epoch'>[]> {
  let left = losses;
  const rows = await runAll({
    ...{
      backend: 'webgpu',
      presets: PRESETS,
      settings: { epochs: 20, hidden: [3] },
      device: keptDevice,
    },
    onProgress: ({ index, epoch, epochs }) => {
      if (index > 0 || left === 0 || epoch === epochs) return;
      left--;
      keptDevice().then(({ device }) => device.destroy());
    },
  });
  expect(left).toBe(0);
  return rows.map(({ ms: _, ms_per_epoch: __, ...row }) => row);
}

it('trains a preset again on another device', async () => {
  const expected = await rowsAfter(0);
  expect(expected.map(({ error }) => error)).toEqual([null, null]);
  expect(await rowsAfter(2)).toEqual(expected);
});

it('says so after three losses, and goes on with the next preset', async () => {
  const [lost, next] = await rowsAfter(3);
  expect(lost.error).toMatch(/^The graphics device was lost/);
  expect([lost.loss, next.error]).toEqual([null, null]);
});
