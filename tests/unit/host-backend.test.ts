/** What surrounds the reference's arithmetic: epochs and batches, state, checkpoints, refusals. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { scaledFeatures } from '../../src/data/samples';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend, TrainingState } from '../../src/training/backend';
import { BackendUnavailableError, InvalidInputError } from '../../src/training/errors';
import { smallProblem } from '../support/problems';

/** 14 training samples: batches of 4, 4, 4 and 2. */
const problem = smallProblem({ batchSize: 4, momentum: 0.9, norms: true });
let backend: Backend;
beforeEach(async () => {
  backend = await createReferenceBackend(problem);
});

describe('training', () => {
  it('gives the metrics of the epochs that it completes', async () => {
    expect(await backend.trainBatches(3)).toEqual([]);
    expect(await backend.state()).toMatchObject({ epoch: 0, batch: 3 });
    expect((await backend.trainBatches(1)).length).toBe(1);
    expect((await backend.trainBatches(9)).length).toBe(2);
    expect(await backend.state()).toMatchObject({ epoch: 3, batch: 1 });
    expect((await backend.train(2)).length).toBe(2);
    expect(await backend.state()).toMatchObject({ epoch: 5, batch: 0 });
  });

  it('gives the same in batches as in epochs', async () => {
    const other = await createReferenceBackend(problem);
    const inBatches = [...(await backend.trainBatches(7)), ...(await backend.trainBatches(5))];
    expect(inBatches).toEqual(await other.train(3));
    expect(await backend.state()).toEqual(await other.state());
  });

  it('leaves the problem alone', async () => {
    const before = structuredClone(problem);
    await backend.train(3);
    expect(problem).toEqual(before);
  });

  it('records norms only where they are asked for', async () => {
    const [metrics] = await backend.train(1);
    const parameters = await backend.parameters();
    expect(metrics.parameterNorm).toBeCloseTo(Math.hypot(...parameters), 12);
    expect(metrics.gradientNorm).toBeGreaterThan(0);
    const plain = await createReferenceBackend(smallProblem());
    expect(Object.keys((await plain.train(1))[0])).not.toContain('gradientNorm');
  });

  it('measures the gradient of the loss alone, in full batches', async () => {
    const values = { learningRate: 1, norms: true };
    const [plain, decayed] = await Promise.all(
      [0, 0.5].map((weightDecay) =>
        createReferenceBackend(smallProblem({ ...values, weightDecay })),
      ),
    );
    const { parameters } = smallProblem(values);
    const [[a], [b]] = await Promise.all([plain.train(1), decayed.train(1)]);
    const after = await plain.parameters();
    const gradient = parameters.map((before, i) => before - after[i]);
    expect(a.gradientNorm).toBeCloseTo(Math.hypot(...gradient), 12);
    expect(b.gradientNorm).toBe(a.gradientNorm);
  });
});

