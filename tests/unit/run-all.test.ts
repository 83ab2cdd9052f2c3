/** All presets in turn: rows against the fixtures, failures, progress, and the table's two forms. */
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/train';
import { runAllReport } from '../../src/cli/train-report';
import { type RunAllProgress, type RunAllRow, rowsToCsv, runAll } from '../../src/session/run-all';
import { findPreset, PRESETS } from '../../src/training/presets';
import { loadFixture } from '../fixtures';

const ROW: RunAllRow = {
  name: 'notebook',
  loss: 0.25,
  accuracy: 1,
  val_loss: 0.5,
  val_accuracy: 0.75,
  epochs_to_99: null,
  ms: 12.5,
  ms_per_epoch: 0.0125,
  backend: 'webgpu',
  adapter: 'maker "of" chips, software',
  error: null,
};

const FAILED: RunAllRow = {
  ...{ name: 'next-rmsprop', backend: 'webgpu', error: 'no adapter', adapter: null },
  ...{ loss: null, accuracy: null, val_loss: null, val_accuracy: null },
  ...{ epochs_to_99: null, ms: null, ms_per_epoch: null },
};

describe('runAll', () => {
  test('gives the fixtures’ final metrics, row by row, with progress', async () => {
    const presets = ['challenge-4', 'next-momentum'].map(findPreset);
    const lines: string[] = [];
    const progress: RunAllProgress[] = [];
    const rows: RunAllRow[] = [];
    const all = await runAll({
      ...{ backend: 'reference', presets },
      onLine: (line) => lines.push(line),
      onProgress: (at) => progress.push(at),
      onRow: (row, index) => {
        expect(index).toBe(rows.length);
        rows.push(row);
      },
    });
    expect(all).toEqual(rows);
    expect(lines).toEqual(['1/2 challenge-4-relu', '2/2 next-momentum']);
    for (const [index, preset] of presets.entries()) {
      const { history } = loadFixture(preset.name);
      const row = rows[index];
      expect(row).toMatchObject({ name: preset.name, backend: 'reference', error: null });
      expect(row.loss).toBeCloseTo(history.loss.at(-1) ?? Number.NaN, 9);
      expect(row.val_loss).toBeCloseTo(history.val_loss.at(-1) ?? Number.NaN, 9);
      expect(row.accuracy).toBe(history.accuracy.at(-1));
      expect(row.val_accuracy).toBe(history.val_accuracy.at(-1));
      expect(row.epochs_to_99).toBe(history.val_accuracy.findIndex((value) => value >= 0.99) + 1);
      expect(row.ms).toBeGreaterThan(0);
      expect(row.ms_per_epoch).toBeCloseTo((row.ms ?? 0) / history.loss.length, 9);
      expect(row.adapter).not.toBe('');

      const ofPreset = progress.filter((at) => at.preset === preset);
      expect(ofPreset.length).toBeGreaterThan(0);
      expect(new Set(ofPreset.map((at) => `${at.index} of ${at.count}`)).size).toBe(1);
      expect(ofPreset.at(-1)).toMatchObject({ index, epoch: 300, epochs: 300 });
    }
  });

  test('a preset that fails says so in its row, and the others go on', async () => {
    const rows = await runAll({
      ...{ backend: 'reference', settings: { epochs: 2, momentum: 0.5 } },
    });
    expect(rows.map(({ name }) => name)).toEqual(PRESETS.map(({ name }) => name));
    const failed = rows.filter(({ error }) => error !== null);
    // Momentum is of SGD only.
    expect(failed.map(({ name }) => name)).toEqual(['next-rmsprop', 'next-adam-ten-digits']);
    for (const row of failed) {
      expect(row.error).toMatch(/^momentum: 0\.5 is not allowed/);
      expect(row).toMatchObject({ loss: null, ms: null, adapter: null });
    }
    for (const { error, loss, epochs_to_99 } of rows) {
      if (error === null) expect(loss).toBeGreaterThan(0);
      expect(epochs_to_99).toBeNull();
    }
  });

  test('a run that diverges says so', async () => {
    const presets = [findPreset('notebook')];
    // Each update multiplies the weights by 1 - 10 · 1000.
    const settings = { learningRate: 1000, weightDecay: 10, epochs: 300 };
    const [row] = await runAll({ backend: 'reference', presets, settings });
    expect(row.error).toMatch(/^Training diverged in epoch \d+/);
  });

  test('ends between two presets when it is cancelled', async () => {
    const done: string[] = [];
    const rows = await runAll({
      ...{ backend: 'reference', settings: { epochs: 1 } },
      onRow: ({ name }) => done.push(name),
      isCancelled: () => done.length === 3,
    });
    expect(rows.map(({ name }) => name)).toEqual(PRESETS.slice(0, 3).map(({ name }) => name));
  });

  test('ends amid a preset when it is cancelled there, and gives it no row', async () => {
    let epochs = 0;
    const rows = await runAll({
      ...{ backend: 'reference', settings: { epochs: 100_000 } },
      onProgress: ({ epoch }) => {
        epochs = epoch;
      },
      isCancelled: () => epochs > 0,
    });
    expect(rows).toEqual([]);
    expect(epochs).toBeLessThan(10_000);
  });
});

