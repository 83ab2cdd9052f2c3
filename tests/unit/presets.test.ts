/** The presets against the fixtures: their configurations, and every number in their findings. */
import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { loadRows } from '../../src/data/registry';
import { networkFor } from '../../src/model/network-spec';
import { parameterLayout } from '../../src/model/parameter-layout';
import { createReferenceBackend } from '../../src/reference/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { configurationFromJson } from '../../src/training/configuration/json';
import { InvalidInputError } from '../../src/training/errors';
import { MNIST_PRESETS } from '../../src/training/mnist-presets';
import { networkOf } from '../../src/training/network-of';
import { PLANE_PRESETS } from '../../src/training/plane-presets';
import { prepare } from '../../src/training/prepare';
import { findPreset, NAMED_PRESETS, PRESETS } from '../../src/training/presets';
import { FIXTURE_NAMES, loadDigits, loadFixture } from '../fixtures';

/** What the notebook's network gives, which most findings compare with. */
const NOTEBOOK = loadFixture('notebook');
const ENOUGH = 0.99;

/** First epoch, counted from 1, with a test accuracy of 99 %. */
function epochsTo99({ history }: { history: { val_accuracy: readonly number[] } }): number {
  return history.val_accuracy.findIndex((accuracy) => accuracy >= ENOUGH) + 1;
}

const last = (values: readonly number[]): number => values[values.length - 1];
const least = (values: readonly number[]): number => Math.min(...values);
const four = (value: number): string => value.toFixed(4);
const finalTestLoss = (name: string): string => four(last(loadFixture(name).history.val_loss));
const rights = (name: string): number => {
  const { predictions, labels } = loadFixture(name);
  return predictions.filter((prediction, i) => prediction === labels[i]).length;
};
const parameterCount = (hidden: readonly number[]): string =>
  parameterLayout(networkFor(64, hidden, 2, 'sigmoid')).length.toLocaleString('en');

async function openReference(configuration: Partial<Configuration>) {
  const { problem } = prepare(checkConfiguration(configuration), loadDigits());
  return { problem, backend: await createReferenceBackend(problem) };
}

/** `epochsTo99` of a configuration that no fixture holds, trained once however many findings name it. */
function trainTo99(configuration: Partial<Configuration>): Promise<number> {
  const key = JSON.stringify(configuration);
  const epochs = trainings.get(key) ?? untilTo99(configuration);
  trainings.set(key, epochs);
  return epochs;
}

const trainings = new Map<string, Promise<number>>();

async function untilTo99(configuration: Partial<Configuration>): Promise<number> {
  const { backend } = await openReference(configuration);
  for (let epoch = 1; epoch <= 1000; epoch++) {
    const [{ valAccuracy }] = await backend.train(1);
    if (valAccuracy >= ENOUGH) return epoch;
  }
  throw new Error('99 % were never reached');
}

/** L2 norm of the first gradient of the weights `name`, from what one step of gradient descent does to them. */
async function firstGradient(name: string, configuration: Partial<Configuration>): Promise<number> {
  const { problem, backend } = await openReference(configuration);
  await backend.train(1);
  const after = await backend.parameters();
  const slice = parameterLayout(problem.spec).slices.find((candidate) => candidate.name === name);
  if (slice === undefined) throw new Error(name);
  let sum = 0;
  for (let i = slice.offset; i < slice.offset + slice.length; i++) {
    sum += ((problem.parameters[i] - after[i]) / problem.hyperparameters.learningRate) ** 2;
  }
  return Math.sqrt(sum);
}

/** Sigmoid with the learning rate and the initial scale of challenge 4, without momentum. */
const PLAIN_SIGMOID: Partial<Configuration> = { learningRate: 0.1, initScale: 0.1 };

