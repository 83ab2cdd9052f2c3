/** Chunks are measured in steps and time: how the clock cuts a run changes no bit of it. */
import { describe, expect, it, vi } from 'vitest';
import { createWebGpuBackend } from '../../src/gpu/backend';
import type { ScheduleKind } from '../../src/gpu/plan/choices';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { Trainer } from '../../src/training/trainer';
import { smallProblem } from '../support/problems';
import { bitsOf, schedulesOf, sharedDevice, withWebGpu } from './support/open';

const device = sharedDevice();

/** Clocks by which a step takes nothing, a second, and now this, now that. */
const CLOCKS = {
  still: () => () => 0,
  slow: () => {
    let time = 0;
    return () => (time += 1000);
  },
  jagged: () => {
    let [time, calls] = [0, 0];
    return () => (time += [1, 30, 3, 7, 400, 2, 1][calls++ % 7]);
  },
} satisfies Readonly<Record<string, () => () => number>>;

/** Clocks, and how many steps may be asked for at once. */
const CUTS = [
  ...(['still', 'slow', 'jagged'] as const).map((clock) => [clock, 10_000] as const),
  ...(['still', 'jagged'] as const).map((clock) => [clock, 5] as const),
  ['jagged', 1],
] as const;

async function historyOf(
  problem: Problem,
  values: Partial<Configuration>,
  options: { schedule: ScheduleKind; now: () => number },
  mostSteps: number,
) {
  const backend = await createWebGpuBackend(problem, { device: device(), ...options });
  try {
    const trainer = new Trainer(backend, checkConfiguration(values), { mostSteps });
    const outcome = await trainer.run();
    const { parameters, optimizer, ...position } = await backend.state();
    return {
      outcome,
      history: trainer.history.slice(0),
      position,
      bits: [parameters, ...optimizer].map(bitsOf),
    };
  } finally {
    backend.dispose();
  }
}

const EARLY = { patience: 2, monitor: 'val_loss', minDelta: 0.5, epochs: 30 } as const;

describe.each([
  ['mini-batches', { batchSize: 4, momentum: 0.9, epochs: 12 }],
  ['single samples, stopped early', { batchSize: 1, ...EARLY }],
  ['full batches, stopped early', { batchSize: 0, ...EARLY }],
  ['divergence', { batchSize: 4, learningRate: 100, weightDecay: 10, epochs: 30 }],
] satisfies [string, Partial<Configuration>][])('%s', (_, values) => {
  const problem = smallProblem(values);
  it.each(schedulesOf(problem))('are the same however they are cut, %s', async (schedule) => {
    const [expected, ...others] = await Promise.all(
      CUTS.map(([clock, most]) =>
        historyOf(problem, values, { schedule, now: CLOCKS[clock]() }, most),
      ),
    );
    expect(expected.history.length).toBeGreaterThan(2);
    for (const other of others) expect(other).toEqual(expected);
  });
});

it('brings one step a submit where a step takes long', async () => {
  const problem = smallProblem({ batchSize: 1 });
  const backend = await createWebGpuBackend(problem, { device: device(), now: CLOCKS.slow() });
  const submit = vi.spyOn(device().device.queue, 'submit');
  try {
    expect((await backend.train(2)).length).toBe(2);
    expect(submit.mock.calls.length).toBe(2 * backend.batchesPerEpoch);
    expect(backend.chunkSteps(0)).toBe(1);
  } finally {
    submit.mockRestore();
    backend.dispose();
  }
});

const shape = smallProblem({ batchSize: 4 });
it.each(schedulesOf(shape))('know the epoch under way as the reference does, %s', (schedule) =>
  withWebGpu(
    device(),
    shape,
    async (backend) => {
      const reference = await createReferenceBackend(shape);
      expect(backend.underway).toBeNull();
      for (const steps of [1, 2, 3]) {
        await Promise.all([backend.trainBatches(steps), reference.trainBatches(steps)]);
        const [actual, expected] = [backend.underway, reference.underway];
        expect(actual?.batch).toBe(expected?.batch);
        expect(actual?.accuracy).toBe(expected?.accuracy);
        expect(actual?.loss).toBeCloseTo(expected?.loss ?? Number.NaN, 5);
      }
      await backend.train(1);
      expect(backend.underway).toBeNull();
    },
    schedule,
  ),
);
