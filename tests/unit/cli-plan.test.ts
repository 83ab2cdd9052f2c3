/** `npm run train -- --plan`: the printed plans of networks, held against counts made by hand. */
import { describe, expect, test } from 'vitest';
import { variantName } from '../../shaders/parts/gemm-variant';
import { RUNNING_WORDS } from '../../shaders/parts/loss-reduction';
import { planReport } from '../../src/cli/plan-report';
import { main } from '../../src/cli/train';
import { SCHEDULE_KINDS, type ScheduleKind } from '../../src/gpu/plan/choices';
import { defaultVariant } from '../../src/gpu/plan/choose-variant';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { findPreset } from '../../src/training/presets';
import { loadDigits } from '../fixtures';

const DIGITS = loadDigits();

/** The report's part on one schedule. */
function reportOn(kind: ScheduleKind, configuration: Partial<Configuration> = {}): string {
  return planReport(checkConfiguration(configuration), kind, DIGITS);
}

const integer = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));

/** The rows under a heading of the report. */
function rowsUnder(heading: string, report: string): string[] {
  const lines = report.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`${heading}: `)) + 1;
  expect(first).toBeGreaterThan(0);
  const rest = lines.slice(first);
  return rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('  ')),
  );
}

/** Sum of the column `bytes bound` of a part of the report. */
function bytesUnder(heading: string, report: string): number {
  return rowsUnder(heading, report).reduce(
    (sum, row) => sum + integer(/×1 +([\d,]+) /.exec(row)?.[1]),
    0,
  );
}

function totalsIn(report: string) {
  return {
    dispatches: integer(/^Dispatches an epoch: ([\d,]+) /m.exec(report)?.[1]),
    bytes: integer(/^Bytes bound an epoch, .*: ([\d,]+)$/m.exec(report)?.[1]),
  };
}

const TRAIN = 288;
const TEST = 72;
const PARAMETERS = 1185;

describe('the notebook’s plan', () => {
  test.each([
    ['layered', 3 * 3 + 1, 3 + 1],
    ['sample-parallel', 2, 0],
    ['persistent', 1, 0],
  ] as const)('%s has %i dispatches a step and %i after an epoch', (kind, step, epoch) => {
    const report = reportOn(kind);
    expect(report).toContain(`Schedule: ${kind}\n`);
    const [stepTitle, epochTitle] = ['Every step', 'After each epoch'];
    expect(rowsUnder(stepTitle, report)).toHaveLength(step);
    expect(rowsUnder(epochTitle, report)).toHaveLength(epoch);
    expect(report).toMatch(new RegExp(`^${stepTitle}: ${step} dispatch(es)?$`, 'm'));
    expect(totalsIn(report)).toEqual({
      dispatches: step + epoch,
      bytes: bytesUnder(stepTitle, report) + bytesUnder(epochTitle, report),
    });
  });

  test('layered binds in its first dispatch the data, the parameters and the outputs', () => {
    const [first] = rowsUnder('Every step', reportOn('layered'));
    expect(first).toMatch(/^ {2}forward +1 dense-forward +1×\d+×1 /);
    const bytes = 4 * (TRAIN * 64 + PARAMETERS + TRAIN * 16);
    expect(first).toContain(` ${bytes.toLocaleString('en')} `);
    expect(first).toContain(`rows ${TRAIN}, inputs 64, outputs 16`);
  });

  test('lists every buffer with its bytes, and their sum', () => {
    const report = reportOn('layered');
    expect(report).toMatch(new RegExp(`^ {2}train-features +${bytes(TRAIN * 64)} bytes$`, 'm'));
    expect(report).toMatch(new RegExp(`^ {2}test-features +${bytes(TEST * 64)} bytes$`, 'm'));
    expect(report).toMatch(new RegExp(`^ {2}parameters +${bytes(PARAMETERS)} bytes$`, 'm'));
    const sizes = [...report.matchAll(/^ {2}\S+ +([\d,]+) bytes$/gm)].map(([, size]) => size);
    const sum = sizes.reduce((total, size) => total + integer(size), 0);
    expect(report).toContain(`Buffers: ${sizes.length}\n`);
    expect(report).toContain(`Total: ${sum.toLocaleString('en')} bytes\n`);
    expect(report).not.toMatch(/^ {2}(checkpoint|state)/m);
    // The parameters and the running sums of an epoch, by plain SGD.
    const state = integer(bytes(PARAMETERS)) + 4 * RUNNING_WORDS;
    expect(report).toContain(
      `Each of 3 checkpoints, from its first use on: ${state.toLocaleString('en')} bytes\n`,
    );
  });

  test('says what network it is for', () => {
    expect(reportOn('layered')).toMatch(
      /^Network: 64 → 16 → 8 → 1, hidden sigmoid, output sigmoid; 1,185 parameters\nEpoch: {3}1 step of 288 samples; 72 test samples\n/,
    );
  });

  test('says what a dispatch of many steps makes of the counts', () => {
    expect(reportOn('persistent')).toMatch(/Both at most: a dispatch takes up to \d+ steps/);
    expect(reportOn('sample-parallel')).not.toContain('Both at most');
  });

  function bytes(values: number): string {
    return (4 * values).toLocaleString('en');
  }
});

