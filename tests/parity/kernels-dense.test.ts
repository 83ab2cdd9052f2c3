/** The dense kernels against float64, at awkward shapes, every element; `npm run test:slow` has more shapes. */

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { denseBackwardDelta } from '../../shaders/dense-backward-delta';
import {
  type DenseBackwardWeightsShape,
  denseBackwardWeights,
} from '../../shaders/dense-backward-weights';
import { denseForward } from '../../shaders/dense-forward';
import { instantiate, MOST_WORKGROUPS } from '../../shaders/kernel';
import { type GemmForm, type GemmVariant, variantName } from '../../shaders/parts/gemm-variant';
import { sumPartials } from '../../shaders/sum-partials';
import { allVariants } from '../../src/gpu/plan/choose-variant';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { ACTIVATIONS } from '../../src/layers/activation';
import { RandomState } from '../../src/numpy/random-state';
import { activate, activationDerivative } from '../../src/reference/activations';
import { dropoutScale, dropoutThreshold } from '../../src/training/dropout';
import {
  awkwardShapes,
  EPSILON,
  type Expected,
  expectAll,
  randomFloats,
  reduction,
} from './support/numbers';
import { runKernel, type Words, type Written } from './support/run-kernel';

let device: GPUDevice;
beforeAll(async () => {
  ({ device } = await acquireDevice(navigator.gpu));
});
afterAll(() => device.destroy());

/** A shape, and which of the variants it is tried with: all take turns. */
type Case = readonly [rows: number, inputs: number, outputs: number, turn: number | 'all'];

/** Small enough for every variant where there is little time. */
const SMALL: Case = [9, 132, 12, 'all'];

/** Every fourth variant at each awkward shape, and every one where all lines can be read as vec4s. */
const SHAPES: readonly Case[] = [
  ...awkwardShapes(3, 7).map(([rows, inputs, outputs], i): Case => [rows, inputs, outputs, i % 4]),
  [70, 32, 136, 'all'],
  SMALL,
];

/** The shapes of a form: every tenth of the awkward ones where there is little time, another one for each form. */
function shapesOf(form: GemmForm): readonly Case[] {
  if (inject('thorough')) return SHAPES;
  const first = ['forward', 'delta', 'weights'].indexOf(form);
  return SHAPES.filter((shape, i) => shape === SMALL || i % 10 === first);
}

function variantsOf(form: GemmForm, columns: number, turn: number | 'all') {
  const variants = [...allVariants(form, columns).entries()];
  return variants.filter(([i]) => turn === 'all' || i % 4 === turn);
}

/** All at once, so that their kernels compile side by side; what comes before the first `await` goes in turn. */
async function forEach<T>(items: readonly T[], test: (item: T) => Promise<void>): Promise<void> {
  await Promise.all(items.map(test));
}

const DROPOUT = { layer: 2 };
const MASK = { seed: 9, dropout: 0.3 };
const STEP_INDEX = 17;

/** Weights start where a vec4 may start, or not. */
const STARTS = [12, 11] as const;

/** Rows of a batch that comes through a permutation of more samples than it holds. */
function permutationOf(random: RandomState, samples: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(random.permutation(samples));
}

/** The bound of a_k = f(z): f is no steeper than 1, and itself good to a few units. */
function activated(z: Expected, value: number): Expected {
  return { value, bound: z.bound + 8 * EPSILON * Math.abs(value) };
}

