/** Files of runs: what is written is read back to the same bits, and what does not fit is refused by name. */
import { describe, expect, test } from 'vitest';
import { historyCsv, historyJson } from '../../src/app/lab/panels/export/history-files';
import { parameterLayout } from '../../src/model/parameter-layout';
import { createReferenceBackend } from '../../src/reference/backend';
import type { EpochMetrics } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { configurationFromJson, configurationToJson } from '../../src/training/configuration/json';
import { InvalidInputError } from '../../src/training/errors';
import { fill, nested } from '../../src/training/files/nested-lists';
import {
  configurationFile,
  parametersFile,
  parametersOfFile,
  readFile,
  runFile,
} from '../../src/training/files/run-files';
import { History } from '../../src/training/history';
import { networkOf } from '../../src/training/network-of';
import { Trainer } from '../../src/training/trainer';
import { smallProblem } from '../support/problems';
import { plainMetrics } from '../support/scripted-backend';

const CONFIGURATION = checkConfiguration({
  classes: [3, 7],
  hidden: [4, 3],
  activation: 'tanh',
  optimizer: 'adam',
  learningRate: 0.01,
  batchSize: 5,
  epochs: 12,
  patience: 4,
});

const RUNNING = { loss: 0, correct: 0 };
const LITTLE = Float64Array.of(1);
const NORMS = { gradientNorm: 1, parameterNorm: 1 };

async function trained() {
  const problem = smallProblem(CONFIGURATION);
  const backend = await createReferenceBackend(problem);
  const trainer = new Trainer(backend, CONFIGURATION);
  await trainer.step(5);
  return { problem, backend, trainer };
}

describe('a history', () => {
  const history = new History();
  history.append([plainMetrics(0, { loss: 0.1 + 0.2 }), plainMetrics(1)]);

  test('as CSV has a line an epoch in full precision', () => {
    expect(historyCsv(history)).toBe(
      'epoch,loss,accuracy,val_loss,val_accuracy,learning_rate\n' +
        '1,0.30000000000000004,0.5,1,0.5,0.1\n' +
        '2,0.5,0.5,0.5,0.5,0.1\n',
    );
  });

  test('as JSON is its record', () => {
    expect(JSON.parse(historyJson(history))).toEqual(history.toRecord());
  });
});

describe('a configuration', () => {
  test('comes back from its file, which the command line takes, too', () => {
    const text = configurationFile(CONFIGURATION);
    expect(readFile('a.json', text)).toEqual({
      kind: 'configuration',
      configuration: CONFIGURATION,
    });
    expect(configurationFromJson(JSON.parse(text))).toEqual(CONFIGURATION);
  });
});