/** The numbers of each finding, in order, as they are measured here. */
const MEASURED: Readonly<Record<string, () => Promise<readonly (string | number)[]>>> = {
  notebook: async () => [
    ...[99, epochsTo99(NOTEBOOK), finalTestLoss('notebook'), '1,000', 500],
    ...[
      four(NOTEBOOK.history.val_loss[499]),
      2,
      four(Math.LN2),
      String(NOTEBOOK.config.init_scale),
    ],
    Math.round((await firstGradient('W3', {})) / (await firstGradient('W1', {}))),
  ],
  'challenge-1-lr-0.1': async () => [
    ...['1,000', finalTestLoss('challenge-1-lr-0.1')],
    100 * last(loadFixture('challenge-1-lr-0.1').history.val_accuracy),
  ],
  'challenge-1-lr-0.3': async () => [
    ...[99, epochsTo99(loadFixture('challenge-1-lr-0.3')), '1,000'],
    ...[finalTestLoss('challenge-1-lr-0.3'), finalTestLoss('notebook'), 0.5],
  ],
  'challenge-1-lr-0.7': async () => [
    ...[0.5, 99, epochsTo99(loadFixture('challenge-1-lr-0.7')), epochsTo99(NOTEBOOK)],
    ...[finalTestLoss('challenge-1-lr-0.7'), finalTestLoss('notebook')],
  ],
  'challenge-1-lr-1.0': async () => [
    ...['0.1', '0.3', '0.5', '0.7', '1.0', 99, epochsTo99(loadFixture('challenge-1-lr-1.0'))],
    ...['1,000', finalTestLoss('challenge-1-lr-1.0')],
  ],
  'challenge-2-epochs-2000': async () => [
    ...[finalTestLoss('notebook'), finalTestLoss('challenge-2-epochs-2000')],
    ...[100, epochsTo99(NOTEBOOK)],
  ],
  'challenge-3-hidden-20-10': async () => [
    ...[99, epochsTo99(loadFixture('challenge-3-hidden-20-10')), epochsTo99(NOTEBOOK)],
    ...[finalTestLoss('challenge-3-hidden-20-10'), finalTestLoss('notebook')],
    ...[parameterCount([20, 10]), parameterCount([16, 8])],
  ],
  'challenge-3-hidden-32-16': async () => [
    ...[99, epochsTo99(loadFixture('challenge-3-hidden-32-16')), epochsTo99(NOTEBOOK)],
    ...[finalTestLoss('challenge-3-hidden-32-16'), finalTestLoss('notebook')],
    ...[parameterCount([32, 16]), parameterCount([16, 8])],
  ],
  'challenge-4-relu': async () => [
    ...[99, epochsTo99(loadFixture('challenge-4-relu')), 0.1, 0.1, await trainTo99(PLAIN_SIGMOID)],
    ...[await trainTo99({ activation: 'relu' }), epochsTo99(NOTEBOOK)],
  ],
  'challenge-5-init-0.1': async () => [
    ...[99, epochsTo99(loadFixture('challenge-5-init-0.1')), epochsTo99(NOTEBOOK)],
    ...[finalTestLoss('challenge-5-init-0.1'), finalTestLoss('notebook')],
    Math.round((await firstGradient('W1', { initScale: 0.1 })) / (await firstGradient('W1', {}))),
  ],
  'challenge-6-batch-32': async () => {
    const fixture = loadFixture('challenge-6-batch-32');
    const updates = Math.ceil(fixture.train_size / 32);
    const epochs = epochsTo99(fixture);
    return [updates, 99, epochs, epochsTo99(NOTEBOOK), epochs * updates, epochsTo99(NOTEBOOK)];
  },
  'challenge-7-exponential': async () => {
    const fixture = loadFixture('challenge-7-exponential');
    const constant = loadFixture('challenge-1-lr-1.0');
    return [
      ...[fixture.history.learning_rate[0].toFixed(1), four(last(fixture.history.learning_rate))],
      ...[99, epochsTo99(fixture), finalTestLoss('challenge-7-exponential')],
      ...['1.0', epochsTo99(constant), finalTestLoss('challenge-1-lr-1.0')],
      ...[0.5, epochsTo99(NOTEBOOK), finalTestLoss('notebook')],
    ];
  },
  'challenge-8-digits-012': async () => {
    const fixture = loadFixture('challenge-8-digits-012');
    return [
      ...[99, epochsTo99(fixture), rights('challenge-8-digits-012'), fixture.test_size],
      ...[finalTestLoss('challenge-8-digits-012'), four(last(fixture.history.loss))],
    ];
  },
  'next-momentum': async () => [
    ...[0.9, 99, epochsTo99(loadFixture('next-momentum')), 0.1, 0.1],
    await trainTo99(PLAIN_SIGMOID),
  ],
  'next-rmsprop': async () => [
    ...[99, epochsTo99(loadFixture('next-rmsprop')), epochsTo99(NOTEBOOK)],
    ...[0.003, 200, finalTestLoss('next-rmsprop')],
  ],
  'next-adam-ten-digits': async () => {
    const { history, test_size } = loadFixture('next-adam-ten-digits');
    const best = least(history.val_loss);
    return [
      ...[rights('next-adam-ten-digits'), test_size, history.loss.length],
      ...[history.val_loss.indexOf(best) + 1, four(best)],
      ...[four(last(history.val_loss)), four(last(history.loss))],
    ];
  },
};