test('CSV quotes what needs it and leaves fields without a value empty', () => {
  expect(rowsToCsv([ROW, FAILED])).toBe(
    [
      'name,loss,accuracy,val_loss,val_accuracy,epochs_to_99,ms,ms_per_epoch,backend,adapter,error',
      'notebook,0.25,1,0.5,0.75,,12.5,0.0125,webgpu,"maker ""of"" chips, software",',
      'next-rmsprop,,,,,,,,webgpu,,no adapter',
      '',
    ].join('\n'),
  );
});

test('the report is a table, with the backend and what failed below it', () => {
  expect(runAllReport([{ ...ROW, epochs_to_99: 594 }, FAILED]).split('\n')).toEqual([
    'preset          loss  accuracy  test loss  test accuracy  epochs to 99 %    ms  ms an epoch',
    'notebook      0.2500    1.0000     0.5000         0.7500             594  12.5       0.0125',
    'next-rmsprop       -         -          -              -               -     -            -',
    '',
    'Backend: webgpu, maker "of" chips, software',
    'Failed: next-rmsprop: no adapter',
  ]);
});

describe('npm run train -- --preset all', () => {
  async function run(...args: string[]) {
    const printed: string[] = [];
    const warned: string[] = [];
    const status = await main(['--preset', 'all', '--backend', 'reference', ...args], {
      print: (text) => printed.push(text),
      warn: (text) => warned.push(text),
    });
    return { status, printed, warned };
  }

  test('prints a table, and progress elsewhere', async () => {
    const { status, printed, warned } = await run('--epochs', '1');
    expect(status).toBe(0);
    expect(printed).toHaveLength(1);
    const lines = printed[0].split('\n');
    expect(lines.slice(1, 1 + PRESETS.length).map((line) => line.split(' ')[0])).toEqual(
      PRESETS.map(({ name }) => name),
    );
    expect(lines.at(-1)).toMatch(/^Backend: reference, /);
    expect(warned).toHaveLength(PRESETS.length);
    expect(warned[0]).toBe(`1/${PRESETS.length} notebook`);
  });

  test('--json prints one array; the status says where a preset failed', async () => {
    const { status, printed } = await run('--epochs=1', '--momentum=0.5', '--json');
    expect(status).toBe(1);
    expect(printed).toHaveLength(1);
    const rows = JSON.parse(printed[0]) as RunAllRow[];
    expect(rows.map(({ name }) => name)).toEqual(PRESETS.map(({ name }) => name));
    expect(Object.keys(rows[0])).toEqual([...Object.keys(ROW), 'runtime']);
    expect(rows.filter(({ error }) => error !== null)).toHaveLength(2);
  });
});
