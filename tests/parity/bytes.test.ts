/** Samples that stay bytes on the device: the kernel that unpacks them, and training to the same bits. */
import { describe, expect, it } from 'vitest';
import { instantiate } from '../../shaders/kernel';
import { wordsOfBytes } from '../../shaders/parts/byte-rows';
import { unpackFeatures } from '../../shaders/unpack-features';
import { gatherFeatures, scaledBytes } from '../../src/data/samples';
import { planLayered } from '../../src/gpu/plan/layered';
import { shapeOf } from '../../src/gpu/plan/plan';
import { RandomState } from '../../src/numpy/random-state';
import { testPlan } from '../../src/session/self-test/self-test';
import { byteProblems } from '../support/problems';
import { AWKWARD } from './support/numbers';
import { sharedDevice, withWebGpu } from './support/open';
import { runKernel } from './support/run-kernel';

const device = sharedDevice();

describe('unpack-features', () => {
  it.each(AWKWARD)(
    '%i features: every byte by its table, gathered and in order',
    async (inputs) => {
      const [samples, rows, most] = [23, 7, 9];
      const random = new RandomState(inputs);
      const values = Uint8Array.from({ length: samples * inputs }, () =>
        random.boundedInteger(255),
      );
      const scaler = {
        mean: Float64Array.from({ length: inputs }, () => random.uniform(0, 200)),
        scale: Float64Array.from({ length: inputs }, () => random.uniform(1, 90)),
      };
      const words = new Uint8Array(4 * samples * wordsOfBytes(inputs)).fill(99);
      for (let row = 0; row < samples; row++) {
        const from = row * inputs;
        words.set(values.subarray(from, from + inputs), 4 * row * wordsOfBytes(inputs));
      }
      const permutation = random.permutation(samples) as Uint32Array<ArrayBuffer>;
      for (const gather of [true, false]) {
        for (const tables of [1, inputs]) {
          const own = tables === 1 ? uniform(scaler, inputs) : scaler;
          const written = await runKernel(
            device().device,
            instantiate(unpackFeatures, { rows: most, inputs, tables, gather }),
            {
              bytes: new Uint32Array(words.buffer),
              scaled: scaledBytes(own, tables),
              ...(gather && { permutation }),
            },
            { features: most * inputs },
            { firstRow: 11, rows },
          );
          const order = gather
            ? permutation.subarray(11, 11 + rows)
            : Uint32Array.from({ length: rows }, (_, i) => 11 + i);
          const expected = gatherFeatures({ values, scaler: own, count: samples }, order);
          const { floats, isMarginIntact } = written.features;
          expect(Array.from(floats.subarray(0, rows * inputs))).toEqual(
            Array.from(expected, Math.fround),
          );
          // Rows behind the batch are left alone.
          expect(floats.subarray(rows * inputs).every(Number.isNaN)).toBe(true);
          expect(isMarginIntact).toBe(true);
        }
      }
    },
  );
});

function uniform({ mean, scale }: { mean: Float64Array; scale: Float64Array }, inputs: number) {
  return {
    mean: new Float64Array(inputs).fill(mean[0]),
    scale: new Float64Array(inputs).fill(scale[0]),
  };
}

it('train to the same bits as features that were scaled before', async () => {
  const sizes = { features: 211, trainCount: 3_700, testCount: 1_300 };
  const { bytes, floats } = byteProblems('standard', { batchSize: 300 }, sizes);
  const run = (problem: typeof bytes) =>
    withWebGpu(
      device(),
      problem,
      async (backend) => ({ history: await backend.train(2), state: await backend.state() }),
      'layered',
    );
  const [a, b] = [await run(bytes), await run(floats)];
  expect(a.state).toEqual(b.state);
  for (const [i, { valLoss, ...metrics }] of a.history.entries()) {
    const { valLoss: whole, ...others } = b.history[i];
    expect(metrics).toEqual(others);
    // In two portions, the test losses are added up in another order.
    expect(Math.abs(valLoss - whole)).toBeLessThan(1e-6 * whole);
  }
});

it('pass the self-test, the portions of the test set included', async () => {
  const sizes = { features: 6, trainCount: 40, testCount: 2_100 };
  const { bytes } = byteProblems('standard', { batchSize: 16, norms: true }, sizes);
  const plan = planLayered({ ...shapeOf(bytes), byteTables: sizes.features });
  expect(plan.evaluationRows).toBe(1024);
  const { kernels } = await testPlan(device(), plan, bytes);
  expect(kernels.filter(({ kernel }) => kernel === 'unpack-features').length).toBe(2);
  expect(kernels.filter(({ passed }) => !passed)).toEqual([]);
});
