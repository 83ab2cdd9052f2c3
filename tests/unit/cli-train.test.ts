/** `npm run train` in Node, on the reference backend: its report, its JSON, its exit statuses. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/train';
import { readTrainArguments } from '../../src/cli/train-arguments';
import { formatMatrix, trainReport } from '../../src/cli/train-report';
import { type ChromeTrace, chromeTrace } from '../../src/session/chrome-trace';
import type { KernelTimesDocument } from '../../src/session/kernel-times';
import { runSession, type TrainDocument } from '../../src/session/run';
import { loadFixture } from '../fixtures';

afterEach(() => {
  vi.unstubAllEnvs();
});

const NAMES = ['Digit 0', 'Digit 1'];

/** Runs the command and keeps what it writes. */
async function run(...args: string[]) {
  const printed: string[] = [];
  const warned: string[] = [];
  const status = await main(args, {
    print: (text) => printed.push(text),
    warn: (text) => warned.push(text),
  });
  return { status, printed, warned };
}

test('a fixture’s configuration gives the fixture’s lines, matrix and report', async () => {
  const fixture = loadFixture('challenge-4-relu');
  const folder = mkdtempSync(join(tmpdir(), 'shaderprop-train-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(fixture.config));
  const { status, printed, warned } = await run('--backend', 'reference', '--config', file);
  rmSync(folder, { recursive: true });
  expect(status).toBe(0);
  expect(warned).toEqual([]);
  expect(printed.slice(0, -1)).toEqual(fixture.printed);
  const report = printed.at(-1);
  expect(report).toContain(`Confusion Matrix:\n${formatMatrix(fixture.confusion_matrix)}\n`);
  expect(report).toContain(fixture.classification_report.trimEnd());
  expect(report).toMatch(/Backend: reference \(float64\), /);
  expect(report).toMatch(/setup \d+\.\d ms, training \d+\.\d ms, \d+\.\d{4} ms an epoch/);
});

test('--json prints one document, and the lines elsewhere', async () => {
  const { status, printed, warned } = await run(
    ...['--backend=reference', '--epochs=4', '--print-every=2', '--hidden=', '--json'],
  );
  expect(status).toBe(0);
  expect(warned.map((line) => line.slice(0, 12))).toEqual([
    'Epoch    1/4',
    'Epoch    2/4',
    'Epoch    4/4',
  ]);
  expect(printed).toHaveLength(1);
  const document = JSON.parse(printed[0]) as TrainDocument;
  expect(document.config).toMatchObject({ epochs: 4, hidden: [], learning_rate: 0.5 });
  expect(document.backend).toMatchObject({ name: 'reference', precision: 'float64' });
  for (const key of ['loss', 'accuracy', 'val_loss', 'val_accuracy', 'learning_rate'] as const) {
    expect(document.history[key]).toHaveLength(4);
  }
  expect(document.final.confusion_matrix.flat().reduce((sum, count) => sum + count)).toBe(72);
  expect(document.final.test_outputs.map((row) => row.length)).toEqual([72]);
  expect(document.timing.ms_per_epoch).toBeCloseTo(document.timing.train_ms / 4);
});

test.each([['--epochs', '0'], ['--what'], ['--test-size', '0.001'], ['--hidden', '65536,65536']])(
  '%s %s runs nothing and gives one line and status 2',
  async (...args) => {
    // A browser that cannot be started: whoever tried would say so, with status 1.
    vi.stubEnv('SHADERPROP_CHROMIUM', '/nowhere');
    const { status, printed, warned } = await run(...args.filter((arg) => arg !== undefined));
    expect(status).toBe(2);
    expect(printed).toEqual([]);
    expect(warned).toHaveLength(1);
    expect(warned[0]).toContain(args[0]);
    expect(warned[0]).not.toContain('\n');
  },
);

test.each([
  [['--learning-rate=fast'], /^train: --learning-rate: "fast" is not allowed; /],
  [['--preset', 'challenge-3'], /^train: --preset: "challenge-3" .*; use one of .*32-16; or all$/],
])('%j is refused in one line that says what is allowed', async (args, line) => {
  const { status, printed, warned } = await run(...args);
  expect({ status, printed }).toEqual({ status: 2, printed: [] });
  expect(warned).toEqual([expect.stringMatching(line)]);
  expect(warned[0]).not.toContain('\n');
});

test('the last epoch is printed, once, however many there are', async () => {
  const of = async (...flags: string[]) => {
    const { printed } = await run('--backend=reference', '--hidden=', ...flags);
    return printed.filter((line) => line.startsWith('Epoch')).map((line) => line.slice(0, 12));
  };
  expect(await of('--epochs=5', '--print-every=2')).toEqual([
    ...['Epoch    1/5', 'Epoch    2/5', 'Epoch    4/5', 'Epoch    5/5'],
  ]);
  expect(await of('--epochs=4', '--print-every=2')).toHaveLength(3);
  expect(await of('--epochs=1')).toEqual(['Epoch    1/1']);
  const stopped = await of('--epochs=90', '--patience=3', '--min-delta=1');
  expect(stopped.at(-1)).toBe('Epoch    4/9');
});

test('settings that make no difference are named, and what does is trained', async () => {
  const { status, warned } = await run(
    ...['--backend=reference', '--epochs=1', '--decay-steps=5', '--init-scale=2', '--seed=3'],
    ...['--init=he_normal'],
  );
  expect(status).toBe(0);
  expect(warned).toEqual([
    'train: --init-scale has no effect here. Only with the initializer Normal.',
    'train: --decay-steps has no effect here. Only with the learning-rate schedule Step.',
  ]);
});

test('--help prints the flags and trains nothing', async () => {
  const { status, printed, warned } = await run('--help');
  expect({ status, warned }).toEqual({ status: 0, warned: [] });
  expect(printed.join()).toContain('--learning-rate');
});

test('the report names a software adapter as such, and says why a run stopped', async () => {
  const { printed } = await run('--backend=reference', '--epochs=1', '--json');
  const document = JSON.parse(printed[0]) as TrainDocument;
  const caution = 'software adapter: not a GPU’s timing';
  expect(trainReport(document, NAMES)).not.toContain(caution);
  const software = { ...document.backend, is_software: true };
  const stopped = { reason: 'diverged', message: 'The loss is not finite.' };
  const report = trainReport({ ...document, backend: software, stop: stopped }, NAMES);
  expect(report).toContain(caution);
  expect(report).toMatch(/^Stopped: The loss is not finite\.\n/);
});

test('the report tells the plan, who chose it, what each candidate took and what all of it took', async () => {
  const { printed } = await run('--backend=reference', '--epochs=1', '--json');
  const document = JSON.parse(printed[0]) as TrainDocument;
  expect(trainReport(document, NAMES)).not.toContain('Plan:');
  const plan = {
    schedule: 'layered',
    candidate: 'layered r8x8',
    chosen_by: 'measurement',
    timings: [
      { candidate: 'layered', ms_per_step: 2.5, note: '', took_ms: 812.4 },
      { candidate: 'layered r8x8', ms_per_step: 1.25, note: '', took_ms: 300 },
      { candidate: 'persistent-64', ms_per_step: null, note: 'not tried: time was up' },
    ],
    tuning_ms: 1234.5,
  } as const;
  const report = trainReport({ ...document, backend: { ...document.backend, plan } }, NAMES);
  expect(report.split('\n').slice(-5)).toEqual([
    'Plan:    layered r8x8 (measurement)',
    '         layered        2.5000 ms a step, tried in 812 ms',
    '         layered r8x8   1.2500 ms a step, tried in 300 ms',
    '         persistent-64  not tried: time was up',
    '         measured in 1235 ms in all, compiling included',
  ]);
});

describe('times of kernels', () => {
  async function reportWith(times: KernelTimesDocument): Promise<string> {
    const { printed } = await run('--backend=reference', '--epochs=1', '--json');
    const document = JSON.parse(printed[0]) as TrainDocument;
    expect(document).not.toHaveProperty('kernel_times');
    expect(trainReport(document, NAMES)).not.toMatch(/kernel/i);
    return trainReport({ ...document, kernel_times: times }, NAMES);
  }

  test('are a table with the clock’s resolution', async () => {
    const named = { layer: 0, phase: 'train', kernel: 'sgd-update' } as const;
    const kernel = { ...named, ms: 0.25, repetitions: 1024 };
    const report = await reportWith({
      resolution_ms: 0.1,
      kernels: [
        { ...kernel, part: 'step' },
        { ...kernel, part: 'step', layer: 2, ms: 1.5 },
        { ...kernel, part: 'epoch', ms: 8 },
      ],
    });
    expect(report.split('\n').slice(-6)).toEqual([
      'kernel      phase  layer  ms a dispatch  repetitions  when',
      'sgd-update  train    all         0.2500        1,024  a step',
      'sgd-update  train      2         1.5000        1,024  a step',
      'sgd-update  train    all         8.0000        1,024  after an epoch',
      'The kernels of a step together: 1.7500 ms.',
      'By timestamp queries, which browsers round to 0.1 ms; each kernel is repeated until its time stands above that.',
    ]);
  });

  test('are not to be had without the clock, and the report says what is', async () => {
    const obstacle = 'this device has no timestamp queries';
    const report = await reportWith({ resolution_ms: null, kernels: [], obstacle });
    expect(report).toContain(`\nNo times of kernels: ${obstacle}.\nOnly the time of whole submits`);
  });

  test('are asked of a backend that has none', async () => {
    const { configuration } = readTrainArguments(['--epochs=1']);
    const { kernel_times } = await runSession({
      configuration,
      backend: 'reference',
      printEvery: 1,
      kernelTimes: true,
    });
    expect(kernel_times).toEqual({
      resolution_ms: null,
      kernels: [],
      obstacle: 'the backend reference runs no kernels',
    });
  });
});

test('matrices are laid out as NumPy prints them', () => {
  expect(
    formatMatrix([
      [36, 0],
      [1, 35],
    ]),
  ).toBe('[[36  0]\n [ 1 35]]');
  expect(formatMatrix([[5]])).toBe('[[5]]');
});

test('a run that diverges is over with status 3, and the document says so', async () => {
  const { status, printed } = await run(
    ...['--backend=reference', '--hidden=', '--learning-rate=1000', '--weight-decay=10', '--json'],
  );
  expect(status).toBe(3);
  const { stop } = JSON.parse(printed[0]) as TrainDocument;
  expect(stop?.reason).toBe('diverged');
});

describe('--trace', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shaderprop-trace-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('writes the phases of a run as Chrome reads them', async () => {
    const file = join(folder, 'trace.json');
    const { status } = await run('--backend=cpu', '--epochs=2', `--trace=${file}`);
    expect(status).toBe(0);
    const { traceEvents, otherData } = JSON.parse(readFileSync(file, 'utf8')) as ChromeTrace;
    expect(traceEvents.map(({ ph, name }) => `${ph} ${name}`)).toEqual([
      ...['M process_name', 'X open the backend', 'X train'],
    ]);
    const [, open, train] = traceEvents;
    expect(train.ts).toBe(open.dur);
    expect(train.dur).toBeGreaterThan(0);
    expect(otherData.adapter).toMatch(/^WebAssembly/);
  });

  test('has a step’s kernels one after the other, on a line of their own', async () => {
    const { configuration } = readTrainArguments(['--epochs=1']);
    const document = await runSession({ configuration, backend: 'reference', printEvery: 1 });
    const kernel = { phase: 'update', layer: 0, part: 'step', repetitions: 4 } as const;
    const { traceEvents } = chromeTrace({
      ...document,
      timing: { setup_ms: 5, train_ms: 7, ms_per_epoch: 7 },
      kernel_times: {
        resolution_ms: 0.1,
        kernels: [
          { ...kernel, kernel: 'sample-forward-backward', ms: 0.25 },
          { ...kernel, kernel: 'gradient-update', ms: 0.5 },
        ],
      },
    });
    const place = { ph: 'X', pid: 2, tid: 1, args: kernel };
    expect(traceEvents.slice(-2)).toEqual([
      { ...place, name: 'sample-forward-backward', ts: 5000, dur: 250 },
      { ...place, name: 'gradient-update', ts: 5250, dur: 500 },
    ]);
  });

  test('to a place that is not there is refused before anything is trained', async () => {
    const { status, printed, warned } = await run(
      ...['--backend=cpu', `--trace=${join(folder, 'no', 'trace.json')}`],
    );
    expect({ status, printed }).toEqual({ status: 2, printed: [] });
    expect(warned).toEqual([
      expect.stringMatching(/^train: --trace ".*" cannot be written: there is no such folder$/),
    ]);
  });
});
