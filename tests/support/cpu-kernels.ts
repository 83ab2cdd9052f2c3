/** The WebAssembly kernels one by one against float64, in Node and in the browser alike. */

import { describe, expect, it } from 'vitest';
import { compileKernels, type Instructions, type Kernels } from '../../src/cpu/kernels';
import { BLOCK, PANEL, roundUp } from '../../src/cpu/panels';
import { sharedKernels } from '../../src/cpu/threads/shared-kernels';
import type { Team } from '../../src/cpu/threads/team';
import { augmentationOf } from '../../src/data/augmentation';
import { scaledBytes, trainingFeatures } from '../../src/data/samples';
import { LEAKY_RELU_SLOPE } from '../../src/layers/activation';
import { RandomState } from '../../src/numpy/random-state';
import { activate, activationDerivative } from '../../src/reference/activations';
import { dropoutScale, dropoutThreshold } from '../../src/training/dropout';

/** Sizes that sit on, beside and between the edges of panels, blocks and vectors. */
const AWKWARD = [1, 2, 3, 5, 31, 32, 33, 64, 65, 127] as const;
/** Spacing of float32 numbers just above 1. */
const EPSILON = 2 ** -23;
/** Floats behind every allocation that no kernel may read or write: NaN spreads where one does. */
const MARGIN = 16;

/** [samples, inputs, units]: each takes every awkward size; two are longer than a product's parts. */
function shapes(): readonly (readonly [number, number, number])[] {
  const random = new RandomState(11);
  const any = () => AWKWARD[random.boundedInteger(AWKWARD.length - 1)];
  return [
    ...AWKWARD.map((size) => [size, any(), any()] as const),
    ...AWKWARD.map((size) => [any(), size, any()] as const),
    ...AWKWARD.map((size) => [any(), any(), size] as const),
    [9, 523, 11],
    [300, 6, 271],
  ];
}

/** A memory that hands out room after room, each followed by poison. */
class Heap {
  readonly floats: Float32Array;
  readonly #margins: number[] = [];
  #end = 64;

  constructor(
    readonly kernels: Kernels,
    memory: WebAssembly.Memory,
  ) {
    this.floats = new Float32Array(memory.buffer);
  }

  static async open(instructions: Instructions, slices: number): Promise<Heap> {
    const memory = new WebAssembly.Memory({ initial: 100, maximum: 100, shared: true });
    const { kernels } = await compileKernels(instructions, memory);
    const isShared = slices > 1;
    return new Heap(isShared ? sharedKernels(kernels, inTurn(slices), 0) : kernels, memory);
  }

  /** The address of `length` zeros, or of `values`. */
  take(values: number | ArrayLike<number>): number {
    const address = this.#end;
    const length = typeof values === 'number' ? values : values.length;
    if (typeof values !== 'number') this.floats.set(values, address / 4);
    const margin = address / 4 + length;
    this.floats.fill(Number.NaN, margin, margin + MARGIN);
    this.#margins.push(margin);
    this.#end = roundUp(4 * (margin + MARGIN), 64);
    return address;
  }

  expectMarginsIntact(): void {
    const isIntact = this.#margins.every((margin) =>
      this.floats.subarray(margin, margin + MARGIN).every(Number.isNaN),
    );
    expect(isIntact, 'the margins').toBe(true);
  }

  /** Samples (count × width) as panels and as groups of eight columns. */
  gather(samples: Float32Array, count: number, width: number) {
    const stride = roundUp(width, PANEL);
    const rows = this.take(stride * count);
    for (let row = 0; row < count; row++) {
      const values = samples.subarray(row * width, (row + 1) * width);
      this.floats.set(values, rows / 4 + row * stride);
    }
    const panelStride = 4 * PANEL * roundUp(width, BLOCK);
    const groupStride = 4 * PANEL * roundUp(count, PANEL);
    const panels = this.take((panelStride / 4) * Math.ceil(count / PANEL));
    const groups = this.take((groupStride / 4) * Math.ceil(width / PANEL));
    const zeros = this.take(stride);
    this.kernels.gatherSamples(
      rows,
      4 * stride,
      0,
      count,
      zeros,
      width,
      panels,
      panelStride,
      groups,
      groupStride,
    );
    return { panels, panelStride, groups, groupStride };
  }

  /** Element (row, unit) of panels. */
  at(panels: number, stride: number, row: number, unit: number): number {
    const panel = panels + Math.floor(row / PANEL) * stride;
    return this.floats[panel / 4 + unit * PANEL + (row % PANEL)];
  }
}