/** The numbers in a text; those in names, such as W1, are none. */
function numbersIn(text: string): string[] {
  return (
    text.match(/(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)/g)?.map((found) => found.replace(/,$/, '')) ?? []
  );
}

describe('presets', () => {
  it('are the fixtures, each once', () => {
    expect(PRESETS.map(({ name }) => name).sort()).toEqual(FIXTURE_NAMES);
    expect(Object.keys(MEASURED)).toEqual(PRESETS.map(({ name }) => name));
  });

  it.each(PRESETS)('$name has the fixture’s configuration', ({ name, configuration }) => {
    const expected = configurationFromJson(loadFixture(name).config);
    expect(checkConfiguration(configuration)).toEqual(expected);
  });

  it.each(PRESETS)('$name finds what was measured', async ({ name, finding }) => {
    expect(numbersIn(finding)).toEqual((await MEASURED[name]()).map(String));
  });

  it('say no number that is read as another', () => {
    expect(numbersIn('W1 at epoch 1,000, then 0.5, 99 % and 1.0: 7.')).toEqual([
      ...['1,000', '0.5', '99', '1.0', '7'],
    ]);
  });
});

/** What the points in the plane give in float64: the test accuracy of each epoch, and how many are right at the end. */
async function trainPlane(name: string, changes: Partial<Configuration> = {}) {
  const configuration = checkConfiguration({ ...findPreset(name).configuration, ...changes });
  const { problem } = prepare(configuration, await loadRows(configuration));
  const backend = await createReferenceBackend(problem);
  const history = await backend.train(configuration.epochs);
  const accuracies = history.map(({ valAccuracy }) => valAccuracy);
  const { count } = problem.test;
  return { accuracies, count, right: Math.round(count * last(accuracies)) };
}

const PLANE: Readonly<Record<string, () => Promise<readonly number[]>>> = {
  'plane-circle': async () => {
    const { right, count } = await trainPlane('plane-circle');
    return [right, count, (await trainPlane('plane-circle', { hidden: [], epochs: 50 })).right];
  },
  'plane-xor': async () => {
    const { right, count } = await trainPlane('plane-xor');
    return [right, count, (await trainPlane('plane-xor', { hidden: [2] })).right];
  },
  'plane-gauss': async () => {
    const { right, count } = await trainPlane('plane-gauss');
    return [right, count];
  },
  'plane-spiral': async () => {
    const { accuracies, right, count } = await trainPlane('plane-spiral');
    return [95, accuracies.findIndex((accuracy) => accuracy >= 0.95) + 1, right, count];
  },
};

describe('presets of points in the plane', () => {
  it.each(PLANE_PRESETS)('$name finds what was measured', async ({ name, finding }) => {
    expect(numbersIn(finding)).toEqual((await PLANE[name]()).map(String));
  });
});

