/** Samples that stay bytes: small data are float32, and large ones the same numbers to the bit. */
import { describe, expect, it } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { sampleMemory } from '../../src/cpu/sample-memory';
import { takeRows } from '../../src/data/dataset';
import { byteTables, scaledBytes } from '../../src/data/samples';
import { planLayered } from '../../src/gpu/plan/layered';
import { checkLimits, shapeOf } from '../../src/gpu/plan/plan';
import { planSampleParallel } from '../../src/gpu/plan/sample-parallel';
import { createReferenceBackend } from '../../src/reference/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { networkOf } from '../../src/training/network-of';
import { findPreset } from '../../src/training/presets';
import { byteProblems } from '../support/problems';

/** Just large enough to be kept as bytes; the test set is evaluated in more than one portion. */
const LARGE = { features: 211, trainCount: 3_700, testCount: 1_300 };

describe('kept as bytes', () => {
  it('are large data sets of bytes, by one table or one a column', () => {
    expect(byteTables(byteProblems('unit', {}, LARGE).bytes)).toBe(1);
    expect(byteTables(byteProblems('standard', {}, LARGE).bytes)).toBe(211);
    expect(byteTables(byteProblems('unit', {}, LARGE).floats)).toBe(0);
    expect(byteTables(byteProblems('unit', {}, { ...LARGE, trainCount: 3_000 }).bytes)).toBe(0);
  });

  it('take a byte each on a device, and no schedule that would make them floats', () => {
    const shape = shapeOf(byteProblems('standard', { batchSize: 100 }, LARGE).bytes);
    const { buffers } = planLayered(shape);
    const bytes = Object.fromEntries(buffers.map((buffer) => [buffer.name, buffer.bytes]));
    // A row of 211 bytes begins with a whole word.
    expect(bytes['train-bytes']).toBe(3_700 * 212);
    expect(bytes['scaled-bytes']).toBe(211 * 256 * 4);
    expect(bytes['train-features']).toBeUndefined();
    expect(bytes['prediction-features']).toBe(1024 * 211 * 4);
    expect(planSampleParallel(shape)).toHaveProperty('declined');
  });

  it('of all of MNIST pass no limit that every device has', () => {
    const { configuration } = findPreset('mnist-wide');
    const hyperparameters = checkConfiguration(configuration);
    const shape = {
      ...{ spec: networkOf(hyperparameters), hyperparameters },
      ...{ trainSamples: 60_000, testSamples: 10_000 },
    };
    const limits = {
      maxStorageBufferBindingSize: 2 ** 27,
      maxBufferSize: 2 ** 28,
      maxComputeWorkgroupsPerDimension: 65_535,
      maxStorageBuffersPerShaderStage: 8,
    };
    const check = (byteTables: number) =>
      checkLimits(planLayered({ ...shape, byteTables }), limits, shape.spec);
    check(1);
    check(784);
    expect(() => check(0)).toThrow('the buffer train-features needs 188,160,000 bytes');
  });

  it('are a view of the rows that lie one behind the other', () => {
    const rows = {
      values: Uint8Array.of(1, 2, 3, 4, 5, 6),
      labels: Uint8Array.of(0, 1, 0),
      count: 3,
      features: 2,
    };
    const taken = takeRows(rows, [1, 2]);
    expect(taken.values.buffer).toBe(rows.values.buffer);
    expect([...taken.values, ...taken.labels]).toEqual([3, 4, 5, 6, 1, 0]);
    expect([...takeRows(rows, [2, 1]).values]).toEqual([5, 6, 3, 4]);
    expect([...takeRows(rows, [0, 2]).values]).toEqual([1, 2, 5, 6]);
  });

  it('are scaled in float64 and rounded once', () => {
    const scaler = { mean: Float64Array.of(33.3, 0), scale: Float64Array.of(78.5, 255) };
    const table = scaledBytes(scaler, 2);
    expect(table[200]).toBe(Math.fround((200 - 33.3) / 78.5));
    expect(table[256 + 200]).toBe(Math.fround(200 / 255));
  });

  it.each([
    ['standard', { batchSize: 300, optimizer: 'adam', learningRate: 0.01 }],
    ['unit', { batchSize: 300 }],
    ['standard', { batchSize: 0 }],
  ] as const)('train the backend cpu to the same bits, scaling %s, %o', async (scaling, values) => {
    const { bytes, floats } = byteProblems(scaling, values, LARGE);
    const [a, b] = [await createCpuBackend(bytes), await createCpuBackend(floats)];
    expect(await a.train(2)).toEqual(await b.train(2));
    expect(await a.state()).toEqual(await b.state());
    const some = new Float64Array(5 * LARGE.features).fill(0.25);
    expect(await a.predict(some, 5)).toEqual(await b.predict(some, 5));
  });

  it('are read where they lie, once, from memory that was made for them', async () => {
    const { bytes } = byteProblems('unit', { batchSize: 300 }, LARGE);
    const { train, test } = bytes;
    const room = sampleMemory(train.values.length + test.values.length);
    room.set(train.values);
    room.set(test.values, train.values.length);
    const lying = {
      ...bytes,
      train: { ...train, values: room.subarray(0, train.values.length) },
      test: { ...test, values: room.subarray(train.values.length) },
    };
    const [a, b] = [await createCpuBackend(bytes), await createCpuBackend(lying)];
    expect(await a.train(1)).toEqual(await b.train(1));
    expect(await a.state()).toEqual(await b.state());
    const copied = await createCpuBackend(lying);
    await copied.load(await a.state());
    // The second to come has a copy; the first would see it, were they others.
    room.fill(0);
    const [[ofCopy], [ofRoom], [expected]] = [
      await copied.train(1),
      await b.train(1),
      await a.train(1),
    ];
    expect(ofCopy).toEqual(expected);
    expect(ofRoom.valLoss).not.toBe(expected.valLoss);
  });

  it('train the reference to the same bits', async () => {
    const { bytes, floats } = byteProblems(
      'standard',
      { batchSize: 50 },
      { ...LARGE, trainCount: 60, testCount: 1_100 },
    );
    const [a, b] = [await createReferenceBackend(bytes), await createReferenceBackend(floats)];
    expect(await a.train(1)).toEqual(await b.train(1));
    expect(await a.state()).toEqual(await b.state());
  });
});
