/** Augmentation: what is drawn, what becomes of an image, and that no batch, thread or pause changes it. */
import { describe, expect, it } from 'vitest';
import { planReport } from '../../src/cli/plan-report';
import { createCpuBackend } from '../../src/cpu/backend';
import {
  type Augmentation,
  augmentationOf,
  mostShift,
  noiseOf,
  offsetOf,
  sourceOf,
} from '../../src/data/augmentation';
import { datasetOf } from '../../src/data/registry';
import { scaledFeatures, trainingFeatures, type Unscaled } from '../../src/data/samples';
import { planLayered } from '../../src/gpu/plan/layered';
import { shapeOf } from '../../src/gpu/plan/plan';
import { planSampleParallel } from '../../src/gpu/plan/sample-parallel';
import { createReferenceBackend } from '../../src/reference/backend';
import { nodeCores } from '../../src/session/node-cores';
import type { Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { whyIdle } from '../../src/training/configuration/idle';
import { prepare } from '../../src/training/prepare';
import { loadDigits } from '../fixtures';
import { firstOfEach } from '../support/first-of-each';
import { imageProblem } from '../support/image-problem';

const DIGITS = firstOfEach(loadDigits(), 12);

const IMAGE = { channels: 1, height: 8, width: 8 };

function problemOf(values: Partial<Configuration>): Problem {
  return prepare(checkConfiguration({ hidden: [6], ...values }), DIGITS).problem;
}

const keyOf = (seed: number, shift = 2) => ({ seed, shift });
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a shift', () => {
  it('is each whole number of pixels as often, in both directions', () => {
    const draws = range(6000).map((sample) => offsetOf(keyOf(42), 5, sample));
    for (const way of ['down', 'right'] as const) {
      for (let pixels = -2; pixels <= 2; pixels++) {
        const share = draws.filter((offset) => offset[way] === pixels).length / draws.length;
        // Five standard deviations of a binomial share.
        expect(Math.abs(share - 1 / 5)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / draws.length));
      }
      expect(new Set(draws.map((offset) => offset[way])).size).toBe(5);
    }
    const product = meanOf(draws.map(({ down, right }) => down * right));
    // Of independent ones the mean is 0, and the variance of a product 2 · 2.
    expect(Math.abs(product)).toBeLessThan(5 * Math.sqrt(4 / draws.length));
  });

  it('is another with another seed, in another epoch and of another sample', () => {
    const base = range(500).map((sample) => offsetOf(keyOf(42), 3, sample));
    expect(range(500).map((sample) => offsetOf(keyOf(42), 3, sample))).toEqual(base);
    for (const others of [
      range(500).map((sample) => offsetOf(keyOf(43), 3, sample)),
      range(500).map((sample) => offsetOf(keyOf(42), 4, sample)),
      range(500).map((sample) => offsetOf(keyOf(42), 3, sample + 500)),
    ]) {
      const same = others.filter(({ down }, i) => down === base[i].down).length / 500;
      expect(Math.abs(same - 1 / 5)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / 500));
    }
  });

  it('brings every pixel from where it was, and nothing from beyond the edge', () => {
    const image = { channels: 2, height: 2, width: 3 };
    const sources = (down: number, right: number) =>
      range(12).map((pixel) => sourceOf(image, { down, right }, pixel));
    expect(sources(0, 0)).toEqual(range(12));
    expect(sources(1, 0)).toEqual([-1, -1, -1, 0, 1, 2, -1, -1, -1, 6, 7, 8]);
    expect(sources(0, -1)).toEqual([1, 2, -1, 4, 5, -1, 7, 8, -1, 10, 11, -1]);
    expect(sources(-1, 2)).toEqual([-1, -1, 3, -1, -1, -1, -1, -1, 9, -1, -1, -1]);
  });
});