describe('the table of schedules', () => {
  /** The cells of a schedule's row. */
  function rowOf(kind: ScheduleKind, report: string): string[] {
    const row = report.split('\n').find((line) => line.startsWith(`${kind} `)) ?? '';
    return row.split(/ {2,}/);
  }

  test.each(['layered', 'sample-parallel', 'persistent'] as const)(
    'has of %s what its own part says',
    (kind) => {
      const report = planReport(checkConfiguration({ batchSize: 32 }), 'auto', DIGITS);
      const alone = reportOn(kind, { batchSize: 32 });
      const { dispatches, bytes } = totalsIn(alone);
      const total = integer(/^Total: ([\d,]+) bytes$/m.exec(alone)?.[1]);
      expect(total).toBeGreaterThan(0);
      const atMost = kind === 'persistent' ? '≤ ' : '';
      expect(rowOf(kind, report)).toEqual([
        kind,
        `${atMost}${dispatches.toLocaleString('en')}`,
        `${atMost}${bytes.toLocaleString('en')}`,
        total.toLocaleString('en'),
        'takes it',
      ]);
      expect(rowOf(kind, alone)).toEqual(['']);
    },
  );

  test('says why a schedule declines', () => {
    const report = planReport(checkConfiguration({ hidden: [512, 256] }), 'auto', DIGITS);
    expect(rowOf('layered', report).at(-1)).toBe('takes it');
    for (const kind of ['sample-parallel', 'persistent'] as const) {
      const [why] =
        /(?<=Declines this network: ).*/.exec(reportOn(kind, { hidden: [512, 256] })) ?? [];
      expect(why).toMatch(/units/);
      expect(rowOf(kind, report)).toEqual([kind, '–', '–', '–', `declines: ${why}`]);
    }
  });
});

test('matrix products are listed with the variant that cuts them', () => {
  const rows = rowsUnder('Every step', reportOn('layered'));
  const products = rows.filter((row) => / dense-/.test(row));
  expect(products).toHaveLength(3 + 2 + 3);
  for (const row of products) expect(row).toMatch(/, variant (r\d+x\d+(s\d+)?|t\d+x\d+|gemv)$/);
  const first = { rows: TRAIN, inputs: 64, outputs: 16 };
  const chosen = variantName(defaultVariant('forward', first));
  expect(rows[0]).toContain(`variant ${chosen}`);
});

