/** Hints on real histories (NumPy's, in the fixtures) and on made ones; every remedy is allowed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDeadRelus } from '../../src/app/lab/hints/dead-relu';
import { findDivergence } from '../../src/app/lab/hints/divergence';
import { findSettled, findStoppedOnPlateau } from '../../src/app/lab/hints/early-stopping';
import type { Hint, Observed } from '../../src/app/lab/hints/hint';
import { findOverfitting } from '../../src/app/lab/hints/overfitting';
import { findPlateau } from '../../src/app/lab/hints/plateau';
import { findDeadUnits } from '../../src/evaluation/dead-units';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { configurationFromJson } from '../../src/training/configuration/json';
import { History } from '../../src/training/history';
import { nextTask } from '../../src/training/next-task';
import { FIXTURE_NAMES, loadFixture } from '../fixtures';

/** A run with these losses; the test loss is the training loss where none is given. */
function observe(
  losses: readonly number[],
  changes: Partial<Configuration> = {},
  testLosses = losses,
): Observed {
  const history = new History();
  history.append(
    losses.map((loss, epoch) => ({
      ...{ loss, accuracy: 0.5, valLoss: testLosses[epoch], valAccuracy: 0.5 },
      ...{ learningRate: 0.5, finite: true },
    })),
  );
  return { configuration: checkConfiguration(changes), history };
}

/** NumPy's run, up to `epochs` epochs. */
function observeFixture(name: string, epochs?: number): Observed {
  const { config, history } = loadFixture(name);
  const { configuration } = observe([0.7], {});
  return {
    ...observe(history.loss.slice(0, epochs), {}, history.val_loss.slice(0, epochs)),
    configuration: { ...configuration, ...configurationFromJson(config) },
  };
}

function apply({ configuration }: Observed, hint: Hint | undefined): Configuration {
  return checkConfiguration({ ...configuration, ...hint?.remedy?.changes });
}

const repeat = (epochs: number, value: number | ((epoch: number) => number)) =>
  Array.from({ length: epochs }, (_, epoch) => (typeof value === 'number' ? value : value(epoch)));

describe('early stopping', () => {
  it('that ended the notebook’s run on its plateau is told, and no other end', () => {
    const stopped = { patience: 20 };
    const onPlateau = observe(repeat(40, Math.LN2 - 0.0002), stopped);
    const hint = findStoppedOnPlateau(onPlateau, true);
    expect(hint?.evidence).toContain('After 40 epochs the training loss is 0.6929');
    expect(apply(onPlateau, hint).patience).toBe(0);
    expect(findStoppedOnPlateau(onPlateau, false)).toBeUndefined();
    expect(findStoppedOnPlateau(observe(repeat(40, Math.LN2)), true)).toBeUndefined();
    expect(findStoppedOnPlateau(observe(repeat(40, 0.68), stopped), true)).toBeUndefined();
    expect(
      findStoppedOnPlateau(observe(repeat(40, Math.LN2), { ...stopped, epochs: 40 }), true),
    ).toBeUndefined();
  });

  it('is proposed where the test loss no longer falls, with a patience that ends the run there', () => {
    const losses = repeat(400, (epoch) => Math.max(0.1, 0.69 - epoch / 400));
    const settled = observe(losses);
    const hint = findSettled(settled);
    expect(hint?.evidence).toContain(
      'Its least value was 0.1000 up to epoch 300; in the 100 epochs',
    );
    expect(apply(settled, hint)).toMatchObject({ patience: 100, restoreBest: true });
    expect(findSettled(observe(losses.slice(0, 250)))).toBeUndefined();
    expect(findSettled(observe(losses, { patience: 5 }))).toBeUndefined();
    expect(findSettled(observe(repeat(400, Math.LN2)))).toBeUndefined();
    // NumPy's own run falls to its end.
    expect(findSettled(observeFixture('notebook'))).toBeUndefined();
    expect(findSettled(observeFixture('notebook', 500))).toBeUndefined();
  });
});

