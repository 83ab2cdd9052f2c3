/** The trainer over a scripted backend: which epochs it trains, keeps, undoes and reports. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EpochMetrics } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { type Configuration, MONITORS } from '../../src/training/configuration/fields';
import { BackendUnavailableError, InvalidInputError } from '../../src/training/errors';
import { nextTask } from '../../src/training/next-task';
import { Trainer } from '../../src/training/trainer';
import { plainMetrics, type Script, ScriptedBackend } from '../support/scripted-backend';

function open(script: Partial<Script>, values: Partial<Configuration>, mostSteps?: number) {
  const backend = new ScriptedBackend({ metrics: plainMetrics, ...script });
  const configuration = checkConfiguration(values);
  const reported: EpochMetrics[] = [];
  const seen: string[] = [];
  const trainer = new Trainer(backend, configuration, {
    ...(mostSteps === undefined ? {} : { mostSteps }),
    onEpochs: (from, epochs) => {
      expect(from + epochs.length).toBe(trainer.epoch);
      reported.push(...epochs);
    },
    onProgress: () => {
      seen.push(`${trainer.epoch}.${trainer.underway?.batch ?? 0}`);
    },
  });
  return { backend, trainer, reported, seen };
}

const expected = (epochs: number) => Array.from({ length: epochs }, (_, n) => plainMetrics(n));

describe('a run', () => {
  it('trains every epoch once, in order, with at most two chunks under way', async () => {
    const { backend, trainer, reported } = open(
      { delay: (call) => (call * 7) % 4 },
      { epochs: 300 },
    );
    expect(await trainer.run()).toEqual({ reason: 'finished' });
    expect(trainer.history.slice(0)).toEqual(expected(300));
    expect(reported).toEqual(expected(300));
    expect(backend.trained.reduce((sum, steps) => sum + steps, 0)).toBe(300);
    expect(backend.mostInFlight).toBe(2);
    expect(backend.epoch).toBe(300);
    expect(trainer.isRunning).toBe(false);
  });

  it('is over when it is over', async () => {
    const { backend, trainer } = open({}, { epochs: 3 });
    await trainer.run();
    expect(await trainer.run()).toEqual({ reason: 'finished' });
    expect(await trainer.step(5)).toEqual({ reason: 'finished' });
    expect(await trainer.stepBatch()).toEqual({ reason: 'finished' });
    expect(backend.epoch).toBe(3);
  });

  it('aims at 25 ms a chunk, whatever a step takes, up to the most that is asked for', async () => {
    // From epoch 400 on ten times as slow.
    const stepMs = (epoch: number) => (epoch < 400 ? 1 : 10);
    const { backend, trainer } = open({ stepMs }, { epochs: 800 });
    await trainer.run();
    expect(backend.trained[0]).toBe(1);
    expect(backend.tookMs[0]).toBe(1);
    // Only the chunks that were under way when it became slower take long.
    expect(backend.tookMs.filter((ms) => ms > 25).length).toBeLessThanOrEqual(2);
    expect(backend.tookMs.filter((ms) => ms >= 20).length).toBeGreaterThan(200);
    const slow = open({}, { epochs: 50 }, 2);
    await slow.trainer.run();
    expect(Math.max(...slow.backend.trained)).toBe(2);
  });

  it('takes a step at a time where a step takes long, and answers a pause within those under way', async () => {
    const { backend, trainer, seen } = open(
      { batchesPerEpoch: 1000, stepMs: () => 40, delay: () => 2 },
      { epochs: 3 },
    );
    const run = trainer.run();
    while (seen.length < 7) await nextTask();
    expect(seen.slice(0, 3)).toEqual(['0.1', '0.2', '0.3']);
    const sent = backend.trained.length;
    trainer.pause();
    expect(await run).toEqual({ reason: 'paused' });
    expect(backend.trained.length).toBe(sent);
    expect(new Set(backend.trained)).toEqual(new Set([1]));
    expect(backend.mostInFlight).toBe(2);
    expect(await backend.state()).toMatchObject({ epoch: 0, batch: sent });
    // It goes on from there.
    await trainer.step();
    expect(await backend.state()).toMatchObject({ epoch: 1, batch: 0 });
    expect(backend.trained.length).toBe(1000);
  });

  it('trains no epoch again that ends with a chunk', async () => {
    const { backend, trainer } = open(
      {
        batchesPerEpoch: 9,
        stepMs: () => 10,
        metrics: (n) => plainMetrics(n, { valLoss: Math.abs(n - 7) }),
      },
      { epochs: 50, patience: 3 },
    );
    expect((await trainer.run()).reason).toBe('early-stopping');
    expect(await backend.state()).toMatchObject({ epoch: 8, batch: 0 });
    const steps = backend.trained.reduce((sum, some) => sum + some, 0);
    // Eleven epochs up to the one that decided, and what was under way by then.
    expect(steps).toBeGreaterThanOrEqual(99);
    expect(steps).toBeLessThanOrEqual(103);
  });

  it('goes on after a pause where it stopped', async () => {
    let pauses = 0;
    const { backend, trainer, reported } = open(
      {
        delay: () => 1,
        metrics: (epoch) => {
          if (epoch % 9 === 5) trainer.pause();
          return plainMetrics(epoch);
        },
      },
      { epochs: 60 },
    );
    while ((await trainer.run()).reason === 'paused') {
      pauses++;
      // What was under way is in; nothing else is trained.
      expect(backend.epoch).toBe(trainer.epoch);
      expect(backend.inFlight).toBe(0);
    }
    expect(pauses).toBeGreaterThan(1);
    expect(reported).toEqual(expected(60));
  });

  it('steps epochs and batches', async () => {
    const { backend, trainer, reported } = open({ batchesPerEpoch: 3 }, { epochs: 6 });
    expect(await trainer.step()).toEqual({ reason: 'paused' });
    expect(trainer.epoch).toBe(1);
    expect(await trainer.stepBatch()).toEqual({ reason: 'paused' });
    expect(await trainer.stepBatch()).toEqual({ reason: 'paused' });
    expect(trainer.epoch).toBe(1);
    expect((await backend.state()).batch).toBe(2);
    await trainer.stepBatch();
    expect(trainer.epoch).toBe(2);
    await trainer.stepBatch();
    // A step from the middle of an epoch goes to its end.
    await trainer.step(2);
    expect(await backend.state()).toMatchObject({ epoch: 4, batch: 0 });
    for (let batch = 0; batch < 5; batch++) await trainer.stepBatch();
    expect(await trainer.stepBatch()).toEqual({ reason: 'finished' });
    expect(reported).toEqual(expected(6));
  });

  it('refuses to run twice at a time, and to be saved meanwhile', async () => {
    const { trainer } = open({ delay: () => 3 }, { epochs: 20 });
    const run = trainer.run();
    expect(trainer.isRunning).toBe(true);
    await expect(trainer.run()).rejects.toThrow('already running');
    await expect(trainer.step()).rejects.toThrow('already running');
    await expect(trainer.stepBatch()).rejects.toThrow('already running');
    await expect(trainer.save()).rejects.toThrow('already running');
    expect(await run).toEqual({ reason: 'finished' });
  });
});

describe('an error in the backend', () => {
  it.each([0, 1, 2, 5])('in chunk %i rejects and leaves the run to go on', async (failing) => {
    const { backend, trainer, reported } = open(
      {
        delay: (call) => (call === failing ? 4 : 1),
        error: (call) => (call === failing ? new Error('adapter on fire') : null),
      },
      { epochs: 40 },
      3,
    );
    await expect(trainer.run()).rejects.toThrow('adapter on fire');
    expect(trainer.isRunning).toBe(false);
    expect(backend.inFlight).toBe(0);
    expect(reported).toEqual(expected(trainer.epoch));
    // Chunks after the failed one are undone, so that history and backend agree.
    expect(backend.epoch).toBe(trainer.epoch);
    expect(await trainer.run()).toEqual({ reason: 'finished' });
    expect(reported).toEqual(expected(40));
  });

  it('that never ends rejects each time and leaves nothing unhandled', async () => {
    const { backend, trainer } = open(
      { delay: (call) => call % 2, error: () => new Error('gone') },
      { epochs: 40 },
    );
    backend.rollback = () => Promise.reject(new Error('gone for good'));
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(trainer.run()).rejects.toThrow('gone');
      await expect(trainer.stepBatch()).rejects.toThrow('gone');
    }
    expect(trainer.epoch).toBe(0);
  });
});

describe('checkpoints', () => {
  it.each([
    ['without early stopping', 2, { patience: 0 }],
    ['where early stopping does not return', 2, { patience: 50, restoreBest: false }],
    ['where it may return to an earlier epoch', 3, { patience: 50, restoreBest: true }],
  ])('%s take %i slots', async (_, slots, values) => {
    const worse = (epoch: number) => plainMetrics(epoch, { valLoss: 1 + epoch });
    const { backend, trainer } = open({ metrics: worse }, { epochs: 40, ...values }, 4);
    expect((await trainer.run()).reason).toBe('finished');
    expect(backend.slotsUsed).toBe(slots);
  });

  it.each([0, 1] as const)(
    'that find no room in slot %i end the run where its history ends, and it goes on once there is',
    async (full) => {
      let isFull = true;
      const noRoom = (slot: number) =>
        isFull && slot === full
          ? new BackendUnavailableError('out-of-memory', 'no room for a checkpoint')
          : null;
      const { backend, trainer } = open({ noRoom, delay: () => 2 }, { epochs: 12 }, 3);
      await expect(trainer.run()).rejects.toThrow('no room for a checkpoint');
      expect(trainer.isRunning).toBe(false);
      expect(backend.epoch).toBe(trainer.epoch);
      isFull = false;
      expect(await trainer.run()).toEqual({ reason: 'finished' });
      expect(trainer.history.slice(0)).toEqual(expected(12));
    },
  );
});

describe('divergence', () => {
  it('ends the run at its epoch with the parameters before it, wherever chunks begin', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 79 }),
        fc.array(fc.nat(4), { minLength: 1 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 4 }),
        async (broken, delays, mostSteps, batchesPerEpoch) => {
          const { backend, trainer, reported } = open(
            {
              batchesPerEpoch,
              delay: (call) => delays[call % delays.length],
              metrics: (epoch) => plainMetrics(epoch, { finite: epoch < broken }),
            },
            { epochs: 80 },
            mostSteps,
          );
          const outcome = await trainer.run();
          expect(outcome.reason).toBe('diverged');
          expect(outcome.message).toContain(`in epoch ${broken + 1}:`);
          expect(outcome.message).toContain(`parameters of epoch ${broken} are kept`);
          expect(outcome.message).toContain('learning rate');
          expect(reported).toEqual(expected(broken));
          expect(trainer.epoch).toBe(broken);
          expect(await backend.state()).toMatchObject({ epoch: broken, batch: 0 });
          expect(await trainer.run()).toEqual(outcome);
          expect(await trainer.stepBatch()).toEqual(outcome);
          expect(backend.epoch).toBe(broken);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('found batch by batch goes back to the beginning of its epoch', async () => {
    const { backend, trainer } = open(
      { batchesPerEpoch: 4, metrics: (epoch) => plainMetrics(epoch, { finite: epoch < 2 }) },
      { epochs: 9 },
    );
    await trainer.step(2);
    for (let batch = 0; batch < 3; batch++) await trainer.stepBatch();
    expect((await trainer.stepBatch()).reason).toBe('diverged');
    expect(await backend.state()).toMatchObject({ epoch: 2, batch: 0 });
  });

  it('after saving in the middle of an epoch goes back to its beginning, best epoch kept', async () => {
    const { backend, trainer } = open(
      {
        batchesPerEpoch: 4,
        metrics: (epoch) => plainMetrics(epoch, { valLoss: epoch, finite: epoch < 2 }),
      },
      { epochs: 9, patience: 5, restoreBest: true },
    );
    await trainer.step(2);
    await trainer.stepBatch();
    await trainer.save();
    for (let batch = 1; batch < 3; batch++) await trainer.stepBatch();
    expect((await trainer.stepBatch()).reason).toBe('diverged');
    expect(await backend.state()).toMatchObject({ epoch: 2, batch: 0 });
  });

  it('in a run that goes on in the middle of an epoch goes back to its beginning', async () => {
    const { backend, trainer } = open(
      { batchesPerEpoch: 4, metrics: (epoch) => plainMetrics(epoch, { finite: epoch < 1 }) },
      { epochs: 9 },
    );
    await trainer.step();
    await trainer.stepBatch();
    await trainer.stepBatch();
    expect((await trainer.run()).reason).toBe('diverged');
    expect(await backend.state()).toMatchObject({ epoch: 1, batch: 0 });
  });
});

/** Which epoch Keras would stop after, and which it would call the best; by the book, without chunks. */
function keras(values: readonly number[], patience: number, minDelta: number) {
  let best = 0;
  let wait = 0;
  for (let epoch = 1; epoch < values.length; epoch++) {
    if (values[epoch] < values[best] - minDelta) {
      best = epoch;
      wait = 0;
    } else if (++wait >= patience) return { best, stopped: epoch };
  }
  return { best, stopped: null };
}