describe('parameters', () => {
  test('come back to the same bits, as named rows', async () => {
    const { problem, backend } = await trained();
    const parameters = await backend.parameters();
    const loaded = readFile('a.json', parametersFile(problem.spec, parameters, CONFIGURATION));
    if (loaded.kind !== 'parameters') throw new Error(loaded.kind);
    expect(Object.keys(loaded.slices)).toEqual(['W1', 'b1', 'W2', 'b2', 'W3', 'b3']);
    expect(parametersOfFile(problem.spec, loaded)).toEqual(parameters);
  });

  test.each([
    ['a slice that is missing', { W1: undefined }, /W1/],
    ['a slice that is unknown', { W9: [1] }, /W9.*W1, b1/],
    ['rows of another number', { b1: [1, 2, 3] }, /b1: "3 entries" is not allowed.*b1 is 4/],
    ['rows of another width', { W3: [[1, 2]] }, /W3: "2 values in row 1" is not allowed.*1 × 3/],
    ['a word', { b3: ['a'] }, /b3: "a" is not allowed; finite numbers only/],
    ['a null, as JSON has it for NaN', { b3: [null] }, /b3: null is not allowed/],
  ])('with %s are refused', async (_, change, message) => {
    const { problem, backend } = await trained();
    const json = JSON.parse(
      parametersFile(problem.spec, await backend.parameters(), CONFIGURATION),
    );
    const slices = JSON.parse(JSON.stringify({ ...json.parameters, ...change }));
    const read = () => parametersOfFile(problem.spec, { network: json.network, slices });
    expect(read).toThrow(InvalidInputError);
    expect(read).toThrow(message);
  });

  test('of another network are refused by its name, though every shape fits', async () => {
    const { problem, backend } = await trained();
    const { network, parameters: slices } = JSON.parse(
      parametersFile(problem.spec, await backend.parameters(), CONFIGURATION),
    );
    const read = (change: object) => () =>
      parametersOfFile(problem.spec, { network: { ...network, ...change }, slices });
    expect(read({})).not.toThrow();
    const relu = network.layers.replace('tanh', 'relu');
    expect(read({ layers: relu })).toThrow(
      /^layers of the network: "dense \d+ relu.*" is not allowed; the settings here have dense \d+ tanh/,
    );
    expect(read({ layers: 'dense 99 relu' })).toThrow(/"dense 99 relu" is not allowed/);
    expect(read({ outputs: 10 })).toThrow(/^outputs of the network: "10" is not allowed/);
  });
});

describe('a slice of any shape', () => {
  const slice = { name: 'W1', shape: [2, 3, 2, 2] };
  const values = Float64Array.from({ length: 24 }, (_, i) => i / 3);

  test('is nested by it, and read back to the same bits', () => {
    const lists = JSON.parse(JSON.stringify(nested(values, slice.shape)));
    expect(lists[1][2]).toEqual([
      [20 / 3, 7],
      [22 / 3, 23 / 3],
    ]);
    const read = new Float64Array(24);
    fill(read, slice, lists);
    expect(read).toEqual(values);
  });

  test('is refused with the place of what does not fit', () => {
    const lists = JSON.parse(JSON.stringify(nested(values, slice.shape)));
    lists[1][0][1] = [1];
    const read = () => fill(new Float64Array(24), slice, lists);
    expect(read).toThrow(/W1: "1 values in row 2, 1, 2" is not allowed.*W1 is 2 × 3 × 2 × 2/);
    lists[1][0][1] = [1, null];
    expect(read).toThrow(/W1: null is not allowed; finite numbers only/);
  });
});

/** A history of one epoch with something wrong in it. */
function epoch(wrong: Partial<EpochMetrics>) {
  return { history: [plainMetrics(0, wrong)] };
}

describe('a run', () => {
  test('goes on from its file with the same bits as without the pause', async () => {
    const { problem, backend, trainer } = await trained();
    const loaded = readFile('a.json', runFile(CONFIGURATION, await trainer.save()));
    if (loaded.kind !== 'run') throw new Error(loaded.kind);
    expect(loaded.configuration).toEqual(CONFIGURATION);
    const other = await createReferenceBackend(problem);
    const restored = new Trainer(other, loaded.configuration);
    await restored.restore(loaded.saved);
    await trainer.run();
    await restored.run();
    expect(restored.history.toRecord()).toEqual(trainer.history.toRecord());
    expect(await other.parameters()).toEqual(await backend.parameters());
  });

  test.each([
    ['no history', { history: undefined }, /history: undefined is not allowed/],
    ['an epoch without a loss', { history: [{ accuracy: 1 }] }, /history, epoch 1, loss/],
    [
      'an accuracy of 7',
      epoch({ accuracy: 7 }),
      /epoch 1, accuracy: 7 is not allowed; use a share/,
    ],
    ['a negative accuracy', epoch({ valAccuracy: -0.1 }), /epoch 1, valAccuracy: -0.1 is not/],
    ['a loss of -3', epoch({ loss: -3 }), /epoch 1, loss: -3 is not allowed; use a number from 0/],
    ['a rate below 0', epoch({ learningRate: -1 }), /epoch 1, learningRate: -1 is not allowed/],
    ['no state', { state: 3 }, /state: 3 is not allowed/],
    ['a wrong setting', { configuration: { seed: -1 } }, /seed: -1 is not allowed/],
    ['another version', { version: 2 }, /version: 2 is not allowed; this page reads version 1/],
    ['another format', { format: 'x' }, /format: "x" is not allowed; use one of/],
  ])('with %s is refused', async (_, change, message) => {
    const { trainer } = await trained();
    const json = JSON.parse(runFile(CONFIGURATION, await trainer.save()));
    expect(() => readFile('a.json', JSON.stringify({ ...json, ...change }))).toThrow(message);
  });
});

