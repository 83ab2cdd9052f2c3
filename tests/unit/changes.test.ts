/** Settings that change on the way: how they are told, and that each backend trains with them from their epoch on. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { changeSentences, courseOfSetting } from '../../src/app/state/changes';
import { openBackend } from '../../src/session/open-backend';
import type { Backend, Problem } from '../../src/training/backend';
import { ChangingBackend } from '../../src/training/changing-backend';
import { settingsAt, withChange } from '../../src/training/configuration/changes';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { configurationFromJson, configurationToJson } from '../../src/training/configuration/json';
import { withCourse } from '../../src/training/course';
import { learningRateAt } from '../../src/training/learning-rate';
import { smallProblem } from '../support/problems';

describe('the text', () => {
  it('comes back in the order of the epochs, through JSON as well', () => {
    const changes = '9 dropout=0.2; 4 momentum .5;4 learning_rate 1e-1';
    const configuration = checkConfiguration({ changes });
    expect(configuration.changes).toBe('4 learning_rate 0.1; 4 momentum 0.5; 9 dropout 0.2');
    expect(configurationFromJson(configurationToJson(configuration))).toEqual(configuration);
    expect(configurationToJson(checkConfiguration({}))).not.toHaveProperty('changes');
  });

  it.each<[string, Partial<Configuration>, RegExp]>([
    [
      'a value that the setting does not have',
      { changes: '4 dropout 1' },
      /dropout is a number from 0 and below 1/,
    ],
    ['an epoch behind the last', { epochs: 3, changes: '4 dropout 0.5' }, /the last epoch is 3/],
    [
      'what does not go together',
      { optimizer: 'adam', changes: '4 momentum 0.5' },
      /momentum would be 0.5 then, and is with the optimizer adam it has to be 0/,
    ],
    [
      'Nesterov without momentum',
      { momentum: 0.9, nesterov: true, changes: '4 momentum 0' },
      /nesterov would be true then/,
    ],
  ])('refuses %s, by its name', (_, values, reason) => {
    expect(() => checkConfiguration(values)).toThrow(reason);
    expect(() => checkConfiguration(values)).toThrow(/^changes: "4 /);
  });

  it('says a setting over the whole run', () => {
    const first = withChange(checkConfiguration({}), 400, { learningRate: 0.1 });
    expect(first.changes).toBe('401 learning_rate 0.1');
    const second = withChange(first, 600, { learningRate: 0.05, dropout: 0.2 });
    expect(courseOfSetting(second, 'learningRate')).toBe(
      '0.5, from epoch 401 0.1, from epoch 601 0.05',
    );
    expect(changeSentences(second)).toBe(
      ' From epoch 401: learning rate 0.1. From epoch 601: learning rate 0.05, dropout 0.2.',
    );
    // What it is already is no change, and what was said of later epochs gives way.
    expect(withChange(second, 650, { dropout: 0.2 })).toEqual(second);
    expect(withChange(second, 500, { learningRate: 0.3 }).changes).toBe(
      '401 learning_rate 0.1; 501 learning_rate 0.3; 601 dropout 0.2',
    );
  });

  it('keeps the learning-rate schedule, with another rate', () => {
    const values = {
      schedule: 'exponential',
      decayRate: 0.5,
      changes: '3 learning_rate 8',
    } as const;
    const configuration = checkConfiguration(values);
    const rates = [0, 1, 2, 3].map((epoch) =>
      learningRateAt(settingsAt(configuration, epoch), epoch),
    );
    expect(rates).toEqual([0.5, 0.25, 2, 1]);
  });
});

const VALUES: Partial<Configuration> = {
  epochs: 9,
  batchSize: 4,
  learningRate: 0.2,
  weightDecay: 0.01,
  norms: true,
};
const CHANGES =
  '3 learning_rate 0.05; 3 dropout 0.5; 5 momentum 0.9; 7 momentum 0; 7 weight_decay 0';

describe.each(['reference', 'cpu'] as const)('%s', (name) => {
  const open = (configuration: Configuration) =>
    openBackend(name, withCourse(smallProblem(VALUES), configuration));
  const end = async (backend: Backend) => ({
    parameters: await backend.parameters(),
    state: await backend.state(),
  });

  it('trains each stretch as a backend of its settings alone does, from where the last one ended', async () => {
    const configuration = checkConfiguration({ ...VALUES, changes: CHANGES });
    const changing = await open(configuration);
    const history = await changing.train(9);
    const expected = [];
    let { parameters } = smallProblem(VALUES);
    let optimizer: readonly Float64Array[] = [];
    for (const [from, to] of [
      [0, 2],
      [2, 4],
      [4, 6],
      [6, 9],
    ]) {
      const alone = await openBackend(name, smallProblem(settingsAt(configuration, from)));
      const velocity = from === 4 ? [new Float64Array(parameters.length)] : [];
      const running = { loss: 0, correct: 0 };
      await alone.load({ epoch: from, batch: 0, parameters, optimizer: velocity, running });
      expected.push(...(await alone.train(to - from)));
      ({ parameters, optimizer } = await alone.state());
    }
    expect(history).toEqual(expected);
    expect(await end(changing)).toMatchObject({ parameters, state: { optimizer } });
    const unchanged = await (await open(checkConfiguration(VALUES))).train(9);
    expect(history.slice(0, 2)).toEqual(unchanged.slice(0, 2));
    expect(history[2]).not.toEqual(unchanged[2]);
  });

  it('however it is cut up, saved, taken back and asked, it gives the same bits', async () => {
    const configuration = checkConfiguration({ ...VALUES, changes: CHANGES });
    const whole = await open(configuration);
    await whole.train(9);
    const expected = await end(whole);
    const kinds = ['train', 'keep', 'train', 'return', 'train', 'return'] as const;
    const TWICE_BACK = kinds.map((kind, i) => ({ kind, count: i < 4 ? 5 : 2 }));
    const steps = whole.batchesPerEpoch * 9;
    const action = fc.record({
      kind: fc.constantFrom('train', 'move', 'keep', 'return'),
      count: fc.integer({ min: 1, max: 13 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        let backend = await open(configuration);
        let done = 0;
        let kept: number | undefined;
        for (const { kind, count } of actions) {
          if (kind === 'train') {
            const some = Math.min(count, steps - done);
            // Both are under way at once, and are asked between.
            const first = backend.trainBatches(Math.floor(some / 2));
            const asked = backend.parameters();
            await Promise.all([first, asked, backend.trainBatches(Math.ceil(some / 2))]);
            done += some;
          } else if (kind === 'move') {
            const state = await backend.state();
            backend.dispose();
            backend = await open(configuration);
            await backend.load(state);
            kept = undefined;
          } else if (kind === 'keep') {
            await backend.checkpoint(0);
            kept = done;
          } else if (kept !== undefined) {
            await backend.rollback(0);
            done = kept;
          }
        }
        await backend.trainBatches(steps - done);
        expect(await end(backend)).toEqual(expected);
      }),
      // Twice back to a state whose backend is gone.
      { numRuns: 12, seed: 1, examples: [[TWICE_BACK]] },
    );
  });

  it('goes no further in one go than to the next change', async () => {
    const backend = await open(checkConfiguration({ ...VALUES, changes: CHANGES }));
    await backend.train(1);
    expect(backend.chunkSteps(0)).toBeLessThanOrEqual(backend.batchesPerEpoch);
  });
});

it('where the backend before a change gives its state no more, the one behind it is not left open', async () => {
  const configuration = checkConfiguration({ ...VALUES, changes: CHANGES });
  const open = vi.fn((part: Problem) => openBackend('reference', part));
  const changing = await ChangingBackend.open(
    withCourse(smallProblem(VALUES), configuration),
    open,
  );
  await changing.train(2);
  const training = changing.train(1);
  changing.dispose();
  await expect(training).rejects.toThrow('disposed');
  expect(open).toHaveBeenCalledTimes(2);
  const behind = await open.mock.results[1].value;
  await expect(behind.state()).rejects.toThrow('disposed');
});