describe('dense-forward', () => {
  test.each(shapesOf('forward'))(
    '%i rows, %i inputs, %i outputs',
    async (rows, inputs, outputs, turn) => {
      const random = new RandomState(rows * 65_536 + inputs * 256 + outputs);
      const capacity = rows + 2;
      const activations = [...ACTIVATIONS, 'identity' as const];
      await forEach(variantsOf('forward', outputs, turn), async ([i, variant]) => {
        const activation = activations[(i + inputs) % activations.length];
        const gather = (i + outputs) % 2 === 0;
        const weights = STARTS[(i + rows) % STARTS.length];
        const biases = weights + outputs * inputs;
        const dropout = i % 3 === 0 && activation !== 'identity' ? DROPOUT : null;
        const firstRow = gather ? 3 : 0;
        const samples = rows + 5;
        const permutation = permutationOf(random, samples);
        const input = randomFloats(random, samples * inputs, 3);
        const parameters = randomFloats(random, biases + outputs, 2);
        const kernel = instantiate(denseForward, {
          rows: capacity,
          inputs,
          outputs,
          weights,
          biases,
          activation,
          gather,
          dropout,
          variant,
        });
        const { output } = await runKernel(
          device,
          kernel,
          { weights: parameters, biases: parameters, input, ...(gather ? { permutation } : {}) },
          { output: capacity * outputs },
          { rows, firstRow, step: STEP_INDEX, ...MASK },
        );
        const expected = Array.from({ length: capacity * outputs }, (_, index) => {
          const row = Math.floor(index / outputs);
          const unit = index % outputs;
          if (row >= rows) return null;
          const source = gather ? permutation[firstRow + row] : row;
          const z = reduction([
            parameters[biases + unit],
            ...Array.from(
              { length: inputs },
              (_, k) => parameters[weights + unit * inputs + k] * input[source * inputs + k],
            ),
          ]);
          if (activation === 'identity') return z;
          const a = activated(z, activate(activation, z.value));
          if (dropout === null) return a;
          const scale = dropoutScale(
            dropoutThreshold(MASK.dropout),
            MASK.seed,
            STEP_INDEX,
            2,
            row,
            unit,
          );
          return {
            value: a.value * scale,
            bound: (a.bound + 2 * EPSILON * Math.abs(a.value)) * scale,
          };
        });
        expectAll(`${variantName(variant)} ${activation} output`, output, expected);
      });
    },
  );
});

describe('dense-backward-delta', () => {
  test.each(shapesOf('delta'))(
    '%i rows, %i units, %i next units',
    async (rows, units, nextUnits, turn) => {
      const random = new RandomState(rows * 65_536 + units * 256 + nextUnits);
      const capacity = rows + 1;
      await forEach(variantsOf('delta', units, turn), async ([i, variant]) => {
        const activation = ACTIVATIONS[(i + rows) % ACTIVATIONS.length];
        const dropout = i % 2 === 0 ? DROPOUT : null;
        const nextWeights = STARTS[(i + rows) % STARTS.length];
        const parameters = randomFloats(random, nextWeights + nextUnits * units, 2);
        const nextDelta = randomFloats(random, capacity * nextUnits);
        const plain = randomFloats(random, capacity * units);
        const scaleOf = (row: number, unit: number) =>
          dropout === null
            ? 1
            : dropoutScale(dropoutThreshold(MASK.dropout), MASK.seed, STEP_INDEX, 2, row, unit);
        const activationInput = plain.map(
          (a, index) => a * scaleOf(Math.floor(index / units), index % units),
        );
        const kernel = instantiate(denseBackwardDelta, {
          rows: capacity,
          units,
          nextUnits,
          nextWeights,
          activation,
          dropout,
          variant,
        });
        const { delta } = await runKernel(
          device,
          kernel,
          { weights: parameters, next_delta: nextDelta, activation: activationInput },
          { delta: capacity * units },
          { rows, step: STEP_INDEX, ...MASK },
        );
        const expected = Array.from({ length: capacity * units }, (_, index) => {
          const row = Math.floor(index / units);
          const unit = index % units;
          if (row >= rows) return null;
          const sum = reduction(
            Array.from(
              { length: nextUnits },
              (_, k) => nextDelta[row * nextUnits + k] * parameters[nextWeights + k * units + unit],
            ),
          );
          const scale = scaleOf(row, unit);
          const a = scale === 0 ? 0 : activationInput[index] / scale;
          const slope = activationDerivative(activation, a) * scale;
          // 1 - a² near a = 1 cancels: its absolute error is a unit of 1, not of the slope.
          const slopeError = 8 * EPSILON * Math.max(Math.abs(slope), scale);
          return {
            value: sum.value * slope,
            bound: sum.bound * Math.abs(slope) + Math.abs(sum.value) * slopeError + 1e-30,
          };
        });
        expectAll(`${variantName(variant)} ${activation} delta`, delta, expected);
      });
    },
  );
});

