/** Runs by JAX in float64, on MNIST and of convolutions, and how a backend's run compares with one. */
import { expect } from 'vitest';
import { loadRows } from '../../src/data/registry';
import { parameterLayout } from '../../src/model/parameter-layout';
import type { Backend, EpochMetrics, Problem } from '../../src/training/backend';
import { configurationFromJson } from '../../src/training/configuration/json';
import { prepare } from '../../src/training/prepare';
import { StepSequence } from '../../src/training/steps';

interface History {
  readonly loss: readonly number[];
  readonly accuracy: readonly number[];
  readonly val_loss: readonly number[];
  readonly val_accuracy: readonly number[];
}

/** A parameter array, by a few of its numbers. */
interface Digest {
  readonly shape: readonly number[];
  readonly sum: number;
  /** Sum of the magnitudes. */
  readonly absolute: number;
  readonly first: readonly number[];
}

export interface JaxFixture {
  readonly config: Readonly<Record<string, unknown>>;
  readonly train_size: number;
  readonly test_size: number;
  readonly parameters: number;
  readonly initial: readonly Digest[];
  readonly final: readonly Digest[];
  /** Loss of each of the first batches, before its update. */
  readonly first_batches: readonly number[];
  readonly history: History;
  readonly confusion_matrix: readonly (readonly number[])[];
  /** Between the same run in float32 and in float64. */
  readonly float32_deviation: Readonly<Record<keyof History, number>>;
}

/** The problem of a fixture, which must have its sizes. */
export async function problemOfFixture(fixture: JaxFixture) {
  const configuration = configurationFromJson(fixture.config);
  const prepared = prepare(configuration, await loadRows(configuration));
  const { train, test, parameters } = prepared.problem;
  expect([train.count, test.count, parameters.length]).toEqual([
    fixture.train_size,
    fixture.test_size,
    fixture.parameters,
  ]);
  return { configuration, prepared, problem: prepared.problem };
}

/** Expects each parameter array to have a fixture's sums and first values, within a share of its magnitudes. */
export function expectParameters(
  { spec }: Problem,
  parameters: Float64Array,
  digests: readonly Digest[],
  share: number,
): void {
  const { slices } = parameterLayout(spec);
  expect(slices.length).toBe(digests.length);
  for (const [i, { name, offset, length }] of slices.entries()) {
    const values = parameters.subarray(offset, offset + length);
    const { sum, absolute, first } = digests[i];
    const bound = share * Math.max(1, absolute);
    expect(Math.abs(values.reduce((a, b) => a + b, 0) - sum), name).toBeLessThan(bound);
    expect(Math.abs(values.reduce((a, b) => a + Math.abs(b), 0) - absolute)).toBeLessThan(bound);
    for (const [k, value] of first.entries()) {
      expect(Math.abs(values[k] - value), `${name}[${k}]`).toBeLessThan(share);
    }
  }
}

/** Expects the losses of the first batches, or the first `count` of them, one by one, each before its update. */
export async function expectFirstBatches(
  backend: Backend,
  { hyperparameters, train }: Problem,
  fixture: JaxFixture,
  bound: number,
  count = fixture.first_batches.length,
): Promise<void> {
  const steps = new StepSequence(hyperparameters, train.count);
  /** Of the losses of all samples since the epoch began. */
  let total = 0;
  for (const [i, expected] of fixture.first_batches.slice(0, count).entries()) {
    const batch = i % steps.batchesPerEpoch;
    const { rows, firstRow, isLast } = steps.at(0, batch);
    const before = batch === 0 ? 0 : total;
    const [whole] = await backend.trainBatches(1);
    total = isLast
      ? whole.loss * train.count
      : (backend.underway?.loss ?? Number.NaN) * (firstRow + rows);
    expect(Math.abs((total - before) / rows - expected), `batch ${i + 1}`).toBeLessThan(bound);
  }
}

/** Expects the whole history of a backend in float64. */
export function expectFloat64History({ history }: JaxFixture, epochs: readonly EpochMetrics[]) {
  expect(epochs.length).toBe(history.loss.length);
  for (const [i, { loss, accuracy, valLoss, valAccuracy }] of epochs.entries()) {
    expect(Math.abs(loss - history.loss[i]), `epoch ${i + 1}`).toBeLessThan(1e-9);
    expect(Math.abs(valLoss - history.val_loss[i]), `epoch ${i + 1}`).toBeLessThan(1e-9);
    expect(accuracy).toBeCloseTo(history.accuracy[i], 12);
    expect(valAccuracy).toBeCloseTo(history.val_accuracy[i], 12);
  }
}

/** Expects the whole history of a float32 backend within ten times what JAX itself strays, plus a millionth. */
export function expectFloat32History(
  { history, float32_deviation, train_size, test_size }: JaxFixture,
  epochs: readonly EpochMetrics[],
): void {
  expect(epochs.length).toBe(history.loss.length);
  for (const [i, { loss, accuracy, valLoss, valAccuracy }] of epochs.entries()) {
    const near = (value: number, expected: number, deviation: number, unit = 0) =>
      expect(Math.abs(value - expected), `epoch ${i + 1}`).toBeLessThan(
        10 * deviation + 1e-6 + unit,
      );
    near(loss, history.loss[i], float32_deviation.loss);
    near(valLoss, history.val_loss[i], float32_deviation.val_loss);
    // A sample whose best two classes are as good as equal may go to either.
    near(accuracy, history.accuracy[i], float32_deviation.accuracy, 1 / train_size);
    near(valAccuracy, history.val_accuracy[i], float32_deviation.val_accuracy, 1 / test_size);
  }
}