describe('other plans', () => {
  test('mini-batches multiply the dispatches of a step', () => {
    const report = reportOn('layered', { batchSize: 32 });
    expect(report).toContain('Epoch:   9 steps of up to 32 of 288 samples; 72 test samples\n');
    expect(totalsIn(report)).toEqual({
      dispatches: 9 * 10 + 4,
      bytes: 9 * bytesUnder('Every step', report) + bytesUnder('After each epoch', report),
    });
  });

  test.each([0, 1, 4])('with %i hidden layers, layered has 3L + 1 dispatches a step', (hidden) => {
    const report = reportOn('layered', { hidden: Array.from({ length: hidden }, () => 5) });
    expect(rowsUnder('Every step', report)).toHaveLength(3 * (hidden + 1) + 1);
  });

  test('a schedule that declines a network says why, and auto names the one that is used', () => {
    const { configuration } = findPreset('next-adam-ten-digits');
    const report = planReport(checkConfiguration(configuration), 'auto', DIGITS);
    expect(report).toMatch(/Schedule: persistent\nDeclines this network: .*106 units/);
    expect(report).toMatch(/Schedule: sample-parallel\nDeclines this network: /);
    expect(report).toMatch(/\nUsed without tuning: layered$/);
  });

  test('auto prints each', () => {
    const report = planReport(checkConfiguration({}), undefined, DIGITS);
    expect(report.match(/^Schedule: .*$/gm)).toEqual(
      SCHEDULE_KINDS.map((kind) => `Schedule: ${kind}`),
    );
    expect(report).toMatch(/\nUsed without tuning: sample-parallel$/);
  });
});

/** What the command prints, and its exit status. */
async function run(args: readonly string[]) {
  const printed: string[] = [];
  const warned: string[] = [];
  const status = await main(args, {
    print: (text) => printed.push(text),
    warn: (text) => warned.push(text),
  });
  return { status, printed, warned };
}

test('--plan prints three plans where none is chosen', async () => {
  const { status, printed, warned } = await run(['--plan']);
  expect({ status, warned }).toEqual({ status: 0, warned: [] });
  for (const kind of SCHEDULE_KINDS) expect(printed.join()).toContain(`\nSchedule: ${kind}\n`);
});

test('--plan prints the plan and trains nothing', async () => {
  const outcome = await run(['--plan', '--schedule-kind', 'layered', '--hidden', '7']);
  const printed = [reportOn('layered', { hidden: [7] })];
  expect(outcome).toEqual({ status: 0, printed, warned: [] });
});

test('--plan refuses a network of too many parameters in one line', async () => {
  const { status, printed, warned } = await run(['--plan', '--hidden', '65536,65536,65536']);
  expect({ status, printed, lines: warned.length }).toEqual({ status: 2, printed: [], lines: 1 });
  expect(warned[0]).toMatch(/^train: .*8,594,391,041 parameters are 8,527,282,177 more than/);
  expect(warned[0]).not.toContain('\n');
});

test('--plan --json prints one document: what the text says, and every dispatch', async () => {
  const { status, printed, warned } = await run(['--plan', '--json', '--hidden', '300']);
  expect({ status, warned, length: printed.length }).toEqual({ status: 0, warned: [], length: 1 });
  const { network, schedules, used } = JSON.parse(printed[0]);
  expect(network).toEqual({
    widths: [64, 300, 1],
    parameters: 64 * 300 + 300 + 300 + 1,
    train_samples: TRAIN,
    test_samples: TEST,
  });
  expect(schedules.map(({ schedule }: { schedule: string }) => schedule)).toEqual([
    ...SCHEDULE_KINDS,
  ]);
  expect(used).toBe('layered');
  const [layered, , persistent] = schedules;
  const text = reportOn('layered', { hidden: [300] });
  expect(layered.dispatches_per_epoch).toBe(totalsIn(text).dispatches);
  expect(layered.bytes_bound_per_epoch).toBe(totalsIn(text).bytes);
  expect(layered.step[0]).toMatchObject({ phase: 'forward', layer: 1, kernel: 'dense-forward' });
  expect(printed[0]).not.toContain('@compute');
  expect(persistent.declined).toMatch(/301 units do not fit/);
});
