/** Variants of the matrix products, counted: what they fit into, what they read, what WGSL they make. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { denseBackwardDelta } from '../../shaders/dense-backward-delta';
import { denseBackwardWeights } from '../../shaders/dense-backward-weights';
import { denseForward } from '../../shaders/dense-forward';
import { instantiate, type KernelInstance } from '../../shaders/kernel';
import { gemmGrid } from '../../shaders/parts/gemm';
import {
  GEMM_FORMS,
  type GemmForm,
  type GemmVariant,
  loadsPerMultiplyAdd,
  teamsOf,
  threadsOf,
  usesQuads,
  usesTiles,
  variantName,
  workgroupThreads,
  workgroupTile,
} from '../../shaders/parts/gemm-variant';
import {
  allVariants,
  defaultVariant,
  type GemmShape,
  productOf,
  variantsFor,
} from '../../src/gpu/plan/choose-variant';
import { DEVICE_CLASSES, defaultsFor } from '../../src/gpu/plan/device-class';
import { planLayered } from '../../src/gpu/plan/layered';
import { networkFor } from '../../src/model/network-spec';
import { checkConfiguration } from '../../src/training/configuration/check';
import { workgroupBytes } from '../support/workgroup-bytes';

const SUBGROUPS: ReadonlySet<string> = new Set(['subgroups']);

const forms = fc.constantFrom(...GEMM_FORMS);
const sizes = fc.integer({ min: 1, max: 2048 });
const shapes: fc.Arbitrary<GemmShape> = fc.record({ rows: sizes, inputs: sizes, outputs: sizes });

function kernelOf(form: GemmForm, shape: GemmShape, variant: GemmVariant): KernelInstance {
  const { rows, inputs, outputs } = shape;
  const offsets = { weights: 4, biases: 4 + inputs * outputs };
  switch (form) {
    case 'forward':
      return instantiate(denseForward, {
        ...shape,
        ...offsets,
        activation: 'tanh',
        gather: true,
        dropout: null,
        variant,
      });
    case 'delta':
      return instantiate(denseBackwardDelta, {
        rows,
        units: inputs,
        nextUnits: outputs,
        nextWeights: 4,
        activation: 'tanh',
        dropout: null,
        variant,
      });
    case 'weights':
      return instantiate(denseBackwardWeights, {
        inputs,
        outputs,
        ...offsets,
        gather: true,
        sharesBiases: true,
        variant,
      });
    default:
      return form satisfies never;
  }
}

describe('the variants for a shape', () => {
  test('a handful for any shape, each once, the fixed choice first', () => {
    // The most there are: large enough for every block, small enough to split.
    const MOST: [GemmForm, GemmShape] = ['weights', { rows: 1024, inputs: 64, outputs: 64 }];
    fc.assert(
      fc.property(forms, shapes, (form, shape) => {
        const names = variantsFor(form, shape, SUBGROUPS).map(variantName);
        expect(names[0]).toBe(variantName(defaultVariant(form, shape)));
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBeLessThanOrEqual(13);
        const all = allVariants(form, productOf(form, shape).n).map(variantName);
        expect(all).toEqual(expect.arrayContaining(names));
      }),
      { seed: 1, examples: [MOST] },
    );
  });

  test('the fixed choice is followed by those with the fewest loads, if they leave threads enough', () => {
    const names = (rows: number, inputs: number, outputs: number) =>
      variantsFor('forward', { rows, inputs, outputs }, SUBGROUPS).map(variantName);
    expect(names(64, 64, 64).slice(0, 4)).toEqual(['r8x4', 's8x8', 'q4x16', 'q8x16']);
    expect(names(256, 784, 512)).toEqual([
      'r8x8', // 0.25
      's16x16', // 0.063
      'q8x16', // 0.094
      's8x8', // 0.125
      'q4x16', // 0.125
      'r16x8', // 0.19
      'r8x4', // 0.38
      't128x64', // 0.40
      'r4x4', // 0.5
      't64x64', // 0.53
      't32x32', // 0.56
      'r2x4', // 0.75
      'r1x4', // 1.25
    ]);
  });

  test('run on every device: their workgroups are the least that WebGPU promises', () => {
    fc.assert(
      fc.property(forms, shapes, (form, shape) => {
        for (const variant of variantsFor(form, shape, SUBGROUPS)) {
          const { wgsl, workgroups, bindings } = kernelOf(form, shape, variant);
          const [, threads] = /@workgroup_size\(([^)]*)\)/.exec(wgsl) ?? [];
          const invocations = threads.split(',').reduce((product, n) => product * Number(n), 1);
          expect(invocations).toBe(workgroupThreads(variant));
          expect(invocations).toBeLessThanOrEqual(256);
          expect(workgroupBytes(wgsl)).toBeLessThanOrEqual(16_384);
          expect(Math.max(...workgroups)).toBeLessThanOrEqual(65_535);
          expect(bindings.filter(({ access }) => access !== 'step').length).toBeLessThanOrEqual(8);
        }
      }),
      { seed: 2 },
    );
  });

  test('quads only where there are subgroups, and four k to pass round', () => {
    const quadsOf = (form: GemmForm, shape: GemmShape, features: ReadonlySet<string>) =>
      variantsFor(form, shape, features).filter(usesQuads).length;
    const shape = { rows: 256, inputs: 784, outputs: 512 };
    expect(quadsOf('forward', shape, new Set())).toBe(0);
    expect(quadsOf('forward', shape, SUBGROUPS)).toBe(4);
    expect(quadsOf('delta', { ...shape, outputs: 510 }, SUBGROUPS)).toBe(0);
    expect(quadsOf('weights', { ...shape, rows: 255 }, SUBGROUPS)).toBe(4);
  });

  test('splits only for weight gradients of small layers and large batches', () => {
    const splits = (form: GemmForm, shape: GemmShape) =>
      variantsFor(form, shape).filter(({ splitK }) => splitK > 1).length;
    expect(splits('weights', { rows: 4096, inputs: 64, outputs: 16 })).toBe(2);
    expect(splits('weights', { rows: 256, inputs: 64, outputs: 16 })).toBe(0);
    expect(splits('weights', { rows: 4096, inputs: 784, outputs: 512 })).toBe(0);
    expect(splits('forward', { rows: 4096, inputs: 64, outputs: 16 })).toBe(0);
  });
});

describe('the fixed table', () => {
  test('takes 8 × 8 for large layers, and smaller blocks where threads would be few', () => {
    const name = (form: GemmForm, rows: number, inputs: number, outputs: number) =>
      variantName(defaultVariant(form, { rows, inputs, outputs }));
    expect(GEMM_FORMS.map((form) => name(form, 256, 784, 512))).toEqual(['r8x8', 'r8x8', 'r8x8']);
    expect(name('forward', 256, 256, 10)).toBe('r4x4');
    expect(name('forward', 288, 64, 16)).toBe('r8x4');
    expect(name('forward', 1, 64, 16)).toBe('r1x4');
    expect(name('forward', 1, 784, 512)).toBe('r1x4'); // threads enough, but a single row
    expect(name('forward', 3, 784, 512)).toBe('r4x4');
    expect(name('forward', 288, 8, 1)).toBe('r1x1');
    expect(name('weights', 288, 8, 1)).toBe('r1x4');
  });

  test('a kind of device with more units gets smaller blocks, until there are threads enough', () => {
    const image = { rows: 256, inputs: 784, outputs: 512 };
    const names = DEVICE_CLASSES.map((deviceClass) =>
      variantName(defaultVariant('forward', image, { deviceClass })),
    );
    expect(names).toEqual(['r8x8', 'r8x4', 't32x32']);
    fc.assert(
      fc.property(forms, shapes, fc.constantFrom(...DEVICE_CLASSES), (form, shape, deviceClass) => {
        const { m, n } = productOf(form, shape);
        const chosen = defaultVariant(form, shape, { deviceClass });
        if (usesTiles(chosen)) {
          expect(deviceClass).toBe('discrete');
          expect(teamsOf(chosen, m, n)).toBeGreaterThanOrEqual(64);
          return;
        }
        const threads = threadsOf(chosen, m, n);
        const most = threadsOf(
          { kind: 'register', rows: 1, columns: n === 1 ? 1 : 4, splitK: 1 },
          m,
          n,
        );
        const { leastThreads } = defaultsFor({ deviceClass });
        expect(threads).toBeGreaterThanOrEqual(Math.min(leastThreads, most));
      }),
      { seed: 5 },
    );
  });

  test('a card gets the largest tile of which there are 128, where K is a tile’s', () => {
    const name = (form: GemmForm, rows: number, inputs: number, outputs: number) =>
      variantName(defaultVariant(form, { rows, inputs, outputs }, { deviceClass: 'discrete' }));
    const names = (rows: number, inputs: number, outputs: number) =>
      GEMM_FORMS.map((form) => name(form, rows, inputs, outputs));
    expect(names(1024, 2048, 2048)).toEqual(['t128x64', 't128x64', 't128x64']);
    expect(names(1024, 1024, 512)).toEqual(['t64x64', 't128x64', 't64x64']);
    expect(names(256, 784, 512)).toEqual(['t32x32', 't32x32', 't32x32']);
    expect(names(256, 512, 256)).toEqual(['t32x32', 't32x32', 't32x32']); // 64 of them at least
    expect(name('forward', 256, 512, 240)).toBe('t32x32');
    expect(name('forward', 256, 512, 200)).toBe('r1x4'); // 56 would be
    expect(name('delta', 1024, 2048, 10)).toBe('r8x8'); // no K to share
    expect(name('forward', 256, 200, 10)).toBe('r1x4');
  });

  test('a GPU that would be idle shares out K: a sum of products, or the samples of a gradient', () => {
    const names = (
      rows: number,
      inputs: number,
      outputs: number,
      form: GemmForm = 'weights',
    ): readonly string[] =>
      DEVICE_CLASSES.map((deviceClass) =>
        variantName(defaultVariant(form, { rows, inputs, outputs }, { deviceClass })),
      );
    expect(names(1024, 2048, 10, 'forward')).toEqual(['r8x8', 'gemv', 'gemv']);
    expect(names(1024, 255, 10, 'forward')).toEqual(['r8x8', 'r1x4', 'r1x4']);
    expect(names(256, 10, 256, 'delta')).toEqual(['r4x4', 'gemv', 'gemv']);
    expect(names(256, 256, 10)).toEqual(['r8x4', 'r4x4s16', 'r4x4s16']);
    expect(names(255, 256, 10)).toEqual(['r8x4', 'r4x4s4', 'r4x4s4']);
    expect(names(63, 256, 10)).toEqual(['r8x4', 'r1x4', 'r1x4']);
    expect(names(1024, 2048, 10)).toEqual(['r8x8', 'r1x4', 'r4x4s16']); // 5,120 threads
    expect(names(256, 256, 2)).toEqual(['r1x4', 'r1x4', 'r1x4']); // half of four rows
  });

  test('every choice covers its result once, with no workgroup outside of it', () => {
    fc.assert(
      fc.property(forms, shapes, (form, shape) => {
        const { m, n } = productOf(form, shape);
        for (const variant of variantsFor(form, shape, SUBGROUPS)) {
          const [x, y, z] = gemmGrid(variant, m, n);
          const tile = workgroupTile(variant, n);
          expect(x * tile.columns).toBeGreaterThanOrEqual(n);
          expect((x - 1) * tile.columns).toBeLessThan(n);
          expect(y * tile.rows).toBeGreaterThanOrEqual(m);
          expect((y - 1) * tile.rows).toBeLessThan(m);
          expect(z).toBe(variant.splitK);
        }
      }),
      { seed: 3 },
    );
  });
});

describe('WGSL', () => {
  test('holds no undefined, no NaN and no preprocessor line, and braces match', () => {
    fc.assert(
      fc.property(forms, shapes, (form, shape) => {
        for (const variant of allVariants(form, productOf(form, shape).n)) {
          const { wgsl } = kernelOf(form, shape, variant);
          expect(wgsl).not.toMatch(/undefined|NaN|null|Infinity|\[object|^\s*#/m);
          expect(wgsl.split('{').length).toBe(wgsl.split('}').length);
          expect(wgsl.startsWith('enable subgroups;')).toBe(usesQuads(variant));
        }
      }),
      { numRuns: 30, seed: 4 },
    );
  });

  test('a buffer is vec4 only where every row starts at a multiple of four', () => {
    const types = (inputs: number, outputs: number) => {
      const shape = { rows: 64, inputs, outputs };
      const { bindings } = kernelOf('forward', shape, defaultVariant('forward', shape));
      return Object.fromEntries(bindings.map(({ name, type = 'array<f32>' }) => [name, type]));
    };
    const wide = 'array<vec4<f32>>';
    const narrow = 'array<f32>';
    expect(types(64, 16)).toMatchObject({ input: wide, weights: wide, output: wide });
    expect(types(63, 16)).toMatchObject({ input: narrow, weights: narrow, output: wide });
    expect(types(64, 15)).toMatchObject({ input: wide, weights: wide, output: narrow });
    // Biases share the weights' buffer, whose end need not be a multiple of four.
    expect(types(64, 16)).toMatchObject({ biases: narrow });
  });

  /** Loads and multiply-adds of a turn of the inner loop, counted in the text. */
  function countTurn(wgsl: string) {
    const turn = wgsl.slice(wgsl.lastIndexOf('for (var k'));
    const body = turn.slice(0, turn.indexOf('\n  }'));
    return {
      loads: body.match(/\b(left|right)(_or_zero)?\(/g)?.length ?? 0,
      updates: body.match(/sum\d+_\d+ \+=/g)?.length ?? 0,
    };
  }

  test.each([
    ['r1x4', 5, 1],
    ['r4x4', 8, 4],
    ['r8x8', 16, 16],
    ['r16x8', 24, 32],
    ['q4x16', 8, 16],
    ['q8x16', 12, 32],
    ['s8x8', 8, 16],
    ['s16x16', 16, 64],
  ])('%s loads %i vec4s for %i × 16 multiply-adds, whatever the form', (name, loads, updates) => {
    const shape = { rows: 256, inputs: 784, outputs: 512 };
    for (const form of GEMM_FORMS) {
      const variant = allVariants(form, 512).find((v) => variantName(v) === name);
      if (variant === undefined) throw new RangeError(name);
      const counted = countTurn(kernelOf(form, shape, variant).wgsl);
      // A weight gradient's rows come four to a load, turned round: a single row takes one a k.
      const single = form === 'weights' && name === 'r1x4';
      expect(counted, form).toEqual({ loads: single ? 4 : loads, updates });
      // Four k a turn: a load brings four values, and an update is sixteen multiply-adds.
      expect(loadsPerMultiplyAdd(variant)).toBe((4 * loads) / (16 * updates));
    }
  });
});