const KEY = {
  loss: 'loss',
  accuracy: 'accuracy',
  val_loss: 'valLoss',
  val_accuracy: 'valAccuracy',
} as const;

const TITLE = {
  loss: 'The train loss',
  accuracy: 'The train accuracy',
  val_loss: 'The test loss',
  val_accuracy: 'The test accuracy',
} as const;

describe('early stopping', () => {
  it('ends after the right epoch with the right parameters, whatever happens on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          // Whole numbers, so that ties and changes of exactly minDelta occur.
          values: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 2, maxLength: 60 }),
          patience: fc.integer({ min: 1, max: 8 }),
          minDelta: fc.integer({ min: 0, max: 2 }),
          monitor: fc.constantFrom(...MONITORS),
          restoreBest: fc.boolean(),
          mostSteps: fc.integer({ min: 1, max: 12 }),
          batchesPerEpoch: fc.integer({ min: 1, max: 5 }),
          delays: fc.array(fc.nat(3), { minLength: 1 }),
          actions: fc.array(fc.constantFrom('step', 'batch', 'save', 'run'), { maxLength: 30 }),
        }),
        async ({ values, delays, mostSteps, batchesPerEpoch, actions, ...settings }) => {
          const { monitor, patience, minDelta, restoreBest } = settings;
          const sign = monitor.endsWith('accuracy') ? -1 : 1;
          const script = {
            batchesPerEpoch,
            delay: (call: number) => delays[call % delays.length],
            metrics: (epoch: number) =>
              plainMetrics(epoch, { [KEY[monitor]]: sign * values[epoch] }),
          };
          const configuration = { epochs: values.length, ...settings };
          let { backend, trainer } = open(script, configuration, mostSteps);
          for (const action of [...actions, 'run'] as const) {
            if (action === 'run') await trainer.run();
            else if (action === 'step') await trainer.step(2);
            else if (action === 'batch') await trainer.stepBatch();
            else {
              const saved = await trainer.save();
              expect(saved.history.length).toBe(saved.state.epoch);
              ({ backend, trainer } = open(script, configuration, mostSteps));
              await trainer.restore(saved);
            }
          }
          const outcome = await trainer.run();
          const { best, stopped } = keras(values, patience, minDelta);
          if (stopped === null) {
            // As in Keras 3, the best epoch comes back at the end of training, however it ended.
            const isBack = restoreBest && best + 1 < values.length;
            expect(outcome.reason).toBe('finished');
            expect(outcome.message?.includes(`best after epoch ${best + 1},`) ?? false).toBe(
              isBack,
            );
            expect(outcome.restoredEpoch).toBe(isBack ? best + 1 : undefined);
            expect(trainer.epoch).toBe(values.length);
            expect(backend.epoch).toBe(isBack ? best + 1 : values.length);
            return;
          }
          expect(outcome.reason).toBe('early-stopping');
          expect(outcome.message).toContain(
            `${TITLE[monitor]} has not improved for ${patience === 1 ? 'an epoch' : `${patience} epochs`}; `,
          );
          expect(outcome.message).toMatch(new RegExp(`it was best after epoch ${best + 1}\\b`));
          expect(outcome.message?.includes('restored')).toBe(restoreBest);
          expect(outcome.restoredEpoch).toBe(restoreBest ? best + 1 : undefined);
          expect(trainer.epoch).toBe(stopped + 1);
          expect(await backend.state()).toMatchObject({
            epoch: restoreBest ? best + 1 : stopped + 1,
            batch: 0,
          });
        },
      ),
      { numRuns: 400, seed: 2 },
    );
  });

  it('is off with patience 0', async () => {
    const { trainer } = open({ metrics: (n) => plainMetrics(n, { valLoss: n }) }, { epochs: 30 });
    expect(await trainer.run()).toEqual({ reason: 'finished' });
  });

  it('leaves a run that can be saved, and that stops in the same place again', async () => {
    const script = { metrics: (n: number) => plainMetrics(n, { valLoss: Math.abs(n - 6) }) };
    const values = { epochs: 50, patience: 3 };
    const { trainer } = open(script, values);
    const outcome = await trainer.run();
    const saved = await trainer.save();
    expect(saved.state.epoch).toBe(7);
    const again = open(script, values);
    await again.trainer.restore(saved);
    expect(await again.trainer.run()).toEqual(outcome);
    expect(again.trainer.history.slice(0)).toEqual(trainer.history.slice(0));
    expect(again.backend.epoch).toBe(7);
  });
});

describe('restore', () => {
  it('refuses a history of another length and changes nothing', async () => {
    const { trainer, backend } = open({}, { epochs: 30 });
    await trainer.step(4);
    const saved = await trainer.save();
    await trainer.step(2);
    const wrong = { ...saved, history: saved.history.slice(1) };
    await expect(trainer.restore(wrong)).rejects.toThrow(InvalidInputError);
    expect(trainer.epoch).toBe(6);
    expect(backend.epoch).toBe(6);
    await trainer.restore(saved);
    expect(trainer.epoch).toBe(4);
    expect(backend.epoch).toBe(4);
  });
});
