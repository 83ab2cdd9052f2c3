/** A device that fails, or leaves work out, gives an error and never a number. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RECORD, RECORD_WORDS } from '../../shaders/parts/loss-reduction';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { SCHEDULE_KINDS, type ScheduleKind } from '../../src/gpu/plan/choices';
import { type AcquiredDevice, acquireDevice } from '../../src/gpu/runtime/device';
import { BackendUnavailableError } from '../../src/training/errors';
import { smallProblem } from '../support/problems';
import { type Sabotage, watch } from './support/watched-device';

/** 14 training samples in batches of 4, 4, 4 and 2; 6 test samples. */
const problem = smallProblem({ batchSize: 4, learningRate: 0.1, epochs: 400 }, { hidden: [2] });

// A device that reported an error is done for, so each test has its own.
let device: AcquiredDevice;
beforeEach(async () => {
  device = await acquireDevice(navigator.gpu);
});
afterEach(() => {
  vi.restoreAllMocks();
  device.device.destroy();
});

/** Opens a backend, lets `spoil` loose on it after its first epochs, and gives what training then says. */
async function failureOf(
  schedule: ScheduleKind,
  sabotage: Sabotage,
  spoil: (alive: ReadonlySet<GPUBuffer>) => void = () => {},
) {
  const onLost = vi.fn<(error: Error) => void>();
  const watched = watch(device, sabotage);
  const backend = await createWebGpuBackend(problem, { device: watched, schedule, onLost });
  try {
    if (sabotage.code === undefined) expect(await backend.train(3)).toHaveLength(3);
    spoil(watched.alive);
    const error = await backend.train(3).then(
      (history) => new Error(`believed: ${JSON.stringify(history)}`),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(BackendUnavailableError);
    expect(error).toMatchObject({ reason: 'device-error' });
    // Dead, and all who ask hear the same.
    expect(onLost).toHaveBeenCalledExactlyOnceWith(error);
    await expect(backend.train(1)).rejects.toBe(error);
    await expect(backend.parameters()).rejects.toBe(error);
    return String(error);
  } finally {
    backend.dispose();
  }
}

describe.each(SCHEDULE_KINDS)('%s', (schedule) => {
  it('a submit that fails says what the device says', async () => {
    const words = await failureOf(schedule, {}, (alive) => {
      for (const buffer of alive) if (buffer.label === 'running') buffer.destroy();
    });
    expect(words).toMatch(/reported an error \(.*running.*destroyed/s);
  });

  it('a readback of zeros is no record', async () => {
    const words = await failureOf(schedule, {}, () => {
      vi.spyOn(GPUBuffer.prototype, 'getMappedRange').mockImplementation(
        (_, size = 0) => new ArrayBuffer(size),
      );
    });
    expect(words).toMatch(/all of the work of epoch 4 \(steps 0 for 4, training samples 0 for 14/);
  });

  it('an earlier record is none of this epoch', async () => {
    const words = await failureOf(schedule, {}, () => {
      // What is submitted from now on never runs; what is read is what was there before.
      vi.spyOn(device.device.queue, 'submit').mockImplementation(() => undefined);
      changeReadbacks((words) => words.set(new Uint32Array(earlier).subarray(0, words.length)));
    });
    expect(words).toMatch(/all of the work of epoch 4 \(stamp of the training \d+ for \d+/);
  });

  it('an earlier evaluation is none of this epoch', async () => {
    const words = await failureOf(schedule, {}, () => {
      changeReadbacks((words) => {
        words[RECORD.valStamp]--;
      });
    });
    expect(words).toMatch(/all of the work of epoch 4 \(stamp of the evaluation \d+ for \d+\)/);
  });
});

/** Changes what is read back from now on. */
function changeReadbacks(change: (words: Uint32Array) => void): void {
  const range = GPUBuffer.prototype.getMappedRange;
  vi.spyOn(GPUBuffer.prototype, 'getMappedRange').mockImplementation(function (
    this: GPUBuffer,
    ...at
  ) {
    const bytes = range.apply(this, at);
    change(new Uint32Array(bytes));
    return bytes;
  });
}

/** Three records of an earlier chunk, right but for their stamps. */
const earlier = recordsOf(3);

function recordsOf(count: number): ArrayBuffer {
  const words = new Uint32Array(count * RECORD_WORDS);
  for (let i = 0; i < count; i++) {
    const at = i * RECORD_WORDS;
    words[at + RECORD.steps] = 4;
    words[at + RECORD.samples] = 14;
    words[at + RECORD.valSamples] = 6;
    words[at + RECORD.stamp] = words[at + RECORD.valStamp] = i + 1;
  }
  return words.buffer;
}

describe('a kernel that leaves out', () => {
  const SAMPLE = /training samples \d+ for 14/;
  const STEP = /steps \d for 4/;
  const TEST_SAMPLE = /test samples \d for 6/;
  it.each<[string, ScheduleKind, RegExp, string, string]>([
    ['samples', 'layered', SAMPLE, 'row < step.rows', 'row + 1u < step.rows'],
    ['steps', 'layered', STEP, 'if (local != 0u)', 'if (local != 0u || step.step % 4u == 2u)'],
    [
      'samples',
      'sample-parallel',
      SAMPLE,
      'sample_pass(id.x);',
      'if (id.x != 0u || step.step % 4u != 2u) { sample_pass(id.x); }',
    ],
    [
      'test samples',
      'sample-parallel',
      TEST_SAMPLE,
      'sample_pass(id.x);',
      'if (id.x != 1u || step.step != 8u) { sample_pass(id.x); }',
    ],
    [
      'steps',
      'sample-parallel',
      STEP,
      'reduce_losses(0u)',
      'if (step.step % 4u != 2u) { reduce_losses(0u); }',
    ],
    [
      'samples',
      'persistent',
      SAMPLE,
      'sample_pass(position);',
      'if (position != 0u || step.step % 4u != 2u) { sample_pass(position); }',
    ],
    [
      'test samples',
      'persistent',
      TEST_SAMPLE,
      'sample_pass(position);',
      'if (position != 1u || step.step != 8u) { sample_pass(position); }',
    ],
    [
      'steps',
      'persistent',
      STEP,
      'if (local != 0u) { return; }',
      'if (local != 0u || step.step % 4u == 2u) { return; }',
    ],
  ])('%s is found out, %s', async (_, schedule, expected, from, to) => {
    let mutated = 0;
    const code = (text: string) => {
      if (text.includes(from)) mutated++;
      return text.replace(from, to);
    };
    expect(await failureOf(schedule, { code })).toMatch(expected);
    expect(mutated).toBeGreaterThan(0);
  });
});
