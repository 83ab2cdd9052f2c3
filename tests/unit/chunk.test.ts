/** A chunk's layout: entries, records, orders and the evaluation that each schedule brings. */
import { describe, expect, test } from 'vitest';
import { StepTable } from '../../src/gpu/plan/step-table';
import { layOutChunk } from '../../src/gpu/runtime/chunk';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { StepSequence } from '../../src/training/steps';

const LIMITS = { trainSamples: 10, testSamples: 3, orders: 2 };
const OWN = { evaluation: 'epoch', stepsAtOnce: 1, epoch: [] } as const;
const NEXT = { evaluation: 'next-step', stepsAtOnce: 1, epoch: [] } as const;

/** The integers of an entry as kernels read them. */
function entry(table: StepTable, index: number) {
  const words = new Uint32Array(table.bytes, index * 256, 12);
  return {
    firstRow: words[0],
    rows: words[1],
    record: words[2],
    step: words[3],
    isFirst: words[4],
    previous: words[10],
    entries: words[11],
  };
}

function layOut(
  plan: Omit<Parameters<typeof layOutChunk>[0], 'evaluationRows'>,
  batchSize: number,
  batches: number,
  from = { epoch: 0, batch: 0 },
) {
  const table = new StepTable(DEFAULTS);
  const whole = { evaluationRows: LIMITS.testSamples, ...plan };
  const steps = new StepSequence({ ...DEFAULTS, batchSize }, LIMITS.trainSamples);
  return { table, chunk: layOutChunk(whole, steps, table, from, batches, LIMITS) };
}

describe('a schedule that evaluates by itself', () => {
  test('adds an evaluation after each epoch', () => {
    const { table, chunk } = layOut(OWN, 0, 2);
    expect(chunk.dispatches.map(({ part }) => part)).toEqual(['step', 'epoch', 'step', 'epoch']);
    expect(entry(table, 0)).toMatchObject({ rows: 10, record: 0, isFirst: 1, previous: 0 });
    expect(entry(table, 1)).toMatchObject({ rows: 3, record: 0, firstRow: 0 });
    expect(entry(table, 2)).toMatchObject({ rows: 10, record: 1, step: 1 });
    expect(chunk).toMatchObject({ entries: 4, batches: 2, epoch: 2, batch: 0, orders: [] });
  });

  test('keeps the last, smaller batch and each epoch’s order', () => {
    const { table, chunk } = layOut(OWN, 4, 6);
    expect(chunk.dispatches.map(({ part }) => part)).toEqual([
      ...['step', 'step', 'step', 'epoch'],
      ...['step', 'step', 'step', 'epoch'],
    ]);
    expect([0, 1, 2].map((i) => entry(table, i).rows)).toEqual([4, 4, 2]);
    expect([4, 5, 6].map((i) => entry(table, i).firstRow)).toEqual([10, 14, 18]);
    expect(chunk.orders).toEqual([0, 1]);
  });

  test('stops where the permutation buffer is full', () => {
    const { chunk } = layOut(OWN, 4, 100);
    expect(chunk).toMatchObject({ batches: 6, epoch: 2, batch: 0 });
  });

  test('goes on in the middle of an epoch, with that epoch’s order', () => {
    const { table, chunk } = layOut(OWN, 4, 2, { epoch: 7, batch: 1 });
    expect(chunk).toMatchObject({ orders: [7], batches: 2, epoch: 8, batch: 0 });
    expect(entry(table, 0)).toMatchObject({ firstRow: 4, rows: 4, isFirst: 0, step: 22 });
  });
});

describe('a schedule that evaluates with the next step', () => {
  test('hands each epoch to the step that follows, the last to a step without rows', () => {
    const { table, chunk } = layOut(NEXT, 0, 3);
    expect(chunk.dispatches).toHaveLength(4);
    expect([0, 1, 2, 3].map((i) => entry(table, i).previous)).toEqual([0, 1, 2, 3]);
    expect(entry(table, 3)).toMatchObject({ rows: 0, isFirst: 0 });
  });

  test('adds nothing behind an epoch that is not over', () => {
    const { chunk } = layOut(NEXT, 4, 2);
    expect(chunk).toMatchObject({ batches: 2, entries: 2, epoch: 0, batch: 2 });
  });
});

test('a kernel that takes many steps gets them in runs', () => {
  const { table, chunk } = layOut({ ...NEXT, stepsAtOnce: 256 }, 0, 600);
  expect(chunk.dispatches.map((dispatch) => dispatch.entry)).toEqual([0, 256, 512]);
  expect([0, 256, 512].map((i) => entry(table, i).entries)).toEqual([256, 256, 89]);
});

test('a chunk never passes the end of the table', () => {
  const { chunk } = layOut(OWN, 0, 100_000);
  expect(chunk.entries).toBeLessThanOrEqual(2048);
  expect(chunk.batches).toBe(chunk.epoch);
});
