/**
 * The kernels of convolution and pooling against float64, at awkward shapes, every element; the bounds are
 * the self-test's. `npm run test:slow` has more shapes, each with two variants in turns; all variants at sixty
 * shapes take ten to thirty seconds each on a software adapter: `SHADERPROP_LONG=1 npx vitest run --project parity
 * tests/parity/kernels-conv.test.ts`.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { convBackwardDelta } from '../../shaders/conv-backward-delta';
import { convBackwardWeights } from '../../shaders/conv-backward-weights';
import { convForward } from '../../shaders/conv-forward';
import { instantiate } from '../../shaders/kernel';
import { maxPoolBackwardDelta } from '../../shaders/max-pool-backward-delta';
import { maxPoolForward } from '../../shaders/max-pool-forward';
import { type GemmForm, variantName } from '../../shaders/parts/gemm-variant';
import { convCounts } from '../../shaders/parts/patches';
import { poolCounts } from '../../shaders/parts/windows';
import { sumPartials } from '../../shaders/sum-partials';
import { allVariants } from '../../src/gpu/plan/choose-variant';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { ACTIVATIONS } from '../../src/layers/activation';
import { type ConvLayer, convShape, conv as kind } from '../../src/layers/conv2d/layer';
import { conv } from '../../src/layers/conv2d/self-test';
import { type PlacedLayer, parseLayers } from '../../src/layers/layer';
import { type MaxPoolLayer, poolShape } from '../../src/layers/max-pool2d/layer';
import { maxPool } from '../../src/layers/max-pool2d/self-test';
import { classifier, layersOf } from '../../src/model/network-spec';
import { RandomState } from '../../src/numpy/random-state';
import { activationDerivative } from '../../src/reference/activations';
import {
  type Approximate,
  activated,
  EPSILON,
  scaled,
} from '../../src/session/self-test/approximate';
import { dropoutScale, dropoutThreshold } from '../../src/training/dropout';
import { type Expected, expectAll, randomFloats } from './support/numbers';
import { runKernel } from './support/run-kernel';

let device: GPUDevice;
beforeAll(async () => {
  ({ device } = await acquireDevice(navigator.gpu));
});
afterAll(() => device.destroy());

interface Case {
  readonly image: readonly [channels: number, height: number, width: number];
  readonly layer: string;
  readonly rows: number;
}

/** Sizes that sit on, beside and between the edges of tiles and vectors. */
function drawn(seed: number): Case {
  const random = new RandomState(seed);
  const of = <T>(values: readonly T[]) => values[random.boundedInteger(values.length - 1)];
  const between = (least: number, most: number) => least + random.boundedInteger(most - least);
  const [height, width] = [between(5, 29), between(5, 31)];
  const same = of([true, false]);
  const side = () => (same ? of([1, 3, 5, 7]) : between(1, 7));
  const [rows, columns] = [Math.min(side(), same ? 7 : height), Math.min(side(), same ? 7 : width)];
  const padding = same ? ' same' : '';
  const activation = of(ACTIVATIONS);
  return {
    image: [of([1, 3]), height, width],
    layer: `conv ${of([1, 2, 3, 4, 5, 8, 16, 31, 32, 33])} ${rows}x${columns}${padding} stride ${between(1, 3)} ${activation}`,
    rows: of([1, 2, 31, 33]),
  };
}

/** Numbers that the thorough suite's draw may miss. */
const REST: readonly Case[] = [
  { image: [1, 6, 9], layer: 'conv 2 2x4 stride 2 tanh', rows: 2 },
  { image: [3, 7, 6], layer: 'conv 3 6x2 relu', rows: 31 },
  { image: [1, 9, 7], layer: 'conv 4 3x5 stride 3 sigmoid', rows: 33 },
  { image: [3, 8, 5], layer: 'conv 16 4x3 tanh', rows: 1 },
  { image: [1, 7, 8], layer: 'conv 31 5x6 stride 2 relu', rows: 2 },
  { image: [1, 6, 6], layer: 'conv 32 1x2 stride 2 relu', rows: 2 },
];