describe('noise', () => {
  const draws = range(500).flatMap((sample) =>
    range(16).flatMap((four) => noiseOf(keyOf(42), 5, sample, 4 * four)),
  );
  const deviation = Math.sqrt(21_845);
  const moment = (power: number) => meanOf(draws.map((whole) => (whole / deviation) ** power));

  it('has mean 0, deviation 1 and the excess of four bytes', () => {
    const count = draws.length;
    expect(count).toBe(32_000);
    // Five standard errors, of moments of a nearly normal distribution.
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 2.7)).toBeLessThan(5 * Math.sqrt(96 / count));
    expect(Math.max(...draws.map(Math.abs))).toBeLessThanOrEqual(510);
  });

  it('is of no pixel, sample or epoch what it is of the next one', () => {
    const product = (distance: number) =>
      meanOf(draws.slice(distance).map((whole, i) => (whole * draws[i]) / deviation ** 2));
    for (const distance of [1, 2, 3, 4, 8, 64]) {
      expect(Math.abs(product(distance))).toBeLessThan(5 / Math.sqrt(draws.length));
    }
    expect(noiseOf(keyOf(42), 6, 0, 0)).not.toEqual(noiseOf(keyOf(42), 5, 0, 0));
    expect(noiseOf(keyOf(43), 5, 0, 0)).not.toEqual(noiseOf(keyOf(42), 5, 0, 0));
  });

  it('has products with its steps that float32 holds', () => {
    const scaler = {
      mean: new Float64Array(64),
      scale: Float64Array.from(range(64), (i) => 0.37 + i),
    };
    const noise = 0.123;
    const { noiseSteps } = augmentationOf(
      { seed: 1, shift: 0, noise },
      IMAGE,
      scaler,
      16,
    ) as Augmentation;
    for (const [i, step] of noiseSteps.entries()) {
      const wanted = (noise * 16) / scaler.scale[i] / deviation;
      expect(Math.abs(step / wanted - 1)).toBeLessThan(2 ** -15);
      for (const whole of [1, 3, 255, 257, 509, 510]) {
        expect(Math.fround(whole * step)).toBe(whole * step);
      }
    }
  });
});

describe('a sample', () => {
  const { train } = problemOf({ shift: 2, noise: 0.2, scaling: 'standard' });
  const featuresOf = (samples: Unscaled, rows: readonly number[], epoch: number) =>
    trainingFeatures(samples, Uint32Array.from(rows), epoch, new Float64Array(64 * rows.length));

  it('has the same augmentation by itself and in any batch, and another in each epoch', () => {
    const together = featuresOf(train, [3, 0, 7], 4);
    expect(featuresOf(train, [0], 4)).toEqual(together.subarray(64, 128));
    expect(featuresOf(train, [7, 3], 4).subarray(64)).toEqual(together.subarray(0, 64));
    expect(featuresOf(train, [0], 5)).not.toEqual(featuresOf(train, [0], 4));
  });

  it('is moved before it is scaled, with zeros that are scaled as well', () => {
    const { scaler, values, augmentation } = train;
    if (scaler === null || augmentation === undefined) throw new Error('nothing to look at');
    // One that moves both ways.
    const sample = range(train.count).find((each) => {
      const { down, right } = offsetOf(augmentation, 0, each);
      return down !== 0 && right !== 0;
    }) as number;
    const offset = offsetOf(augmentation, 0, sample);
    for (const [pixel, feature] of featuresOf(train, [sample], 0).entries()) {
      const source = sourceOf(IMAGE, offset, pixel);
      const value = source < 0 ? 0 : values[64 * sample + source];
      const noise = noiseOf(augmentation, 0, sample, pixel & ~3)[pixel % 4];
      const scaled = (value - scaler.mean[pixel]) / scaler.scale[pixel];
      expect(feature).toBe(scaled + noise * augmentation.noiseSteps[pixel]);
    }
  });

  it('is unchanged in evaluation and without augmentation', () => {
    const plain = problemOf({}).train;
    expect(plain.augmentation).toBeUndefined();
    expect(scaledFeatures(train)).toEqual(scaledFeatures(plain));
    expect(featuresOf(plain, [2], 9)).toEqual(scaledFeatures(plain, 2, 1));
  });
});

const CASES: readonly (readonly [string, Problem])[] = [
  [
    'digits in mini-batches, with dropout',
    problemOf({ classes: [0, 3, 8], shift: 2, noise: 0.1, batchSize: 7, dropout: 0.3 }),
  ],
  ['digits in full batches', problemOf({ shift: 1, scaling: 'unit' })],
  [
    '28 × 28 with noise alone, batches of 33',
    imageProblem({ noise: 0.5, batchSize: 33, hidden: [9], scaling: 'unit' }, [28, 28], 90),
  ],
  [
    'larger batches than the backend cpu takes at once',
    imageProblem({ shift: 1, noise: 0.2, hidden: [5], scaling: 'global' }, [5, 7], 1400),
  ],
];

describe.each(CASES)('%s', (_name, problem) => {
  it('train the backend cpu as the reference, and to the same bits after a pause', async () => {
    const reference = await createReferenceBackend(problem);
    const cpu = await createCpuBackend(problem);
    const [expected, actual] = [await reference.train(3), await cpu.train(3)];
    for (const [epoch, { loss, valLoss }] of actual.entries()) {
      expect(Math.abs(loss - expected[epoch].loss)).toBeLessThan(1e-5);
      expect(Math.abs(valLoss - expected[epoch].valLoss)).toBeLessThan(1e-5);
    }
    const paused = await createCpuBackend(problem);
    await paused.trainBatches(1 + paused.batchesPerEpoch);
    const resumed = await createCpuBackend(problem);
    await resumed.load(await paused.state());
    const rest = 2 * resumed.batchesPerEpoch - 1;
    expect((await resumed.trainBatches(rest)).at(-1)).toEqual(actual[2]);
    expect(await resumed.state()).toEqual(await cpu.state());
  });
});