describe('the layered plan', () => {
  const shapeOf = (hidden: number[]) => ({
    spec: networkFor(64, hidden, 10, 'relu'),
    hyperparameters: checkConfiguration({ hidden, batchSize: 0 }),
    trainSamples: 2048,
    testSamples: 100,
  });

  test('asks for each product with its form and shape, and takes the answer', () => {
    const asked: string[] = [];
    const plan = planLayered(shapeOf([32]), (form, { rows, inputs, outputs }) => {
      asked.push(`${form} ${rows} ${inputs} ${outputs}`);
      return { kind: 'register', rows: 4, columns: 4, splitK: 1 };
    });
    expect(new Set(asked)).toEqual(
      new Set([
        'forward 2048 64 32',
        'forward 2048 32 10',
        'weights 2048 32 10',
        'weights 2048 64 32',
        'delta 2048 32 10',
        'forward 100 64 32',
        'forward 100 32 10',
      ]),
    );
    expect(plan.step.map(({ kernel }) => kernel.name)).not.toContain('sum-partials');
  });

  test('adds a dispatch and a buffer for the partial sums of a split batch', () => {
    const shape = shapeOf([32]);
    const whole = planLayered(shape);
    const split = planLayered(shape, (form, size) =>
      form === 'weights' && size.outputs === 32
        ? { kind: 'register', rows: 4, columns: 4, splitK: 4 }
        : defaultVariant(form, size),
    );
    expect(split.step.length).toBe(whole.step.length + 1);
    expect(split.step.filter(({ kernel }) => kernel.name === 'sum-partials')).toMatchObject([
      { layer: 1, buffers: { partials: 'partials', gradients: 'gradients' } },
    ]);
    expect(split.buffers).toContainEqual({
      name: 'partials',
      bytes: 4 * 4 * 64 * 32,
      use: 'storage',
    });
    expect(whole.buffers.map(({ name }) => name)).not.toContain('partials');
  });
});