test('a run of the command line gives its settings', () => {
  const config = configurationToJson(CONFIGURATION);
  const text = JSON.stringify({ config, backend: {}, history: {}, final: {} });
  expect(readFile('run.json', text)).toEqual({
    kind: 'configuration',
    configuration: CONFIGURATION,
  });
});

describe('another file', () => {
  test.each([
    ['no JSON', 'digits,1,2', /this is not JSON/],
    ['a table', 'epoch,loss\n1,2', /this is a CSV$/],
    ['a list', '[1]', /there are no settings in it/],
    ['an unknown setting', '{"wings": 2}', /wings: 2 is not allowed; there is no such setting/],
  ])('with %s is refused', (_, text, message) => {
    expect(() => readFile('a.json', text)).toThrow(InvalidInputError);
    expect(() => readFile('a.json', text)).toThrow(message);
  });
});

describe('a file too large to be loaded again', () => {
  const LONGEST = -2.2250738585072014e-308;

  test('is refused before any of its text is made', async () => {
    const spec = networkOf(checkConfiguration({ hidden: [65_536, 64] }));
    const numbers = parameterLayout(spec).length;
    const array = new Float64Array(numbers);
    expect(() => parametersFile(spec, array, CONFIGURATION)).toThrow(
      /^parameters as JSON: "8,454,273 numbers" is not allowed; use a file of up to 256 MiB can be loaded again, which has room for 8,386,560 numbers; nothing was saved$/,
    );
    const part = array.subarray(0, numbers >> 1);
    const state = { epoch: 1, batch: 0, parameters: part, optimizer: [part], running: RUNNING };
    const history = [plainMetrics(0)];
    expect(() => runFile(CONFIGURATION, { state, history })).toThrow('run as JSON');
    const small = { ...state, parameters: LITTLE, optimizer: [] };
    expect(() => runFile(CONFIGURATION, { state: small, history, best: state })).toThrow('run as');
    const long = Array<EpochMetrics>(1_300_000).fill(plainMetrics(0));
    expect(() => runFile(CONFIGURATION, { state: small, history: long })).toThrow('run as JSON');
  });

  test('is never told from one that fits: no number is longer than what is reckoned', () => {
    // Rows of one number have the most brackets, and this number the most digits.
    const spec = networkOf(checkConfiguration({ layers: 'dense 1 sigmoid; dense 2000 sigmoid' }));
    const array = new Float64Array(parameterLayout(spec).length).fill(LONGEST);
    expect(parametersFile(spec, array, CONFIGURATION).length).toBeLessThan(32 * array.length);
    const state = { epoch: 1, batch: 0, parameters: array, optimizer: [], running: RUNNING };
    const metrics = Object.keys(plainMetrics(0, NORMS));
    const values = Object.fromEntries(metrics.map((key) => [key, LONGEST]));
    const history = Array.from({ length: 500 }, () => ({ ...plainMetrics(0, NORMS), ...values }));
    const length = runFile(CONFIGURATION, { state, history }).length - array.length * 32;
    const reckoned = metrics.length * 32 + metrics.join('').length;
    expect(length).toBeLessThan(history.length * reckoned);
  });
});