describe('state', () => {
  it('is a copy', async () => {
    const state = await backend.state();
    state.parameters.fill(7);
    state.optimizer[0].fill(7);
    expect((await backend.state()).parameters).toEqual(problem.parameters);
  });

  it('moves a run to another backend, in the middle of an epoch too', async () => {
    await backend.trainBatches(6);
    const other = await createReferenceBackend(problem);
    await other.load(await backend.state());
    expect(await other.train(2)).toEqual(await backend.train(2));
    expect(await other.state()).toEqual(await backend.state());
  });

  it('loaded after divergence, in the middle of an epoch, is finite again', async () => {
    const values = { learningRate: 1000, weightDecay: 10, batchSize: 4 };
    const [healthy, diverged] = await Promise.all([
      createReferenceBackend(smallProblem(values)),
      createReferenceBackend(smallProblem(values)),
    ]);
    await healthy.trainBatches(1);
    const state = await healthy.state();
    expect((await diverged.train(400)).at(-1)?.finite).toBe(false);
    await diverged.load(state);
    const [metrics] = await diverged.train(1);
    expect(metrics.finite).toBe(true);
    expect(metrics).toEqual((await healthy.train(1))[0]);
  });

  it.each<[string, (state: TrainingState) => TrainingState, RegExp]>([
    [
      'too few parameters',
      (s) => ({ ...s, parameters: s.parameters.slice(1) }),
      /^parameters: 42 .*43/,
    ],
    ['no momentum', (s) => ({ ...s, optimizer: [] }), /^optimizer state: 0 .* keeps 1/],
    ['short momentum', (s) => ({ ...s, optimizer: [new Float64Array(3)] }), /^parameters: 3 .*43/],
    [
      'NaN',
      (s) => ({ ...s, parameters: s.parameters.with(5, Number.NaN) }),
      /^W1, number 6: "NaN" is not allowed; finite/,
    ],
    [
      'NaN among the moments',
      (s) => ({ ...s, optimizer: [s.optimizer[0].with(3, Number.NaN)] }),
      /^optimizer state of W1, number 4: "NaN"/,
    ],
    ['a negative epoch', (s) => ({ ...s, epoch: -1 }), /^epoch: -1/],
    ['half a batch', (s) => ({ ...s, batch: 0.5 }), /^batch: 0.5/],
    ['a batch beyond the epoch', (s) => ({ ...s, batch: 4 }), /^batch: 4/],
    [
      'an endless loss',
      (s) => ({ ...s, running: { loss: Number.POSITIVE_INFINITY, correct: 0 } }),
      /^running loss: "Infinity"/,
    ],
    [
      'more correct samples than there are',
      (s) => ({ ...s, running: { loss: 0, correct: 15 } }),
      /^running correct: 15 .* 14 training/,
    ],
  ])('is refused with %s, and nothing changes', async (_, change, message) => {
    await backend.trainBatches(2);
    const before = await backend.state();
    const refused = backend.load(change(structuredClone(before)));
    await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
    await expect(refused).rejects.toThrow(message);
    expect(await backend.state()).toEqual(before);
  });
});

describe('checkpoints', () => {
  it('bring back everything, each slot its own', async () => {
    await backend.trainBatches(2);
    const early = await backend.state();
    await backend.checkpoint(0);
    const first = await backend.train(2);
    const later = await backend.state();
    await backend.checkpoint(2);
    await backend.rollback(0);
    expect(await backend.state()).toEqual(early);
    expect(await backend.train(2)).toEqual(first);
    await backend.train(1);
    await backend.rollback(2);
    expect(await backend.state()).toEqual(later);
  });

  it('on the cpu, too, where a slot that is used again keeps its arrays', async () => {
    const cpu = await createCpuBackend(smallProblem({ batchSize: 4, optimizer: 'adam' }));
    for (const slot of [0, 1, 0] as const) {
      await cpu.trainBatches(1);
      await cpu.checkpoint(slot);
    }
    const third = await cpu.state();
    await cpu.rollback(1);
    expect(await cpu.state()).toMatchObject({ batch: 2 });
    const again = await cpu.trainBatches(1);
    expect([again, await cpu.state()]).toEqual([[], third]);
    await cpu.rollback(0);
    expect(await cpu.state()).toEqual(third);
  });

  it('that were never kept are refused', async () => {
    await expect(backend.rollback(1)).rejects.toThrow('nothing was kept in slot 1');
  });
});

describe('prediction', () => {
  it('takes any number of samples, none included', async () => {
    const features = scaledFeatures(problem.train);
    const all = await backend.predict(features, 14);
    expect(await backend.predict(features.subarray(0, 5), 1)).toEqual(all.slice(0, 1));
    expect(await backend.predict(features.subarray(0, 55), 11)).toEqual(all.slice(0, 11));
    expect(await backend.predict(new Float64Array(), 0)).toEqual(new Float64Array());
  });

  it('refuses features that are not so many samples', async () => {
    await expect(backend.predict(new Float64Array(9), 2)).rejects.toThrow(RangeError);
  });
});

describe('dispose', () => {
  it('may be called twice, and everything rejects afterwards', async () => {
    const state = await backend.state();
    await backend.checkpoint(0);
    backend.dispose();
    backend.dispose();
    const calls = [
      () => backend.train(1),
      () => backend.trainBatches(1),
      () => backend.parameters(),
      () => backend.state(),
      () => backend.load(state),
      () => backend.checkpoint(0),
      () => backend.rollback(0),
      () => backend.predict(scaledFeatures(problem.test), problem.test.count),
      () => backend.predict(new Float64Array(), 0),
    ];
    for (const call of calls) {
      await expect(call(), String(call)).rejects.toBeInstanceOf(BackendUnavailableError);
    }
  });
});
