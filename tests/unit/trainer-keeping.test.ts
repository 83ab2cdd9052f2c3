/** A run that is kept while it trains goes on from there, wherever it was kept, with the same bits. */
import { describe, expect, test } from 'vitest';
import { createReferenceBackend } from '../../src/reference/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { type SavedRun, Trainer } from '../../src/training/trainer';
import { smallProblem } from '../support/problems';

/** Trains to the end from the beginning or a kept run; `keepEvery` chunks it is kept. */
async function train(values: Partial<Configuration>, keepEvery = 0, from?: SavedRun) {
  const backend = await createReferenceBackend(smallProblem(values));
  const kept: SavedRun[] = [];
  let chunks = 0;
  const keeping = {
    isDue: () => keepEvery > 0 && ++chunks % keepEvery === 0,
    keep: (saved: Omit<SavedRun, 'history'>) =>
      kept.push(
        structuredClone({ ...saved, history: trainer.history.slice(0, saved.state.epoch) }),
      ),
  };
  const trainer = new Trainer(backend, checkConfiguration(values), { keeping, mostSteps: 3 });
  if (from !== undefined) await trainer.restore(from);
  const outcome = await trainer.run();
  const end = { outcome, state: await backend.state(), history: trainer.history.slice(0) };
  return { end, kept };
}

describe.each([
  ['to the last epoch', { epochs: 12, batchSize: 4, momentum: 0.9 }],
  ['in full batches', { epochs: 60, optimizer: 'adam', learningRate: 0.01 }],
  ['stopped early', { epochs: 40, batchSize: 4, patience: 3, minDelta: 0.02, monitor: 'val_loss' }],
  [
    'stopped early, back to a best epoch long ago',
    { epochs: 60, batchSize: 4, patience: 25, minDelta: 0.5, monitor: 'val_loss' },
  ],
  [
    'stopped early, without going back',
    { epochs: 40, batchSize: 4, patience: 3, minDelta: 0.02, restoreBest: false },
  ],
  ['until it diverges', { epochs: 60, batchSize: 4, learningRate: 1, weightDecay: 10 }],
] satisfies [string, Partial<Configuration>][])('%s', (_, values) => {
  test.each([1, 4])('kept every %i chunks', async (every) => {
    const { end } = await train(values);
    const { end: same, kept } = await train(values, every);
    expect(same).toEqual(end);
    expect(kept.length).toBeGreaterThan(1);
    for (const saved of kept) {
      expect(saved.history).toEqual(end.history.slice(0, saved.history.length));
      const { end: resumed, kept: again } = await train(values, every, saved);
      expect(resumed).toEqual(end);
      // And kept once more on its way.
      const last = again.at(-1);
      if (last !== undefined) expect((await train(values, 0, last)).end).toEqual(end);
    }
  });
});

test('a run that ends at its last epoch goes back to its best one, as after stopping early', async () => {
  const values = { epochs: 30, batchSize: 4, patience: 40, monitor: 'val_accuracy' } as const;
  const { end } = await train(values);
  const best = Number(
    /test accuracy was best after epoch (\d+),/.exec(end.outcome.message ?? '')?.[1],
  );
  expect(end.history).toHaveLength(30);
  expect(best).toBeLessThan(30);
  expect(end.outcome.reason).toBe('finished');
  const { end: there } = await train({ ...values, epochs: best, patience: 0 });
  expect(end.state.parameters).toEqual(there.state.parameters);
});