function randomFloats(random: RandomState, length: number, limit = 1): Float32Array {
  return Float32Array.from({ length }, () => random.uniform(-limit, limit));
}

/** Checks a float32 reduction against its terms: 2·n·2^-23·Σ|terms|. */
function expectSum(what: string, actual: number, terms: readonly number[], scale = 1): void {
  const expected = scale * terms.reduce((sum, term) => sum + term, 0);
  const magnitude = scale * terms.reduce((sum, term) => sum + Math.abs(term), 0);
  const bound = 2 * terms.length * EPSILON * magnitude;
  if (!(Math.abs(actual - expected) <= bound)) {
    expect.fail(`${what} is ${actual}, not ${expected} ± ${bound}`);
  }
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Forward with f(z) = z and one input whose weight is 1: activations of single numbers. */
function activationsOf(heap: Heap, values: Float32Array, activation: number): number[] {
  const count = values.length;
  const { panels, panelStride } = heap.gather(values, count, 1);
  const stride = 4 * PANEL * BLOCK;
  const output = heap.take((stride / 4) * Math.ceil(count / PANEL));
  const weights = heap.take([1, 0, 0, 0]);
  heap.kernels.forward(
    weights,
    1,
    1,
    panels,
    panelStride,
    Math.ceil(count / PANEL),
    output,
    stride,
    heap.take(4),
    1,
    activation,
    LEAKY_RELU_SLOPE,
    0,
  );
  return range(count).map((row) => heap.at(output, stride, row, 0));
}

/** Error in units of the last place of `expected`. */
function ulps(actual: number, expected: number): number {
  const place = 2 ** (Math.floor(Math.log2(Math.abs(expected))) - 23);
  return (actual - expected) / Math.max(place, 2 ** -149);
}

/** A team of one thread, which calls the slices one after the other, the last one first. */
function inTurn(count: number): Pick<Team, 'run' | 'slices'> {
  return {
    slices: count,
    run: (_, call, slices) =>
      slices.toReversed().reduce((isWhole, slice) => call(...slice) !== 0 && isWhole, true),
  };
}

/** @param slices - that each kernel's work is shared out into */
export function testCpuKernels(instructions: Instructions, slices = 1): void {
  describe(`kernels, ${instructions}, ${slices} slice${slices === 1 ? '' : 's'}`, () => {
    it.each(shapes())('multiply %i samples, %i inputs, %i units', async (count, inputs, units) => {
      const heap = await Heap.open(instructions, slices);
      const { kernels } = heap;
      const random = new RandomState(count + 131 * inputs + 17_161 * units);
      const x = randomFloats(random, count * inputs);
      const w = randomFloats(random, units * inputs);
      const b = randomFloats(random, units);
      const d = randomFloats(random, count * units);
      const panels = Math.ceil(count / PANEL);
      const samples = heap.gather(x, count, inputs);
      const delta = heap.gather(d, count, units);
      const weights = heap.take(w);

      const blocks = Math.ceil(units / BLOCK);
      const rows = heap.take(blocks * BLOCK * inputs);
      const z = heap.take((delta.panelStride / 4) * panels);
      kernels.packRows(weights, units, inputs, rows);
      kernels.forward(
        rows,
        blocks,
        inputs,
        samples.panels,
        samples.panelStride,
        panels,
        z,
        delta.panelStride,
        heap.take(b),
        units,
        0,
        LEAKY_RELU_SLOPE,
        0,
      );
      const inputBlocks = Math.ceil(inputs / BLOCK);
      const columns = heap.take(inputBlocks * BLOCK * units);
      const before = heap.take((samples.panelStride / 4) * panels);
      kernels.packColumns(weights, 4 * inputs, units, inputs, columns);
      kernels.backwardDelta(
        columns,
        inputBlocks,
        units,
        delta.panels,
        delta.panelStride,
        panels,
        before,
        samples.panelStride,
        samples.panels,
        inputs,
        0,
        LEAKY_RELU_SLOPE,
        0,
        1,
      );
      const deltaBlocks = heap.take(blocks * BLOCK * panels * PANEL);
      const blockStride = 4 * BLOCK * panels * PANEL;
      kernels.transposePanels(
        delta.panels,
        delta.panelStride,
        units,
        panels,
        deltaBlocks,
        blockStride,
        BLOCK,
      );
      const weightGradients = heap.take(units * inputs);
      const biasGradients = heap.take(units);
      const tile = heap.take(2 * BLOCK * PANEL * slices);
      // The second time adds to the first.
      for (const adds of [false, true]) {
        kernels.backwardWeights(
          deltaBlocks,
          units,
          panels * PANEL,
          samples.groups,
          samples.groupStride,
          inputs,
          weightGradients,
          1 / count,
          adds,
          tile,
        );
        kernels.backwardBiases(
          delta.panels,
          delta.panelStride,
          panels,
          units,
          1,
          biasGradients,
          1 / count,
          adds,
        );
      }

      for (let row = 0; row < count; row++) {
        for (let unit = 0; unit < units; unit++) {
          const terms = range(inputs).map((k) => w[unit * inputs + k] * x[row * inputs + k]);
          const actual = heap.at(z, delta.panelStride, row, unit);
          expectSum(`Z[${row}, ${unit}]`, actual, [...terms, b[unit]]);
        }
        for (let k = 0; k < inputs; k++) {
          const terms = range(units).map((unit) => d[row * units + unit] * w[unit * inputs + k]);
          expectSum(`dA[${row}, ${k}]`, heap.at(before, samples.panelStride, row, k), terms);
        }
      }
      for (let unit = 0; unit < units; unit++) {
        const deltas = range(count).map((row) => d[row * units + unit]);
        const bias = heap.floats[biasGradients / 4 + unit];
        expectSum(`db[${unit}]`, bias, deltas, 2 / count);
        for (let k = 0; k < inputs; k++) {
          const terms = deltas.map((value, row) => value * x[row * inputs + k]);
          const actual = heap.floats[weightGradients / 4 + unit * inputs + k];
          expectSum(`dW[${unit}, ${k}]`, actual, terms, 2 / count);
        }
      }
      heap.expectMarginsIntact();
    });

    it.each([
      [3, 5],
      [8, 8],
      [17, 13],
      [33, 4],
    ])('transpose %i samples of %i units as gathering does', async (count, units) => {
      const heap = await Heap.open(instructions, slices);
      const values = randomFloats(new RandomState(5), count * units);
      const { panels, panelStride, groups, groupStride } = heap.gather(values, count, units);
      const length = (groupStride / 4) * Math.ceil(units / PANEL);
      const copy = heap.take(length);
      const panelCount = Math.ceil(count / PANEL);
      heap.kernels.transposePanels(
        panels,
        panelStride,
        units,
        panelCount,
        copy,
        groupStride,
        PANEL,
      );
      const read = (address: number) => heap.floats.slice(address / 4, address / 4 + length);
      expect(read(copy)).toEqual(read(groups));
      heap.expectMarginsIntact();
    });

    it.each([
      ['sigmoid', 1, 3],
      ['tanh', 2, 4],
      ['relu', 3, 0],
      ['leaky_relu', 4, 1],
    ] as const)('compute %s and its derivative', async (activation, number, most) => {
      const heap = await Heap.open(instructions, slices);
      const random = new RandomState(3);
      const values = Float32Array.of(
        ...[0, -0, 1e-30, -1e-30, 0.6249, 0.6251, 30, -30, 86, -86],
        ...randomFloats(random, 20_000, 0.7),
        ...randomFloats(random, 20_000, 12),
      );
      const actual = activationsOf(heap, values, number);
      let sum = 0;
      for (const [i, z] of values.entries()) {
        const isSloped = activation === 'leaky_relu' && z < 0;
        const expected = isSloped ? Math.fround(LEAKY_RELU_SLOPE) * z : activate(activation, z);
        const error = expected === 0 ? Math.abs(actual[i]) : ulps(actual[i], expected);
        if (!(Math.abs(error) <= most)) expect.fail(`f(${z}) is ${actual[i]}, off by ${error}`);
        sum += Number.isFinite(error) ? error : 0;
      }
      // To neither side: a bias would add up over a thousand epochs.
      expect(Math.abs(sum / values.length)).toBeLessThan(0.05);

      const count = 64;
      const { panels, panelStride } = heap.gather(Float32Array.from(actual), count, 1);
      const ones = heap.gather(new Float32Array(count).fill(1), count, 1);
      const delta = heap.take((panelStride / 4) * (count / PANEL));
      heap.kernels.backwardDelta(
        heap.take([1, 0, 0, 0]),
        1,
        1,
        ones.panels,
        ones.panelStride,
        count / PANEL,
        delta,
        panelStride,
        panels,
        1,
        number,
        LEAKY_RELU_SLOPE,
        0,
        1,
      );
      for (let i = 0; i < count; i++) {
        const expected = activationDerivative(activation, actual[i]);
        expect(Math.abs(heap.at(delta, panelStride, i, 0) - expected)).toBeLessThan(2 * EPSILON);
      }
      heap.expectMarginsIntact();
    });

    it('leave values beyond any range, and what is not a number, as they should be', async () => {
      const heap = await Heap.open(instructions, slices);
      const extremes = Float32Array.of(1e30, -1e30, Infinity, -Infinity, Number.NaN);
      expect(activationsOf(heap, extremes, 2)).toEqual([1, -1, 1, -1, Number.NaN]);
      const [large, small, infinite, least, nothing] = activationsOf(heap, extremes, 1);
      expect([large, infinite, nothing]).toEqual([1, 1, Number.NaN]);
      expect(small).toBeLessThan(2e-38);
      expect(least).toBeLessThan(2e-38);
    });

    it('draw the masks that every backend draws', async () => {
      const heap = await Heap.open(instructions, slices);
      const { seed, step, layer, first, units } = {
        seed: 4_294_967_290,
        step: 70_000,
        layer: 3,
        first: 512,
        units: 10,
      };
      const stride = 4 * PANEL * roundUp(units, BLOCK);
      const mask = heap.take((stride / 4) * 3);
      const threshold = dropoutThreshold(0.7);
      const scale = 2 ** 32 / (2 ** 32 - threshold);
      heap.kernels.maskPanels(mask, stride, 3, units, first, step, layer, seed, threshold, scale);
      for (let row = 0; row < 3 * PANEL; row++) {
        for (let unit = 0; unit < units; unit++) {
          const expected = dropoutScale(threshold, seed, step, layer, first + row, unit);
          expect(heap.at(mask, stride, row, unit)).toBe(Math.fround(expected));
        }
      }
      heap.expectMarginsIntact();
    });

    it.each([
      [1, 8, 8, 2],
      [1, 28, 28, 7],
      [3, 5, 6, 1],
      [1, 4, 31, 1],
    ])(
      'augment images of %i × %i × %i as every backend does',
      async (channels, height, width, shift) => {
        const heap = await Heap.open(instructions, slices);
        const random = new RandomState(width);
        const [inputs, samples, epoch] = [channels * height * width, 11, 3];
        const values = Uint8Array.from({ length: samples * inputs }, () =>
          random.boundedInteger(255),
        );
        const scaler = {
          mean: Float64Array.from({ length: inputs }, () => random.uniform(0, 200)),
          scale: Float64Array.from({ length: inputs }, () => random.uniform(1, 90)),
        };
        const settings = { seed: 4_294_967_290, shift, noise: 0.3 };
        const augmentation = augmentationOf(settings, { channels, height, width }, scaler, 255);
        const { seed, noiseSteps = new Float64Array() } = { ...settings, ...augmentation };
        const stride = 4 * roundUp(inputs, PANEL);
        const [bytes, moved] = [0, 1].map(() => heap.take(Math.ceil((samples * inputs) / 4)));
        new Uint8Array(heap.floats.buffer).set(values, bytes);
        const steps = heap.take(roundUp(inputs, BLOCK));
        heap.floats.set(noiseSteps, steps / 4);
        const tables = heap.take(scaledBytes(scaler, inputs));
        const permutation = random.permutation(samples);
        const indices = heap.take(samples);
        new Uint32Array(heap.floats.buffer).set(permutation, indices / 4);
        for (const rows of [indices, 0]) {
          const [first, count] = rows === 0 ? [4, samples - 4] : [0, samples];
          const to = heap.take((count * stride) / 4);
          const { kernels } = heap;
          const image = [channels, height, width] as const;
          kernels.moveBytes(bytes, rows, first, count, ...image, shift, epoch, seed, moved);
          kernels.unpackBytes(moved, tables, 4 * 256, 0, count, inputs, to, stride);
          kernels.addNoise(rows, first, count, inputs, steps, epoch, seed, to, stride);
          const order =
            rows === 0 ? permutation.map((_, i) => first + i).subarray(0, count) : permutation;
          const expected = new Float32Array(count * inputs);
          trainingFeatures(
            { values, scaler, count: samples, augmentation },
            order,
            epoch,
            expected,
          );
          for (let row = 0; row < count; row++) {
            const from = (to + row * stride) / 4;
            const own = heap.floats.subarray(from, from + inputs);
            expect(own).toEqual(expected.subarray(row * inputs, (row + 1) * inputs));
            // Up to the next row there are still zeros.
            expect(heap.floats.subarray(from + inputs, from + stride / 4).some(Boolean)).toBe(
              false,
            );
          }
        }
        heap.expectMarginsIntact();
      },
    );
  });
}