/** Corners that the draw may miss, then a sample of all. */
const CASES: readonly Case[] = [
  { image: [3, 29, 31], layer: 'conv 33 7x7 same stride 3 tanh', rows: 2 },
  { image: [1, 5, 5], layer: 'conv 1 1x1 sigmoid', rows: 33 },
  { image: [3, 5, 6], layer: 'conv 8 5x6 relu', rows: 31 },
  { image: [1, 8, 8], layer: 'conv 5 3x3 same leaky_relu', rows: 1 },
  ...Array.from({ length: inject('long') ? 60 : inject('thorough') ? 12 : 3 }, (_, i) =>
    drawn(i + 1),
  ),
  ...(inject('thorough') ? REST : []),
];

/** All variants are compiled one after the other. */
const TIME_LIMIT = inject('long') ? 600_000 : 60_000;

const DROPOUT = { layer: 2 };
const MASK = { seed: 9, dropout: 0.3 };
const STEP_INDEX = 17;

function scaleOf(hasDropout: boolean, units: number) {
  const threshold = dropoutThreshold(MASK.dropout);
  return (i: number) =>
    hasDropout
      ? dropoutScale(threshold, MASK.seed, STEP_INDEX, 2, Math.floor(i / units), i % units)
      : 1;
}

/** Two variants in turns; all of them in the long suite. */
function variantsOf(form: GemmForm, columns: number, turn: number) {
  const variants = allVariants(form, columns);
  if (inject('long')) return variants;
  return [turn, turn + 5].map((i) => variants[i % variants.length]);
}

function placeOf<L extends ConvLayer | MaxPoolLayer>({ layer, image }: Case): PlacedLayer<L> {
  const [place] = layersOf(classifier(image, parseLayers(layer) ?? [], 2));
  return place as PlacedLayer<L>;
}

const listOf = ({ values, bounds }: Approximate): readonly Expected[] =>
  Array.from(values, (value, i) => ({ value, bound: bounds[i] }));

const poisoned = (count: number) => Array.from({ length: count }, () => null);

const cut = (values: Float32Array, from: number, length: number) =>
  Float64Array.from(values.subarray(from, from + length));

/** The delta before a layer from the gradient at its input, as the self-test has it. */
function throughDerivative(
  sums: Approximate,
  activation: ConvLayer['activation'],
  stored: Float64Array,
  scaleAt: (i: number) => number,
): readonly Expected[] {
  return Array.from(sums.values, (sum, i) => {
    const scale = scaleAt(i);
    const slope = activationDerivative(activation, scale === 0 ? 0 : stored[i] / scale) * scale;
    const slopeError = 8 * EPSILON * Math.max(Math.abs(slope), scale);
    const bound = sums.bounds[i] * Math.abs(slope) + Math.abs(sum) * slopeError + 1e-30;
    return { value: sum * slope, bound };
  });
}

