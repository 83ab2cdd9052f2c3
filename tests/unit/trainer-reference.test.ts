/** The trainer over the reference: however a run is cut up, it gives the same bits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaledFeatures } from '../../src/data/samples';
import { createReferenceBackend } from '../../src/reference/backend';
import type { EpochMetrics, Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { type Configuration, MONITORS } from '../../src/training/configuration/fields';
import { monitored } from '../../src/training/early-stopping';
import { InvalidInputError } from '../../src/training/errors';
import { Trainer } from '../../src/training/trainer';
import { smallProblem } from '../support/problems';
import { throughJson } from '../support/saved-run';

/** Mini-batches that do not divide 14 samples, shuffles, Adam's moments and dropout's masks. */
const DEMANDING: Partial<Configuration> = {
  epochs: 12,
  batchSize: 4,
  optimizer: 'adam',
  learningRate: 0.05,
  dropout: 0.3,
  weightDecay: 0.01,
  schedule: 'cosine',
  warmupEpochs: 3,
  norms: true,
};

async function open(problem: Problem, values: Partial<Configuration>) {
  const backend = await createReferenceBackend(problem);
  return { backend, trainer: new Trainer(backend, checkConfiguration(values)) };
}

/** The run as the backend alone gives it, in one piece. */
async function inOnePiece(problem: Problem, epochs: number) {
  const backend = await createReferenceBackend(problem);
  const history = await backend.train(epochs);
  return { history, state: await backend.state() };
}

const action = fc.oneof(
  fc.record({ kind: fc.constant('step'), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('batches'), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('save'), count: fc.constant(1) }),
);

describe.each([
  ['mini-batches, Adam and dropout', DEMANDING],
  ['momentum', { ...DEMANDING, optimizer: 'sgd', momentum: 0.9, nesterov: true }],
  ['RMSprop in full batches', { ...DEMANDING, optimizer: 'rmsprop', batchSize: 0 }],
] as const)('%s', (_, values) => {
  it('steps, single batches, saving and loading change no bit', async () => {
    const problem = smallProblem(values);
    const expected = await inOnePiece(problem, DEMANDING.epochs ?? 0);
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        let { backend, trainer } = await open(problem, values);
        for (const { kind, count } of actions) {
          if (kind === 'step') await trainer.step(count);
          else if (kind === 'batches') {
            for (let batch = 0; batch < count; batch++) await trainer.stepBatch();
          } else {
            const saved = throughJson(await trainer.save());
            backend.dispose();
            ({ backend, trainer } = await open(problem, values));
            await trainer.restore(saved);
          }
        }
        expect((await trainer.run()).reason).toBe('finished');
        expect(trainer.history.slice(0)).toEqual(expected.history);
        expect(await backend.state()).toEqual(expected.state);
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});

/** Epochs after which Keras would stop, and the best of them. */
function stopOf(history: readonly EpochMetrics[], { monitor, patience, minDelta }: Configuration) {
  const sign = monitor.endsWith('accuracy') ? -1 : 1;
  const values = history.map((metrics) => sign * monitored(monitor, metrics));
  let best = 0;
  for (let epoch = 1; epoch < values.length; epoch++) {
    if (values[epoch] < values[best] - minDelta) best = epoch;
    else if (epoch - best >= patience) return { best, epochs: epoch + 1 };
  }
  throw new Error('this run does not stop early');
}

describe.each(MONITORS)('early stopping on %s', (monitor) => {
  it.each([true, false])('leaves the right parameters, restoreBest %s', async (restoreBest) => {
    const configuration = checkConfiguration({
      ...DEMANDING,
      epochs: 400,
      learningRate: 0.02,
      monitor,
      patience: 5,
      minDelta: 0.001,
      restoreBest,
    });
    const problem = smallProblem(configuration);
    const whole = await inOnePiece(problem, configuration.epochs);
    const { best, epochs } = stopOf(whole.history, configuration);
    const { backend, trainer } = await open(problem, configuration);
    expect((await trainer.run()).reason).toBe('early-stopping');
    expect(trainer.history.slice(0)).toEqual(whole.history.slice(0, epochs));
    const expected = await inOnePiece(problem, restoreBest ? best + 1 : epochs);
    expect(await backend.state()).toEqual(expected.state);
  });
});

describe('restoring', () => {
  it('checks the state before the best one is loaded', async () => {
    const values = { patience: 3, epochs: 9 };
    const problem = smallProblem(values);
    const saver = await open(problem, values);
    await saver.trainer.step(3);
    const saved = await saver.trainer.save();
    const parameters = saved.state.parameters.slice(1);
    const wrong = { ...saved, best: saved.state, state: { ...saved.state, parameters } };
    const { backend, trainer } = await open(problem, values);
    const before = await backend.state();
    await expect(trainer.restore(wrong)).rejects.toBeInstanceOf(InvalidInputError);
    expect(await backend.state()).toEqual(before);
    expect(trainer.epoch).toBe(0);
  });
});

describe('divergence', () => {
  it.each([
    ['in full batches', { batchSize: 0 }],
    ['in mini-batches', { batchSize: 4 }],
    ['by weight decay', { weightDecay: 10 }],
  ] as const)('%s ends with the last finite parameters', async (_, change) => {
    const values = { learningRate: 100, epochs: 500, ...change };
    const problem = smallProblem(values, { activation: 'leaky_relu', hidden: [6, 6, 6] });
    const whole = await inOnePiece(problem, 500);
    const broken = whole.history.findIndex(({ finite }) => !finite);
    expect(broken).toBeGreaterThan(0);

    const { backend, trainer } = await open(problem, values);
    const outcome = await trainer.run();
    expect(outcome.reason).toBe('diverged');
    expect(outcome.message).toContain(`diverged in epoch ${broken + 1}:`);
    expect(trainer.history.slice(0)).toEqual(whole.history.slice(0, broken));
    const state = await backend.state();
    expect(state).toEqual((await inOnePiece(problem, broken)).state);
    expect(state.parameters.every(Number.isFinite)).toBe(true);
    // The network can still be used.
    const { count } = problem.test;
    const features = scaledFeatures(problem.test);
    expect((await backend.predict(features, count)).every(Number.isFinite)).toBe(true);
  });
});