describe('plateau', () => {
  it('is seen in the notebook’s first 500 epochs, while it lasts and afterwards', () => {
    const standing = findPlateau(observeFixture('notebook', 500));
    expect(standing?.title).toBe('The loss stands still');
    expect(standing?.evidence).toContain('From epoch 1 to 500');
    expect(standing?.evidence).toContain('ln 2 = 0.6931');
    const { loss } = loadFixture('notebook').history;
    const last = loss.findIndex((value) => Math.abs(value - Math.LN2) >= 1e-3);
    const over = findPlateau(observeFixture('notebook'));
    expect(over?.title).toBe('The loss stood still at first');
    expect(over?.evidence).toContain(`From epoch 1 to ${last} `);
  });

  it('is not seen where the initial weights are larger, which is the remedy', () => {
    const notebook = observeFixture('notebook');
    expect(apply(notebook, findPlateau(notebook))).toEqual(
      observeFixture('challenge-5-init-0.1').configuration,
    );
    expect(findPlateau(observeFixture('challenge-5-init-0.1'))).toBeUndefined();
  });

  it('takes 50 epochs within 0.001 of ln K, with K classes', () => {
    expect(findPlateau(observe(repeat(49, Math.LN2)))).toBeUndefined();
    expect(findPlateau(observe(repeat(50, Math.LN2 - 9e-4)))).toBeDefined();
    expect(findPlateau(observe(repeat(50, Math.LN2 - 1.1e-3)))).toBeUndefined();
    const gap = [...repeat(30, Math.LN2), 0.5, ...repeat(30, Math.LN2)];
    expect(findPlateau(observe(gap))).toBeUndefined();
    const three = { classes: [0, 1, 2] };
    expect(findPlateau(observe(repeat(60, Math.LN2), three))).toBeUndefined();
    expect(findPlateau(observe(repeat(60, Math.log(3)), three))?.evidence).toContain(
      'ln 3 = 1.0986',
    );
    expect(findPlateau(observe([]))).toBeUndefined();
  });
});

describe('divergence', () => {
  it('is not seen in any of NumPy’s runs', () => {
    for (const name of FIXTURE_NAMES) {
      expect(findDivergence(observeFixture(name), false), name).toBeUndefined();
    }
  });

  it('is a number that is no longer finite, and names the epoch', () => {
    const observed = observe([0.69, 0.9]);
    const hint = findDivergence(observed, true);
    expect(hint?.evidence).toContain('In epoch 3 ');
    expect(apply(observed, hint).learningRate).toBe(0.05);
  });

  it('is a loss that stays worse than guessing and than its own best', () => {
    const observed = observe([0.69, ...repeat(10, 8.06)]);
    expect(findDivergence(observed, false)?.evidence).toContain('above 1.0397');
    expect(findDivergence(observe([0.69, ...repeat(9, 8.06)]), false)).toBeUndefined();
    // A bad start that gets better is none.
    expect(findDivergence(observe(repeat(30, (epoch) => 8 - epoch / 10)), false)).toBeUndefined();
    expect(findDivergence(observe([]), false)).toBeUndefined();
  });
});

describe('overfitting', () => {
  it('is seen in the run that learns its samples by heart, and in no other', () => {
    for (const name of FIXTURE_NAMES) {
      const hint = findOverfitting(observeFixture(name));
      expect(hint !== undefined, name).toBe(name === 'next-adam-ten-digits');
    }
    const { evidence } = findOverfitting(observeFixture('next-adam-ten-digits')) ?? {};
    expect(evidence).toContain('Since epoch 27');
    expect(evidence).toContain('from 0.0804 to 0.0824');
  });

  it('needs the test loss to rise, the training loss to fall, and ten epochs', () => {
    const falling = repeat(60, (epoch) => 0.7 * 0.97 ** epoch);
    const rising = falling.map((loss, epoch) => (epoch < 30 ? loss : 0.3 + 0.005 * (epoch - 30)));
    const find = (losses: readonly number[], testLosses: readonly number[]) =>
      findOverfitting(observe(losses, {}, testLosses));
    expect(find(falling, rising)).toBeDefined();
    expect(find(falling, falling)).toBeUndefined();
    expect(find(rising, rising)).toBeUndefined();
    expect(find(falling.slice(0, 38), rising.slice(0, 38))).toBeUndefined();
    expect(find([], [])).toBeUndefined();
  });

  it('tries early stopping, then dropout, then weight decay', () => {
    const falling = repeat(60, (epoch) => 0.7 * 0.97 ** epoch);
    const rising = falling.map((loss, epoch) => loss + 0.01 * epoch);
    const remedyOf = (changes: Partial<Configuration>) =>
      findOverfitting(observe(falling, changes, rising))?.remedy?.changes;
    expect(remedyOf({})).toMatchObject({ patience: 10, restoreBest: true });
    expect(remedyOf({ patience: 10 })).toEqual({ dropout: 0.2 });
    expect(remedyOf({ patience: 10, dropout: 0.2 })).toEqual({ weightDecay: 0.001 });
    const most = { patience: 10, dropout: 0.2, weightDecay: 10 };
    expect(remedyOf({ ...most, hidden: [9, 1] })).toEqual({ hidden: [5, 1] });
    expect(remedyOf({ ...most, hidden: [1] })).toBeUndefined();
    expect(remedyOf({ patience: 10, hidden: [], weightDecay: 0.01 })).toEqual({
      weightDecay: 0.03,
    });
  });
});

// Three samples; the middle unit of layer 1 is 0 for all, and so is the only one of layer 2.
const activations = [
  Float64Array.of(1, 0, 0, 0, 0, 2, 0, 0, 0),
  Float64Array.of(0, 0, 0),
  Float64Array.of(0.5, 0.5, 0.5),
];
const three = { values: new Float64Array(3), scaler: null, count: 3 };
const found = await findDeadUnits(() => activations, three, 10, 7);