describe('presets on MNIST', () => {
  const PARAMETERS: Readonly<Record<string, string>> = {
    ...{ 'mnist-mlp': '101,770', 'mnist-wide': '535,818', 'mnist-conv': '105,866' },
    ...{ 'transfer-source': '105,541', transfer: '105,541' },
  };

  it.each(MNIST_PRESETS)('$name has so many parameters', ({ name, configuration, finding }) => {
    const spec = networkOf(checkConfiguration(configuration));
    const count = parameterLayout(spec).length.toLocaleString('en');
    expect(count).toBe(PARAMETERS[name]);
    expect(numbersIn(finding)).toContain(count);
  });

  // What takes a minute and more on the fastest backend without a GPU: with SHADERPROP_LONG=1.
  const TRAINED = [
    ['mnist-mlp', 'thorough', 5, 0.975],
    ['mnist-wide', 'long', 5, 0.975],
    ['mnist-conv', 'long', 10, 0.99],
  ] as const;
  it.each(TRAINED.filter(([, when]) => inject(when)))(
    '%s, where the tests are %s: in %i epochs it gets more than a share of %d right',
    async (name, _, epochs, share) => {
      const checked = checkConfiguration(findPreset(name).configuration);
      const { problem } = prepare(checked, await loadRows(checked));
      const history = await (await createCpuBackend(problem)).train(checked.epochs);
      expect(history).toHaveLength(epochs);
      expect(history[epochs - 1].valAccuracy).toBeGreaterThan(share);
      if (name === 'mnist-wide') expect(history[4].accuracy).toBeGreaterThan(0.99);
    },
    3_600_000,
  );
});

describe('what findings say without a number', () => {
  it('the notebook’s network learns nothing in 500 epochs', () => {
    expect(new Set(NOTEBOOK.history.val_accuracy.slice(0, 500))).toEqual(new Set([0.5]));
    expect(findPreset('notebook').question).toContain(parameterCount([16, 8]));
  });

  it('the network stands on its first plateau with a learning rate of 0.1', () => {
    const { history } = loadFixture('challenge-1-lr-0.1');
    expect(new Set(history.val_accuracy)).toEqual(new Set([0.5]));
    for (const loss of history.val_loss) expect(loss).toBeCloseTo(Math.LN2, 3);
  });

  it('a learning rate of 1.0 is the best of five', () => {
    const fixtures = FIXTURE_NAMES.filter((name) => name.startsWith('challenge-1-')).map(
      loadFixture,
    );
    const losses = [...fixtures, NOTEBOOK].map(({ history }) => last(history.val_loss));
    expect(losses).toHaveLength(5);
    expect(finalTestLoss('challenge-1-lr-1.0')).toBe(four(least(losses)));
    const { history } = loadFixture('challenge-1-lr-1.0');
    const fast = epochsTo99(loadFixture('challenge-1-lr-1.0'));
    for (const accuracy of history.val_accuracy.slice(fast)) expect(accuracy).toBe(1);
  });

  it('after epoch 594 no test image is wrong again', () => {
    const { history } = loadFixture('challenge-2-epochs-2000');
    const reached = history.val_accuracy.slice(epochsTo99(NOTEBOOK) - 1);
    expect(new Set(reached)).toEqual(new Set([1]));
  });

  it('the plateau stays with wider layers', () => {
    const { history } = loadFixture('challenge-3-hidden-32-16');
    for (const loss of history.val_loss.slice(0, 400)) expect(loss).toBeGreaterThan(0.69);
  });

  it('RMSprop’s test loss is still falling at the end', () => {
    const { val_loss } = loadFixture('next-rmsprop').history;
    expect(last(val_loss)).toBeLessThan(val_loss[val_loss.length - 2]);
  });
});

it('the table in README.md has the fixtures’ numbers', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `(\S+)` \| (\S+) \| (\S+) \|$/gm)];
  expect(rows.map(([, ...cells]) => cells)).toEqual(
    PRESETS.map(({ name }) => [
      name,
      String(epochsTo99(loadFixture(name)) || 'never'),
      finalTestLoss(name),
    ]),
  );
});

describe('a preset by its name', () => {
  it('is the one of that name, or the only one that starts so', () => {
    for (const preset of NAMED_PRESETS) expect(findPreset(preset.name)).toBe(preset);
    expect(findPreset('challenge-4').name).toBe('challenge-4-relu');
    expect(findPreset('next-m').name).toBe('next-momentum');
  });

  it('is refused where several start so, with their names and no others', () => {
    const names = ['challenge-3-hidden-20-10', 'challenge-3-hidden-32-16'];
    expect(() => findPreset('challenge-3')).toThrow(
      new InvalidInputError('preset', 'challenge-3', `one of ${names.join(', ')}`),
    );
  });

  it('is refused where there is none, with all names', () => {
    const names = NAMED_PRESETS.map(({ name }) => name).join(', ');
    expect(() => findPreset('challenge-9')).toThrow(
      new InvalidInputError('preset', 'challenge-9', `one of ${names}`),
    );
  });
});
