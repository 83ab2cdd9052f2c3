/** The notebook on WebGPU: 1,000 epochs against NumPy, single steps against the reference, twice the same bits. */
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { float32Features } from '../../src/data/samples';
import { SCHEDULE_KINDS } from '../../src/gpu/plan/choices';
import { createReferenceBackend } from '../../src/reference/backend';
import type { EpochMetrics, Problem, Samples, TrainingState } from '../../src/training/backend';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';
import { isPrinted, printedLine } from '../../src/training/printed-lines';
import { Trainer } from '../../src/training/trainer';
import { epochsOfFixture, historyDifference } from '../support/histories';
import { bitsOf, sharedDevice, withWebGpu } from './support/open';
import { DIGITS, loadFixture } from './support/problems';
import { stepBounds } from './support/step-bounds';

const device = sharedDevice();
const { problem } = prepare(DEFAULTS, DIGITS);

describe.each(SCHEDULE_KINDS)('notebook, %s', (schedule) => {
  let history: readonly EpochMetrics[];
  let parameters: Float64Array;
  beforeAll(async () => {
    await withWebGpu(
      device(),
      problem,
      async (backend) => {
        history = await backend.train(DEFAULTS.epochs);
        parameters = await backend.parameters();
      },
      schedule,
    );
  }, 120_000);

  it('gives the metrics of every epoch', async () => {
    const fixture = await loadFixture('notebook');
    const expected = epochsOfFixture(fixture.history);
    expect(expected.length).toBe(1000);
    const difference = historyDifference(history, expected);
    expect(difference.loss).toBeLessThan(1e-5);
    expect(difference.valLoss).toBeLessThan(1e-5);
    expect(difference.accuracy).toBe(0);
    expect(difference.valAccuracy).toBe(0);
    expect(difference.learningRate).toBe(0);
    expect(history.every(({ finite }) => finite)).toBe(true);
  });

  it('prints the eleven lines', async () => {
    const { printed } = await loadFixture('notebook');
    expect(printed.length).toBe(11);
    const lines = history.flatMap((metrics, i) =>
      isPrinted(i + 1, 100) ? [printedLine(i + 1, DEFAULTS.epochs, metrics)] : [],
    );
    expect(lines).toEqual(printed);
  });

  it('gives the same bits a second time, in the chunks of the Trainer', async () => {
    await withWebGpu(
      device(),
      problem,
      async (backend) => {
        const epochs = inject('thorough') ? DEFAULTS.epochs : 200;
        const trainer = new Trainer(backend, { ...DEFAULTS, epochs });
        expect(await trainer.run()).toEqual({ reason: 'finished' });
        expect(trainer.history.slice(0)).toEqual(history.slice(0, epochs));
        if (epochs < DEFAULTS.epochs) return;
        expect(bitsOf(await backend.parameters())).toEqual(bitsOf(parameters));
      },
      schedule,
    );
  }, 120_000);
});

/** Samples whose features are exact in float32, so that both sides see the same numbers. */
function rounded(samples: Samples): Samples {
  return { ...samples, values: Float64Array.from(float32Features(samples)), scaler: null };
}

describe('one step from synchronised parameters', () => {
  const EPOCHS = [0, 10, 100, 500, 999];
  const exact: Problem = { ...problem, train: rounded(problem.train), test: rounded(problem.test) };
  const states = new Map<number, TrainingState>();
  beforeAll(async () => {
    const reference = await createReferenceBackend(exact);
    for (const epoch of EPOCHS) {
      const { epoch: done } = await reference.state();
      await reference.train(epoch - done);
      const state = await reference.state();
      const parameters = Float64Array.from(Float32Array.from(state.parameters));
      states.set(epoch, { ...state, parameters });
    }
  }, 120_000);

  const cases = EPOCHS.flatMap((epoch) => SCHEDULE_KINDS.map((kind) => [epoch, kind] as const));
  it.each(cases)('at epoch %i, %s', async (epoch, schedule) => {
    const state = states.get(epoch);
    if (state === undefined) throw new Error('no state');
    const reference = await createReferenceBackend(exact);
    await reference.load(state);
    const [expected] = await reference.train(1);
    const after = await reference.parameters();
    const bounds = stepBounds(exact, state.parameters, after, DEFAULTS.learningRate);

    await withWebGpu(
      device(),
      exact,
      async (backend) => {
        await backend.load(state);
        const [metrics] = await backend.train(1);
        const errors = (await backend.parameters()).map((value, i) => Math.abs(value - after[i]));
        const worst = errors.reduce(
          (most, error, i) => Math.max(most, error / bounds.parameters[i]),
          0,
        );
        expect(worst, 'the worst parameter, in its bound').toBeLessThan(1);
        expect(Math.abs(metrics.loss - expected.loss)).toBeLessThan(Math.min(bounds.loss, 1e-5));
        expect(Math.abs(metrics.valLoss - expected.valLoss)).toBeLessThan(
          Math.min(bounds.valLoss, 1e-5),
        );
        expect(metrics.accuracy).toBe(expected.accuracy);
        expect(metrics.valAccuracy).toBe(expected.valAccuracy);
        expect(metrics.learningRate).toBe(expected.learningRate);
        // The bounds are shorter than the step itself, even where the network stands still.
        const step = Math.hypot(...after.map((value, i) => value - state.parameters[i]));
        expect(Math.hypot(...bounds.parameters)).toBeLessThan(step / 3);
      },
      schedule,
    );
  });
});
