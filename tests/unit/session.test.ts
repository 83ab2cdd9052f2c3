/** Whole runs, from the CSV to the JSON document, against the fixtures. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { finalReport } from '../../src/session/final-report';
import { openBackend } from '../../src/session/open-backend';
import { runSession, type SessionOptions } from '../../src/session/run';
import type { Backend, Problem } from '../../src/training/backend';
import { type Configuration, DEFAULTS } from '../../src/training/configuration/fields';
import { configurationFromJson, configurationToJson } from '../../src/training/configuration/json';
import { BackendUnavailableError, InvalidInputError } from '../../src/training/errors';
import { prepare } from '../../src/training/prepare';
import { loadDigits, loadFixture } from '../fixtures';

function optionsFor(configuration: Partial<Configuration>): SessionOptions {
  return {
    configuration: { ...DEFAULTS, ...configuration },
    backend: 'reference',
    printEvery: 100,
  };
}

/** What became of the backends that the session opened, and what a test does to the next one. */
const watch = vi.hoisted(() => ({
  opened: 0,
  disposed: 0,
  change: (_backend: Backend): void => {},
}));

vi.mock('../../src/reference/backend', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/reference/backend')>();
  return {
    createReferenceBackend: async (problem: Problem): Promise<Backend> => {
      const backend = await original.createReferenceBackend(problem);
      const dispose = backend.dispose.bind(backend);
      watch.opened += 1;
      backend.dispose = () => {
        watch.disposed += 1;
        dispose();
      };
      watch.change(backend);
      return backend;
    },
  };
});

beforeEach(() => {
  watch.opened = 0;
  watch.disposed = 0;
  watch.change = () => {};
});

// On the quick backend: what a run gives in float64 is held against all fixtures in reference.test.ts.
describe.each(['notebook', 'challenge-8-digits-012'])('session: %s', (name) => {
  it('gives the lines and the document of the fixture', async () => {
    const fixture = loadFixture(name);
    const configuration = configurationFromJson(fixture.config);
    const lines: string[] = [];
    const progress: number[] = [];
    const document = await runSession({
      ...optionsFor(configuration),
      backend: 'cpu',
      onLine: (line) => lines.push(line),
      onProgress: (epoch, epochs) => {
        expect(epochs).toBe(configuration.epochs);
        progress.push(epoch);
      },
    });
    expect(lines).toEqual(fixture.printed);
    expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(configuration.epochs);

    expect(Object.keys(document)).toEqual(['config', 'backend', 'history', 'final', 'timing']);
    expect(document.config).toEqual(configurationToJson(configuration));
    expect(document.backend).toMatchObject({
      name: 'cpu',
      precision: 'float32',
      is_software: false,
    });
    expect(Object.keys(document.backend)).toEqual(['name', 'adapter', 'precision', 'is_software']);

    expect(Object.keys(document.history)).toEqual(Object.keys(fixture.history));
    expect(document.history.accuracy).toEqual(fixture.history.accuracy);
    expect(document.history.val_accuracy).toEqual(fixture.history.val_accuracy);

    const { final } = document;
    expect(Object.keys(final)).toEqual([
      'loss',
      'accuracy',
      'confusion_matrix',
      'classification_report',
      'test_outputs',
      'predictions',
      'sample_indices',
    ]);
    expect(final.predictions).toEqual(fixture.predictions);
    expect(final.sample_indices).toEqual(fixture.sample_indices);
    expect(final.confusion_matrix).toEqual(fixture.confusion_matrix);
    expect(final.classification_report).toBe(fixture.classification_report);
    expect(final.accuracy).toBe(fixture.history.val_accuracy.at(-1));
    const strayed = 10 * fixture.float32_deviation.val_loss + 1e-6;
    expect(Math.abs(final.loss - (fixture.history.val_loss.at(-1) ?? Number.NaN))).toBeLessThan(
      strayed,
    );
    expect(final.test_outputs.map((output) => output.length)).toEqual(
      fixture.test_outputs.map(() => fixture.test_size),
    );

    const { setup_ms, train_ms, ms_per_epoch } = document.timing;
    expect(setup_ms).toBeGreaterThan(0);
    expect(ms_per_epoch).toBeCloseTo(train_ms / configuration.epochs, 9);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('session', () => {
  it('records the configuration as it was run', async () => {
    const { config, final } = await runSession(optionsFor({ classes: [8, 3], epochs: 1 }));
    expect(config.classes).toEqual([3, 8]);
    expect(final.classification_report).toContain('Digit 3');
  });

  it('prints at the interval that is asked for', async () => {
    const lines: string[] = [];
    await runSession({
      ...optionsFor({ epochs: 7 }),
      printEvery: 3,
      onLine: (line) => lines.push(line),
    });
    expect(lines.map((line) => line.slice(0, 12))).toEqual([
      'Epoch    1/7',
      'Epoch    3/7',
      'Epoch    6/7',
      'Epoch    7/7',
    ]);
  });

  it('says why it ended early', async () => {
    const document = await runSession(
      optionsFor({ epochs: 40, patience: 2, monitor: 'val_accuracy', learningRate: 1e-6 }),
    );
    expect(document.stop?.reason).toBe('early-stopping');
    expect(document.stop?.message).toMatch(/^The test accuracy has not improved/);
    expect(document.history.loss.length).toBe(3);
  });

  it('records the norms where they are asked for', async () => {
    const { history } = await runSession(optionsFor({ epochs: 3, norms: true }));
    expect(history.gradient_norm?.length).toBe(3);
    expect(history.parameter_norm?.every((norm) => norm > 0)).toBe(true);
  });

  it('disposes of the backend once', async () => {
    await runSession(optionsFor({ epochs: 2 }));
    expect(watch).toMatchObject({ opened: 1, disposed: 1 });
  });

  it.each(['trainBatches', 'predict'] as const)(
    'disposes of the backend where %s fails',
    async (call) => {
      watch.change = (backend) => {
        const lost = new BackendUnavailableError('device-lost', 'gone');
        Object.assign(backend, { [call]: () => Promise.reject(lost) });
      };
      await expect(runSession(optionsFor({ epochs: 2 }))).rejects.toThrow('gone');
      expect(watch).toMatchObject({ opened: 1, disposed: 1 });
    },
  );

  it('refuses a configuration before a backend is opened', async () => {
    const options = optionsFor({});
    await expect(runSession(optionsFor({ hidden: [0] }))).rejects.toThrow(InvalidInputError);
    await expect(runSession({ ...options, printEvery: 0 })).rejects.toThrow(
      'print_every: 0 is not allowed; use an integer from 1',
    );
    expect(watch.opened).toBe(0);
  });
});

describe('final report', () => {
  it('has the labels and the probability of every class beside the document', async () => {
    const prepared = prepare({ ...DEFAULTS, classes: [3, 8], hidden: [4] }, loadDigits());
    const backend = await openBackend('reference', prepared.problem);
    const final = await finalReport(backend, prepared);
    backend.dispose();
    const { count } = prepared.problem.test;
    expect(final.labels).toEqual(Array.from(prepared.problem.test.labels));
    expect(final.probabilities.length).toBe(2 * count);
    expect(Array.from(final.probabilities.slice(0, 2))).toEqual([
      1 - final.document.test_outputs[0][0],
      final.document.test_outputs[0][0],
    ]);
    expect(final.report.classes.map((row) => row.name)).toEqual(['Digit 3', 'Digit 8']);
    // An untrained network with so small an initialization takes all for one class.
    expect(new Set(final.document.predictions).size).toBe(1);
    expect([0, 1]).toContain(final.document.predictions[0]);
  });
});