describe('dense-backward-weights', () => {
  test.each(shapesOf('weights'))(
    '%i rows, %i inputs, %i outputs',
    async (rows, inputs, outputs, turn) => {
      const random = new RandomState(rows * 65_536 + inputs * 256 + outputs);
      await forEach(variantsOf('weights', inputs, turn), async ([i, variant]) => {
        const gather = (i + inputs) % 2 === 0;
        const firstRow = gather ? 2 : 0;
        const samples = rows + 4;
        const permutation = permutationOf(random, samples);
        const delta = randomFloats(random, rows * outputs);
        const input = randomFloats(random, samples * inputs, 3);
        const weights = STARTS[(i + outputs) % STARTS.length];
        const biases = weights + outputs * inputs;
        const sharesBiases = (i + rows) % 2 === 0;
        const { gradients } = await runWeights(
          { inputs, outputs, weights, biases, gather, sharesBiases, variant },
          { delta, input, ...(gather ? { permutation } : {}) },
          biases + outputs + 2,
          { rows, firstRow },
        );
        const mean = (terms: readonly number[]): Expected => {
          const sum = reduction(terms);
          const bound = sum.bound / rows + 2 * EPSILON * Math.abs(sum.value / rows);
          return { value: sum.value / rows, bound };
        };
        const expected = Array.from({ length: biases + outputs + 2 }, (_, index) => {
          if (index < weights || index >= biases + outputs) return null;
          const batch = Array.from({ length: rows }, (_, row) => row);
          if (index >= biases)
            return mean(batch.map((row) => delta[row * outputs + index - biases]));
          const unit = Math.floor((index - weights) / inputs);
          const column = (index - weights) % inputs;
          return mean(
            batch.map((row) => {
              const source = gather ? permutation[firstRow + row] : row;
              return delta[row * outputs + unit] * input[source * inputs + column];
            }),
          );
        });
        const title = `${variantName(variant)}${sharesBiases ? ', shared biases,' : ''} gradients`;
        expectAll(title, gradients, expected);
      });
    },
  );
});

/** The gradients' kernel, and where it leaves partial sums the one that adds them up. */
async function runWeights(
  shape: DenseBackwardWeightsShape,
  inputs: Readonly<Record<string, Words>>,
  length: number,
  step: { readonly rows: number; readonly firstRow: number },
): Promise<Readonly<Record<string, Written>>> {
  const kernel = instantiate(denseBackwardWeights, shape);
  const { splitK } = shape.variant;
  if (splitK === 1) return runKernel(device, kernel, inputs, { gradients: length }, step);
  const values = shape.inputs * shape.outputs;
  const first = await runKernel(
    device,
    kernel,
    inputs,
    { gradients: length, partials: splitK * values },
    step,
  );
  return runKernel(
    device,
    instantiate(sumPartials, { length: values, weights: shape.weights, splitK }),
    {
      partials: new Float32Array(first.partials.floats),
      gradients: new Uint32Array(first.gradients.words),
    },
    {},
    step,
    ['gradients'],
  );
}

test('a grid that is folded reaches every element once', async () => {
  // More workgroups of 64 than a grid has in one dimension.
  const length = 64 * MOST_WORKGROUPS + 70;
  const partials = Float32Array.from({ length }, (_, i) => i % 1021);
  const kernel = instantiate(sumPartials, { length, weights: 0, splitK: 1 });
  const outputs = { gradients: length };
  const { gradients } = await runKernel(device, kernel, { partials }, outputs, { rows: 1 });
  expect(gradients.floats.findIndex((value, i) => value !== i % 1021)).toBe(-1);
  expect(gradients.isMarginIntact).toBe(true);
});

test('a shape that is no integer never reaches WGSL', () => {
  const [variant]: readonly GemmVariant[] = allVariants('weights', 2);
  const sizes = { inputs: 2.5, outputs: 1, weights: 0, biases: 2 };
  const shape = { ...sizes, gather: false, sharesBiases: false, variant };
  expect(() => instantiate(denseBackwardWeights, shape)).toThrow(/inputs = 2.5/);
});
