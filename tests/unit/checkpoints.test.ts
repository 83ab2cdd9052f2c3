/** Checkpoints over a scripted backend: what must stay within reach does, in three slots. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Checkpoints } from '../../src/training/checkpoints';
import { plainMetrics, ScriptedBackend } from '../support/scripted-backend';

const open = (batchesPerEpoch = 1) => {
  const backend = new ScriptedBackend({ metrics: plainMetrics, batchesPerEpoch });
  return { backend, checkpoints: new Checkpoints(backend) };
};

it('never gives away what is needed, whatever is kept beside it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ ahead: fc.integer({ min: 1, max: 3 }), isBest: fc.boolean() }), {
        minLength: 1,
        maxLength: 30,
      }),
      async (chunks) => {
        const { backend, checkpoints } = open();
        let best = 0;
        let decided = 0;
        await checkpoints.keep({ epoch: 0, batch: 0 }, [0, 0]);
        for (const { ahead, isBest } of chunks) {
          await backend.trainBatches(ahead);
          await checkpoints.keep({ epoch: backend.epoch, batch: 0 }, [decided, best]);
          const now = backend.epoch;
          for (const epoch of [best, decided, now]) {
            const before = backend.trained.length;
            expect(await checkpoints.goTo(epoch)).toEqual({ epoch, batch: 0 });
            expect(backend.epoch).toBe(epoch);
            // Each of these was kept itself.
            expect(backend.trained.length).toBe(before);
          }
          decided = now;
          if (isBest) best = now;
        }
      },
    ),
    { numRuns: 100, seed: 3 },
  );
});

it('trains again what lies between, from the nearest', async () => {
  const { backend, checkpoints } = open(4);
  await checkpoints.keep({ epoch: 0, batch: 0 }, [0, 0]);
  await backend.trainBatches(9);
  await checkpoints.keep({ epoch: 2, batch: 1 }, [2, 0]);
  backend.trained.length = 0;
  expect(await checkpoints.goTo(3)).toEqual({ epoch: 3, batch: 0 });
  expect(backend.trained.reduce((sum, steps) => sum + steps, 0)).toBe(3);
  // Epoch 2 began before what was kept within it.
  expect(await checkpoints.goTo(2)).toEqual({ epoch: 2, batch: 0 });
  expect(backend.epoch).toBe(2);
});

it('goes to the earliest where nothing before the epoch was kept, and nowhere without any', async () => {
  const { backend, checkpoints } = open(4);
  await expect(checkpoints.goTo(0)).rejects.toThrow('no state was kept');
  await backend.trainBatches(6);
  await checkpoints.keep({ epoch: 1, batch: 2 }, [1, 0]);
  await backend.trainBatches(1);
  expect(await checkpoints.goTo(1)).toEqual({ epoch: 1, batch: 2 });
  checkpoints.forget();
  expect(checkpoints.isEmpty).toBe(true);
});
