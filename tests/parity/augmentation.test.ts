/** Augmentation on WebGPU: the kernel's bits, training as the other backends do, and the self-test. */
import { describe, expect, it } from 'vitest';
import { augmentFeatures } from '../../shaders/augment-features';
import { instantiate } from '../../shaders/kernel';
import { wordsOfBytes } from '../../shaders/parts/byte-rows';
import { createCpuBackend } from '../../src/cpu/backend';
import { augmentationOf } from '../../src/data/augmentation';
import { scaledBytes, trainingFeatures } from '../../src/data/samples';
import { planLayered } from '../../src/gpu/plan/layered';
import { type Plan, shapeOf } from '../../src/gpu/plan/plan';
import { RandomState } from '../../src/numpy/random-state';
import { createReferenceBackend } from '../../src/reference/backend';
import { testPlan } from '../../src/session/self-test/self-test';
import type { Backend, Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { prepare } from '../../src/training/prepare';
import { historyDifference } from '../support/histories';
import { imageProblem } from '../support/image-problem';
import { createFloat32Backend } from './support/float32-engine';
import { sharedDevice, withWebGpu } from './support/open';
import { fewDigits } from './support/problems';
import { runKernel } from './support/run-kernel';

const device = sharedDevice();
const digits = fewDigits(12);

describe('augment-features', () => {
  it.each([
    [1, 8, 8, 2, 0.3],
    [1, 28, 28, 7, 0],
    [3, 5, 7, 1, 0.3],
    [1, 4, 31, 0, 0.3],
  ])('%i × %i × %i, shift %i, noise %f', async (channels, height, width, shift, noise) => {
    const [samples, rows, most, batches, epoch] = [23, 7, 9, 5, 70_000];
    const inputs = channels * height * width;
    const random = new RandomState(inputs);
    const values = Uint8Array.from({ length: samples * inputs }, () => random.boundedInteger(255));
    const stride = 4 * wordsOfBytes(inputs);
    const words = new Uint8Array(samples * stride).fill(99);
    for (let row = 0; row < samples; row++) {
      words.set(values.subarray(row * inputs, (row + 1) * inputs), row * stride);
    }
    const permutation = random.permutation(samples) as Uint32Array<ArrayBuffer>;
    for (const [gather, tables] of [
      [true, inputs],
      [false, 1],
    ] as const) {
      const column = (least: number, top: number) => {
        const each = Float64Array.from({ length: inputs }, () => random.uniform(least, top));
        return tables === 1 ? each.fill(each[0]) : each;
      };
      const scaler = { mean: column(0, 200), scale: column(1, 90) };
      const image = { channels, height, width };
      const seed = 4_294_967_290;
      const augmentation = augmentationOf({ seed, shift, noise }, image, scaler, 255);
      const steps = Float32Array.from(augmentation?.noiseSteps ?? []);
      const kernel = instantiate(augmentFeatures, {
        ...{ ...image, rows: most, tables, gather, shift, noise: noise > 0, batches },
      });
      const { features } = await runKernel(
        device().device,
        kernel,
        {
          bytes: new Uint32Array(words.buffer),
          scaled: scaledBytes(scaler, tables),
          ...(gather && { permutation }),
          ...(noise > 0 && { noise_steps: steps }),
        },
        { features: most * inputs },
        { firstRow: 11, rows, seed, step: epoch * batches + 3 },
      );
      const order = gather
        ? permutation.subarray(11, 11 + rows)
        : Uint32Array.from({ length: rows }, (_, i) => 11 + i);
      const expected = new Float32Array(rows * inputs);
      trainingFeatures({ values, scaler, count: samples, augmentation }, order, epoch, expected);
      expect(features.floats.subarray(0, rows * inputs)).toEqual(expected);
      // Rows behind the batch are left alone.
      expect(features.floats.subarray(rows * inputs).every(Number.isNaN)).toBe(true);
      expect(features.isMarginIntact).toBe(true);
    }
  });
});

const CASES: readonly (readonly [string, Problem])[] = [
  [
    'ten digits in batches of 7, with dropout',
    prepare(
      checkConfiguration({
        ...{ classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], hidden: [9, 5], activation: 'tanh' },
        ...{ shift: 2, noise: 0.2, scaling: 'global', batchSize: 7, dropout: 0.3 },
        ...{ optimizer: 'adam', learningRate: 0.01 },
      }),
      digits,
    ).problem,
  ],
  [
    '28 × 28 in full batches',
    imageProblem({ shift: 3, noise: 0.1, hidden: [9], scaling: 'unit' }, [28, 28], 70),
  ],
];

it.each(CASES)('%s: all backends agree, and a pause changes no bit', async (_name, problem) => {
  const epochs = 4;
  const historyOf = async (backend: Backend) => backend.train(epochs);
  const expected = await historyOf(await createReferenceBackend(problem));
  const rulers = await Promise.all(
    [false, true].map(async (reversed) =>
      historyDifference(await historyOf(createFloat32Backend(problem, { reversed })), expected),
    ),
  );
  const cpu = await historyOf(await createCpuBackend(problem));
  const gpu = await withWebGpu(device(), problem, async (backend) => {
    const history = await historyOf(backend);
    return { history, state: await backend.state() };
  });
  for (const actual of [cpu, gpu.history]) {
    const difference = historyDifference(actual, expected);
    for (const metric of ['loss', 'valLoss'] as const) {
      const deviation = Math.max(...rulers.map((ruler) => ruler[metric]));
      expect(difference[metric]).toBeLessThan(10 * deviation + 1e-6);
    }
  }
  const paused = await withWebGpu(device(), problem, async (backend) => {
    await backend.trainBatches(2 * backend.batchesPerEpoch + 1);
    return backend.state();
  });
  await withWebGpu(device(), problem, async (backend) => {
    await backend.load(paused);
    await backend.trainBatches(2 * backend.batchesPerEpoch - 1);
    expect(await backend.state()).toEqual(gpu.state);
  });
});

describe('the self-test', () => {
  const [, problem] = CASES[0];
  const plan = planLayered(shapeOf(problem));

  it.each([
    ['i32(pixel % 8u)) - offset', 'i32(pixel % 8u)) + offset'],
    [') - 510', ') - 509'],
    ['step.seed, 1u', 'step.seed, 0u'],
  ])('finds %s, were it %s', async (from, to) => {
    const step = plan.step.map((each) => {
      const wgsl = each.kernel.wgsl.replaceAll(from, to);
      const isIt = each.kernel.name === 'augment-features';
      return isIt ? { ...each, kernel: { ...each.kernel, wgsl } } : each;
    });
    expect(step[0].kernel.wgsl).not.toBe(plan.step[0].kernel.wgsl);
    const broken: Plan = { ...plan, step };
    const { kernels } = await testPlan(device(), broken, problem);
    const failed = kernels.filter(({ passed }) => !passed).map(({ kernel }) => kernel);
    expect([...new Set(failed)]).toEqual(['augment-features']);
  });
});
