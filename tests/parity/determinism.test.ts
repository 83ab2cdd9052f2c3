/** The same seed gives the same bits: twice, in chunks of any length, and through a pause, a file and a fresh backend. */
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { SCHEDULE_KINDS } from '../../src/gpu/plan/choices';
import type { Backend, EpochMetrics, TrainingState } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';
import { Trainer } from '../../src/training/trainer';
import { throughJson } from '../support/saved-run';
import { bitsOf, schedulesOf, sharedDevice, withWebGpu } from './support/open';
import { fewDigits } from './support/problems';

const device = sharedDevice();
const digits = fewDigits(12);

/** Mini-batches that do not divide, shuffles, dropout's masks, moments and a schedule with warm-up. */
const DEMANDING: Partial<Configuration> = {
  classes: [2, 3, 8],
  hidden: [3, 2],
  activation: 'tanh',
  init: 'glorot_uniform',
  batchSize: 7,
  dropout: 0.25,
  weightDecay: 0.003,
  schedule: 'cosine',
  warmupEpochs: 4,
  epochs: 14,
};

const CASES = (
  [
    ['Adam', { optimizer: 'adam', learningRate: 0.01 }],
    ['Nesterov', { momentum: 0.9, nesterov: true, learningRate: 0.05 }],
    [
      'full batches and norms',
      { optimizer: 'adam', learningRate: 0.01, batchSize: 0, norms: true },
    ],
  ] as const
).flatMap(([name, change]) => {
  const configuration = checkConfiguration({ ...DEMANDING, ...change });
  const { problem } = prepare(configuration, digits);
  return SCHEDULE_KINDS.filter((kind) => schedulesOf(problem).includes(kind)).map(
    (schedule) => [name, schedule, configuration, problem] as const,
  );
});

interface Result {
  readonly history: readonly EpochMetrics[];
  readonly state: TrainingState;
}

async function finish(backend: Backend, history: readonly EpochMetrics[]): Promise<Result> {
  return { history, state: await backend.state() };
}

function expectSameBits(actual: Result, expected: Result): void {
  expect(actual.history).toEqual(expected.history);
  expect(bitsOf(actual.state.parameters)).toEqual(bitsOf(expected.state.parameters));
  expect(actual.state.optimizer.map(bitsOf)).toEqual(expected.state.optimizer.map(bitsOf));
  expect(actual.state).toMatchObject({ epoch: expected.state.epoch, batch: 0 });
}

describe.each(CASES)('%s, %s', (_, schedule, configuration, problem) => {
  const { epochs } = configuration;
  const open = () => createWebGpuBackend(problem, { device: device(), schedule });
  let expected: Result;
  beforeAll(async () => {
    expected = await withWebGpu(
      device(),
      problem,
      async (backend) => finish(backend, await backend.train(epochs)),
      schedule,
    );
  });

  it('gives the same bits a second time', async () => {
    await withWebGpu(
      device(),
      problem,
      async (backend) =>
        expectSameBits(await finish(backend, await backend.train(epochs)), expected),
      schedule,
    );
  });

  it('gives the same bits batch by batch, and in odd lots of batches and epochs', async () => {
    const backend = await open();
    const start = await backend.state();
    const batches = Math.ceil(problem.train.count / (configuration.batchSize || 1e9)) * epochs;
    const lots = [1, 3, 2, 11, 1, 5];
    const history: EpochMetrics[] = [];
    for (let done = 0, i = 0; done < batches; i++) {
      const lot = Math.min(lots[i % lots.length], batches - done);
      history.push(...(await backend.trainBatches(lot)));
      done += lot;
    }
    expectSameBits(await finish(backend, history), expected);

    await backend.load(start);
    // Asked for at once, from the middle of an epoch.
    const parts = await Promise.all([
      backend.trainBatches(2),
      backend.train(1),
      backend.train(3),
      backend.trainBatches(1),
    ]);
    const rest = await backend.train(epochs - parts.flat().length);
    expectSameBits(await finish(backend, [...parts.flat(), ...rest]), expected);
    backend.dispose();
  });

  it('gives the same bits through pauses, JSON and fresh backends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: epochs - 1 }), { minLength: 1, maxLength: 3 }),
        fc.nat(4),
        async (pauses, batches) => {
          let backend = await open();
          let trainer = new Trainer(backend, configuration);
          for (const pause of pauses.sort((a, b) => a - b)) {
            if (pause > trainer.epoch) await trainer.step(pause - trainer.epoch);
            for (let batch = 0; batch < batches; batch++) await trainer.stepBatch();
            const saved = throughJson(await trainer.save());
            backend.dispose();
            backend = await open();
            trainer = new Trainer(backend, configuration);
            await trainer.restore(saved);
          }
          expect((await trainer.run()).reason).toBe('finished');
          expectSameBits(await finish(backend, trainer.history.slice(0)), expected);
          backend.dispose();
        },
      ),
      { numRuns: inject('thorough') ? 5 : 2, seed: 1 },
    );
  });

  it('gives the same bits again from a checkpoint', async () => {
    await withWebGpu(
      device(),
      problem,
      async (backend) => {
        const first = await backend.train(5);
        await backend.checkpoint(1);
        await backend.train(4);
        await backend.trainBatches(1);
        await backend.rollback(1);
        const rest = await backend.train(epochs - 5);
        expectSameBits(await finish(backend, [...first, ...rest]), expected);
      },
      schedule,
    );
  });
});