if (inject('thorough')) {
  test('the shapes have each number of channels, filters and samples, each stride and each side of a filter', () => {
    const numbersOf = (text: RegExp) => {
      const found = CASES.flatMap(({ layer }) => text.exec(layer)?.slice(1).map(Number) ?? []);
      return [...new Set(found)].sort((a, b) => a - b);
    };
    expect(numbersOf(/conv (\d+)/)).toEqual([1, 2, 3, 4, 5, 8, 16, 31, 32, 33]);
    expect(numbersOf(/ (\d)x(\d)/)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(numbersOf(/stride (\d)/)).toEqual([1, 2, 3]);
    expect(new Set(CASES.map(({ image }) => image[0]))).toEqual(new Set([1, 3]));
    expect(new Set(CASES.map(({ rows }) => rows))).toEqual(new Set([1, 2, 31, 33]));
  });
}

describe.each(CASES.map((each, turn) => ({ ...each, turn })))(
  '$layer on $image, $rows rows',
  ({ turn, ...each }) => {
    const { rows, image } = each;
    const place = placeOf<ConvLayer>(each);
    const shape = convShape(place.layer, image);
    const { patch, positions, inputs, outputs } = convCounts(shape);
    const { filters, channels } = shape;
    const { activation } = place.layer;
    const random = new RandomState(1000 + turn);
    const gather = turn % 2 === 0;
    const hasDropout = turn % 3 === 0;
    const dropout = hasDropout ? DROPOUT : null;
    const step = { rows, firstRow: gather ? 3 : 0, step: STEP_INDEX, ...MASK };
    const permutation = Uint32Array.from(random.permutation(rows + 5));
    const input = randomFloats(random, (rows + 5) * inputs, 3);
    const start = turn % 2 === 0 ? 12 : 11;
    const length = filters * patch + filters;
    const parameters = randomFloats(random, start + length);
    const weights = cut(parameters, start, filters * patch);
    const biases = cut(parameters, start + filters * patch, filters);
    const batch = new Float64Array(rows * inputs);
    for (let row = 0; row < rows; row++) {
      const source = gather ? permutation[3 + row] : row;
      batch.set(cut(input, source * inputs, inputs), row * inputs);
    }
    const zeros = { values: batch, bounds: new Float64Array(batch.length) };
    const order = gather ? { permutation } : {};

    test(
      'forward',
      async () => {
        const sums = activated(activation, conv.forward(place, [weights, biases], zeros, rows));
        const expected = hasDropout ? scaled(sums, scaleOf(true, outputs)) : sums;
        await Promise.all(
          variantsOf('forward', filters, turn).map(async (variant) => {
            const kernel = instantiate(convForward, {
              rows: rows + 1,
              conv: shape,
              ...{ weights: start, biases: start + filters * patch },
              ...{ activation, gather, dropout, variant },
            });
            const { output } = await runKernel(
              device,
              kernel,
              { weights: parameters, biases: parameters, input, ...order },
              { output: (rows + 1) * outputs },
              step,
            );
            expectAll(variantName(variant), output, [...listOf(expected), ...poisoned(outputs)]);
          }),
        );
      },
      TIME_LIMIT,
    );

    test(
      'delta',
      async () => {
        const nextDelta = randomFloats(random, rows * outputs);
        const scaleAt = scaleOf(hasDropout, inputs);
        const stored = randomFloats(random, rows * inputs).map((a, i) => a * scaleAt(i));
        const sums = conv.backwardInput(
          place,
          [weights, biases],
          Float64Array.from(nextDelta),
          Float64Array.from(stored),
          rows,
        );
        const before = ACTIVATIONS[turn % ACTIVATIONS.length];
        const expected = throughDerivative(sums, before, Float64Array.from(stored), scaleAt);
        await Promise.all(
          variantsOf('delta', channels, turn).map(async (variant) => {
            const kernel = instantiate(convBackwardDelta, {
              rows: rows + 1,
              conv: shape,
              ...{ nextWeights: start, activation: before, dropout, variant },
            });
            const { delta } = await runKernel(
              device,
              kernel,
              { weights: parameters, next_delta: nextDelta, activation: stored },
              { delta: (rows + 1) * inputs },
              step,
            );
            expectAll(variantName(variant), delta, [...expected, ...poisoned(inputs)]);
          }),
        );
      },
      TIME_LIMIT,
    );

    test(
      'gradients',
      async () => {
        const delta = randomFloats(random, rows * outputs);
        const expected = conv
          .gradients(place, Float64Array.from(delta), batch, rows)
          .flatMap(listOf);
        expect(expected.length).toBe(length);
        await Promise.all(
          variantsOf('weights', patch + 1, turn).map(async (variant) => {
            const { splitK } = variant;
            const kernel = instantiate(convBackwardWeights, {
              conv: shape,
              ...{ weights: start, gather, partLength: length, variant },
            });
            const size = start + length + 2;
            const first = await runKernel(
              device,
              kernel,
              { delta, input, ...order },
              splitK > 1 ? { partials: splitK * length } : { gradients: size },
              step,
            );
            const { gradients } =
              splitK === 1
                ? first
                : await runKernel(
                    device,
                    instantiate(sumPartials, { length, weights: start, splitK }),
                    { partials: new Float32Array(first.partials.floats) },
                    { gradients: size },
                    step,
                  );
            const all = [...poisoned(start), ...expected, ...poisoned(2)];
            expectAll(`${variantName(variant)}, ${positions} places`, gradients, all);
          }),
        );
      },
      TIME_LIMIT,
    );
  },
);

const POOLS: readonly (Case & { readonly levels: number })[] = [
  { image: [1, 5, 5], layer: 'max_pool 2', rows: 33, levels: 3 },
  { image: [3, 29, 31], layer: 'max_pool 3', rows: 2, levels: 1000 },
  { image: [33, 8, 6], layer: 'max_pool 1', rows: 1, levels: 2 },
  { image: [2, 7, 13], layer: 'max_pool 7', rows: 31, levels: 5 },
];

describe.each(POOLS)('$layer on $image, $rows rows', ({ levels, ...each }) => {
  const { rows, image } = each;
  const place = placeOf<MaxPoolLayer>(each);
  const pool = poolShape(place.layer, image);
  const { inputs, outputs } = poolCounts(pool);
  const random = new RandomState(rows + inputs);
  /** Few different values, so that windows have equal ones. */
  const input = Float32Array.from({ length: (rows + 5) * inputs }, () => {
    return random.boundedInteger(levels) / levels - 0.25;
  });

  test.each([false, true])('forward, gathered: %s', async (gather) => {
    const permutation = Uint32Array.from(random.permutation(rows + 5));
    const batch = new Float64Array(rows * inputs);
    for (let row = 0; row < rows; row++) {
      const source = gather ? permutation[3 + row] : row;
      batch.set(cut(input, source * inputs, inputs), row * inputs);
    }
    const zeros = { values: batch, bounds: new Float64Array(batch.length) };
    const { output } = await runKernel(
      device,
      instantiate(maxPoolForward, { rows: rows + 1, pool, gather }),
      { input, ...(gather ? { permutation } : {}) },
      { output: (rows + 1) * outputs },
      { rows, firstRow: 3 },
    );
    const expected = listOf(maxPool.forward(place, [], zeros, rows));
    expectAll('output', output, [...expected, ...poisoned(outputs)]);
  });

  test.each([null, DROPOUT])('delta, dropout: %o', async (dropout) => {
    const scaleAt = scaleOf(dropout !== null, inputs);
    const stored = input.subarray(0, rows * inputs).map((a, i) => Math.fround(a * scaleAt(i)));
    const nextDelta = randomFloats(random, rows * outputs);
    const kernel = instantiate(maxPoolBackwardDelta, {
      rows: rows + 1,
      ...{ pool, activation: 'tanh', dropout },
    });
    const { delta } = await runKernel(
      device,
      kernel,
      { next_delta: nextDelta, activation: stored },
      { delta: (rows + 1) * inputs },
      { rows, step: STEP_INDEX, ...MASK },
    );
    const wide = Float64Array.from(stored);
    const sums = maxPool.backwardInput(place, [], Float64Array.from(nextDelta), wide, rows);
    const expected = throughDerivative(sums, 'tanh', wide, scaleAt);
    expectAll('delta', delta, [...expected, ...poisoned(inputs)]);
  });
});

test('a convolution says what it makes of an image before a kernel is made for it', () => {
  const [layer] = parseLayers('conv 4 5x5 relu') ?? [];
  if (layer?.kind !== 'conv') throw new Error('no convolution');
  expect(kind.misfit?.(layer, [1, 4, 8])).toMatch(/5x5 does not fit on 4×8/);
});