describe('dead ReLUs', () => {
  it('are looked for in 64 samples of the whole set, with room for other tasks between slices', async () => {
    const values = Float64Array.from({ length: 2 * 200 }, (_, i) => Math.floor(i / 2));
    const seen: number[] = [];
    let isOver = false;
    const forward = (some: Float64Array, count: number) => {
      expect(some.length).toBe(2 * count);
      seen.push(some[0]);
      return [Float64Array.of(some[0] === 196 ? 1 : 0, 0), Float64Array.of(1)];
    };
    const samples = { values, scaler: null, count: 200 };
    const search = findDeadUnits(forward, samples, 4e6, 2).finally(() => {
      isOver = true;
    });
    let tasks = 0;
    for (; !isOver; tasks++) await nextTask();
    expect(tasks).toBeGreaterThanOrEqual(63);
    expect(seen).toEqual(Array.from({ length: 64 }, (_, i) => Math.floor((i * 200) / 64)));
    const layers = [{ layer: 1, units: 2, dead: [1] }];
    expect(await search).toEqual({ epoch: 2, samples: 64, layers });
  });

  it('are the units that are 0 for every sample; outputs are none', () => {
    expect(found).toEqual({
      epoch: 7,
      samples: 3,
      layers: [
        { layer: 1, units: 3, dead: [1] },
        { layer: 2, units: 1, dead: [0] },
      ],
    });
  });

  it('are filters where these have many values: one lives where any place of it does', async () => {
    const maps = Float64Array.of(0, 0, 3, 0, 0, 0, 0, 2, 0, 1, 0, 0);
    const forward = () => [maps, Float64Array.of(0, 3, 0, 0, 1, 0), Float64Array.of(1, 1)];
    const two = { values: new Float64Array(2), scaler: null, count: 2 };
    const dead = await findDeadUnits(forward, two, 10, 1, [2, 1]);
    expect(dead.layers).toEqual([
      { layer: 1, units: 3, dead: [2] },
      { layer: 2, units: 3, dead: [0, 2] },
    ]);
    const layers = 'conv 3 1x1 relu; max_pool 2';
    const hint = findDeadRelus(observe([], { layers }), dead);
    expect(hint?.evidence).toContain('1 of 3 filters in layer 1 give 0');
  });

  it('are named with their layers, only with ReLU, and leak afterwards', async () => {
    const observed = observe([], { activation: 'relu' });
    const hint = findDeadRelus(observed, found);
    expect(hint?.evidence).toContain('1 of 3 units in layer 1, and 1 of 1 unit in layer 2');
    expect(hint?.evidence).toContain('all 3 training samples');
    expect(apply(observed, hint).activation).toBe('leaky_relu');
    expect(findDeadRelus(observe([]), found)).toBeUndefined();
    const alive = await findDeadUnits(
      () => [Float64Array.of(1), Float64Array.of(0)],
      { values: new Float64Array(1), scaler: null, count: 1 },
      1,
      0,
    );
    expect(findDeadRelus(observed, alive)).toBeUndefined();
  });
});

describe('every remedy', () => {
  const settings = fc.record({
    optimizer: fc.constantFrom('sgd', 'rmsprop', 'adam', 'adamw'),
    learningRate: fc.double({ min: 1e-6, max: 1000, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    momentum: fc.constantFrom(0, 0.9),
    hidden: fc.array(fc.integer({ min: 1, max: 32 }), { maxLength: 3 }),
    initScale: fc.constantFrom(0.01, 0.1, 1),
    patience: fc.constantFrom(0, 10),
    dropout: fc.constantFrom(0, 0.2),
    weightDecay: fc.double({ min: 0, max: 10, noNaN: true }),
  });

  it('is a change that the configuration allows', () => {
    const falling = repeat(60, (epoch) => 0.7 * 0.97 ** epoch);
    const rising = falling.map((loss, epoch) => loss + 0.01 * epoch);
    fc.assert(
      fc.property(settings, ({ share, optimizer, momentum, learningRate, ...others }) => {
        const isSgd = optimizer === 'sgd';
        const changes: Partial<Configuration> = {
          ...others,
          learningRate,
          minLearningRate: share * learningRate,
          optimizer: optimizer as Configuration['optimizer'],
          momentum: isSgd ? momentum : 0,
          nesterov: isSgd && momentum > 0,
        };
        const runs = [
          observe(repeat(60, Math.LN2), changes),
          observe([0.69, ...repeat(10, 8)], changes),
          observe(falling, changes, rising),
        ];
        const [plateau, divergence, overfitting] = [
          findPlateau(runs[0]),
          findDivergence(runs[1], false),
          findOverfitting(runs[2]),
        ];
        for (const [index, hint] of [plateau, divergence, overfitting].entries()) {
          expect(hint).toBeDefined();
          expect(apply(runs[index], hint)).not.toEqual(runs[index].configuration);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