it.each([2, 3])('%i threads give the bits of one', async (threads) => {
  const values = { shift: 3, noise: 0.2, batchSize: 300, hidden: [200], scaling: 'unit' } as const;
  const problem = imageProblem(values, [20, 21], 800);
  const alone = await createCpuBackend(problem, 'simd');
  const together = await createCpuBackend(problem, 'simd', nodeCores(threads));
  expect(together.info.adapter).toMatch(new RegExp(`, ${threads} (of|threads on) `));
  expect(await together.train(2)).toEqual(await alone.train(2));
  expect(await together.state()).toEqual(await alone.state());
  together.dispose();
});

it('the losses of an epoch are those of the images as it trains on them, the test set’s are not', async () => {
  const values = { learningRate: 1e-12, scaling: 'unit', init: 'he_normal' } as const;
  const [plain] = await (await createReferenceBackend(problemOf(values))).train(1);
  const augmented = problemOf({ ...values, shift: 2, noise: 0.5 });
  const [epoch] = await (await createReferenceBackend(augmented)).train(1);
  expect(Math.abs(epoch.valLoss - plain.valLoss)).toBeLessThan(1e-9);
  expect(Math.abs(epoch.loss - plain.loss)).toBeGreaterThan(1e-3);
});

describe('a plan', () => {
  it('has the kernel in training only, and no schedule that keeps samples as they are', () => {
    const shape = shapeOf(problemOf({ shift: 1, noise: 0.1, batchSize: 5 }));
    const { step, epoch } = planLayered(shape);
    const names = (steps: typeof step) => steps.map(({ kernel }) => kernel.name);
    expect(names(step)[0]).toBe('augment-features');
    expect(names(epoch)[0]).toBe('unpack-features');
    expect(planSampleParallel(shape)).toHaveProperty(
      'declined',
      expect.stringMatching('augmentation'),
    );
    // Neither, where nothing is augmented.
    const plain = planLayered(shapeOf(problemOf({ batchSize: 5 })));
    expect(names([...plain.step, ...plain.epoch]).join()).not.toMatch('features');
  });

  it('is printed without a GPU as it is trained', () => {
    const configuration = checkConfiguration({ shift: 2, noise: 0.1, hidden: [6] });
    const report = planReport(configuration, 'auto', DIGITS);
    const { step } = planLayered(shapeOf(problemOf(configuration)));
    expect(report).toContain('augment-features');
    for (const { kernel } of step) expect(report).toContain(kernel.name);
    expect(report).toContain('declines: it keeps samples as they are');
    expect(report).toContain('Used without tuning: layered');
  });
});

describe('settings', () => {
  const refusal = (values: Partial<Configuration>) => {
    try {
      checkConfiguration(values);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return 'nothing was refused';
  };

  it.each([
    [
      { dataset: 'wine', shift: 1 },
      'shift: 1 is not allowed; with Wine it has to be 0: its samples are no images',
    ],
    [
      { dataset: 'spiral', shift: 1 },
      'shift: 1 is not allowed; with Spiral it has to be 0: its samples are no images',
    ],
    [
      { shift: 3 },
      'shift: 3 is not allowed; use an integer from 0 to 2 with images of 8 × 8 pixels',
    ],
    [
      { dataset: 'mnist', shift: 8 },
      'shift: 8 is not allowed; use an integer from 0 to 7 with images of 28 × 28 pixels',
    ],
    [
      { dataset: 'mnist', noise: 1.5 },
      'noise: 1.5 is not allowed; use a number from 0 to 1 with images, whose pixels go from 0 to 1',
    ],
    [
      { dataset: 'iris', classes: [0, 1, 2], noise: 0.1 },
      'noise: 0.1 is not allowed; with Iris flowers it has to be 0: noise is for images, and for points that are drawn',
    ],
  ] as const)('%o are refused', (values, message) => {
    expect(refusal(values as Partial<Configuration>)).toBe(message);
  });

  it('mean points where these are drawn, and images where there are any', () => {
    expect(refusal({ dataset: 'spiral', noise: 50 })).toBe('nothing was refused');
    expect(refusal({ dataset: 'mnist', shift: 7, noise: 1 })).toBe('nothing was refused');
    expect(mostShift(datasetOf('mnist').input)).toBe(7);
    const idle = (key: 'noise' | 'shift', dataset: Configuration['dataset']) =>
      whyIdle(key, checkConfiguration({ dataset }));
    expect([idle('noise', 'mnist'), idle('shift', 'digits')]).toEqual([undefined, undefined]);
    expect([idle('noise', 'spiral'), idle('shift', 'spiral')]).toEqual([
      undefined,
      'Only with images.',
    ]);
    expect(idle('noise', 'wine')).toBe('Only with images, and with points that are drawn.');
  });
});
