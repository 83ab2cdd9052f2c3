/** Plans without a GPU: for any network, every schedule's plan must be one that a device can run. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planLayered } from '../../src/gpu/plan/layered';
import { planPersistent } from '../../src/gpu/plan/persistent';
import {
  checkLimits,
  checkParameters,
  dispatchesPerEpoch,
  type Plan,
  type PlanLimits,
  type PlanStep,
  type ProblemShape,
  planBytes,
  stateBytes,
} from '../../src/gpu/plan/plan';
import { momentNames } from '../../src/gpu/plan/plan-buffers';
import { candidatesFor } from '../../src/gpu/tuning/candidates';
import { planBy } from '../../src/gpu/tuning/fixed-choice';
import { ACTIVATIONS } from '../../src/layers/activation';
import { classifier, inputsOf, layersOf, networkFor } from '../../src/model/network-spec';
import { parameterLayout } from '../../src/model/parameter-layout';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { InvalidInputError } from '../../src/training/errors';
import { momentsOf, OPTIMIZERS } from '../../src/training/hyperparameters';
import { StepSequence } from '../../src/training/steps';
import { workgroupBytes } from '../support/workgroup-bytes';

/** WebGPU's default limits, which every device has. */
const DEFAULT_LIMITS: PlanLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBuffersPerShaderStage: 8,
};

const NOTEBOOK: ProblemShape = {
  spec: networkFor(64, [16, 8], 2, 'sigmoid'),
  hyperparameters: DEFAULTS,
  trainSamples: 288,
  testSamples: 72,
};

/** What the tuner tries on GPUs only. */
const SHARED_BLOCKS = { invocations: 256, split: 8 } as const;

const shapes: fc.Arbitrary<ProblemShape> = fc
  .record({
    features: fc.integer({ min: 1, max: 70 }),
    hidden: fc.array(fc.tuple(fc.integer({ min: 1, max: 70 }), fc.constantFrom(...ACTIVATIONS)), {
      maxLength: 5,
    }),
    classes: fc.integer({ min: 2, max: 10 }),
    optimizer: fc.constantFrom(...OPTIMIZERS),
    momentum: fc.constantFrom(0, 0.9),
    nesterov: fc.boolean(),
    weightDecay: fc.constantFrom(0, 0.01),
    dropout: fc.constantFrom(0, 0.3),
    norms: fc.boolean(),
    batchSize: fc.constantFrom(0, 1, 7, 32, 1000),
    trainSamples: fc.integer({ min: 2, max: 300 }),
    testSamples: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ features, hidden, classes, dropout, trainSamples, testSamples, ...values }) => ({
    spec: classifier(
      [features],
      hidden.map(([units, activation]) => ({ kind: 'dense', units, activation, dropout })),
      classes,
    ),
    hyperparameters: {
      ...DEFAULTS,
      ...values,
      momentum: values.optimizer === 'sgd' ? values.momentum : 0,
    },
    trainSamples,
    testSamples,
  }));

/** Every plan that takes the network, the tuner's variants among them. */
function plansOf(shape: ProblemShape): readonly Plan[] {
  return candidatesFor(shape, new Set(['subgroups']))
    .map((candidate) => candidate.plan())
    .filter((plan): plan is Plan => !('declined' in plan));
}

function stepsOf(plan: Plan): readonly PlanStep[] {
  return [...plan.chunk, ...plan.step, ...plan.epoch, ...plan.prediction];
}

/** Large enough for what a card does otherwise than other devices. */
const FOR_A_CARD: ProblemShape = {
  spec: networkFor(64, [256, 128], 10, 'relu'),
  hyperparameters: { ...DEFAULTS, batchSize: 900, norms: true },
  trainSamples: 2000,
  testSamples: 1000,
  deviceClass: 'discrete',
};

/** Making the plans takes longer than any look at them. */
const PLANS = [...fc.sample(shapes, { numRuns: 100, seed: 1 }), FOR_A_CARD].flatMap((shape) =>
  plansOf(shape).map((plan) => [plan, shape] as const),
);

function forAnyPlan(check: (plan: Plan, shape: ProblemShape) => void): void {
  for (const [plan, shape] of PLANS) check(plan, shape);
}

describe('any plan', () => {
  it('names each buffer once, with a size that a device takes', () => {
    forAnyPlan(({ buffers }) => {
      expect(new Set(buffers.map(({ name }) => name)).size).toBe(buffers.length);
      for (const { name, bytes } of buffers) {
        expect(Number.isSafeInteger(bytes) && bytes > 0 && bytes % 4 === 0, name).toBe(true);
      }
    });
  });

  it('gives every binding a storage buffer, and no name that nobody binds', () => {
    forAnyPlan((plan) => {
      const uses = new Map(plan.buffers.map(({ name, use }) => [name, use]));
      for (const { kernel, buffers } of stepsOf(plan)) {
        const stored = kernel.bindings.filter(({ access }) => access.startsWith('read'));
        for (const { name } of stored) {
          expect(uses.get(buffers[name]), `${kernel.name}: ${name}`).toBe('storage');
        }
        const bound = new Set(stored.map(({ name }) => name));
        const spare = Object.keys(buffers).filter(
          (name) => !bound.has(name) && name !== 'permutation',
        );
        expect(spare, kernel.name).toEqual([]);
      }
    });
  });

  it('never binds a buffer twice in a dispatch where one of the two is writable', () => {
    forAnyPlan((plan) => {
      for (const { kernel, buffers } of stepsOf(plan)) {
        const names = kernel.bindings.flatMap(({ name, access }) =>
          access.startsWith('read') ? [{ buffer: buffers[name], access }] : [],
        );
        for (const { buffer, access } of names) {
          if (access !== 'read_write') continue;
          expect(names.filter((other) => other.buffer === buffer).length, kernel.name).toBe(1);
        }
      }
    });
  });

  it('keeps within the default limits, and its WGSL holds no stray value', () => {
    forAnyPlan((plan, { spec }) => {
      expect(() => checkLimits(plan, DEFAULT_LIMITS, spec)).not.toThrow();
      for (const { kernel } of stepsOf(plan)) {
        expect(kernel.wgsl).not.toMatch(
          /undefined|NaN|Infinity|\[object|null|#if|#else|#endif|\$\{/,
        );
        expect(kernel.wgsl).toContain('@compute');
        expect(Math.min(...kernel.workgroups)).toBeGreaterThan(0);
        expect(kernel.workgroups.every(Number.isInteger)).toBe(true);
        kernel.bindings.forEach(({ name, access }, binding) => {
          const space = access.startsWith('read') ? `storage, ${access}` : 'uniform';
          expect(kernel.wgsl).toContain(`@binding(${binding}) var<${space}> ${name}:`);
        });
      }
    });
  });

  it('holds the whole training state once, and no room to keep or to read it', () => {
    forAnyPlan((plan, shape) => {
      const bytesOf = new Map(plan.buffers.map(({ name, bytes }) => [name, bytes]));
      const parameters = 4 * parameterLayout(shape.spec).length;
      const moments = momentsOf(shape.hyperparameters);
      expect(plan.state).toEqual(['parameters', ...momentNames(shape), 'running']);
      expect(plan.state.length).toBe(2 + moments);
      for (const name of plan.state.slice(0, -1)) expect(bytesOf.get(name)).toBe(parameters);
      const state = plan.state.reduce((sum, name) => sum + (bytesOf.get(name) ?? Number.NaN), 0);
      // Allocated when they are first used, and to the byte the state.
      expect(stateBytes(plan)).toBe(state);
      expect([...bytesOf.keys()].filter((name) => /checkpoint|state/.test(name))).toEqual([]);
      expect(bytesOf.get('gradients')).toBe(parameters);
      // The records of a chunk, and the sums of the epoch that it leaves under way.
      const [metrics, running] = ['metrics', 'running'].map((name) => bytesOf.get(name) ?? 0);
      expect(bytesOf.get('metrics-staging-0')).toBe(metrics + running);
      expect(bytesOf.get('prediction-features')).toBe(
        4 * plan.predictionRows * inputsOf(shape.spec),
      );
    });
  });

  it('counts its bytes and dispatches', () => {
    forAnyPlan((plan, shape) => {
      const total = plan.buffers.map(({ bytes }) => bytes).reduce((a, b) => a + b, 0);
      expect(planBytes(plan)).toBe(total);
      const { batchesPerEpoch } = new StepSequence(shape.hyperparameters, shape.trainSamples);
      expect(dispatchesPerEpoch(plan, shape)).toBe(
        batchesPerEpoch * plan.step.length + plan.epoch.length,
      );
    });
  });

  it('is the same for the same shape', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(plansOf(structuredClone(shape))).toEqual(plansOf(shape));
      }),
      { numRuns: 20, seed: 2 },
    );
  });
});

describe('the layered plan', () => {
  it('takes 3L + 1 dispatches a step, and one more for each gradient that is summed in parts', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const plan = planLayered(shape);
        const layers = layersOf(shape.spec).length;
        const parts = plan.step.filter(({ kernel }) => kernel.name === 'sum-partials').length;
        expect(plan.step.length - parts).toBe(3 * layers + 1);
        expect(plan.epoch.length).toBe(layers + 1 + (shape.hyperparameters.norms ? 2 : 0));
        expect(plan.prediction.length).toBe(layers + 1);
        expect(plan.predictionRows).toBe(shape.testSamples);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('has workgroups share long sums on a GPU, in a dispatch more, and short ones nowhere', () => {
    const image = {
      spec: networkFor(784, [512, 256], 10, 'relu'),
      hyperparameters: { ...DEFAULTS, batchSize: 1024, norms: true },
      trainSamples: 4096,
      testSamples: 1000,
    };
    const sums = (shape: ProblemShape) => {
      const { step, epoch } = planLayered(shape);
      const names = [...step, ...epoch].map(({ kernel }) => kernel.name);
      return names.filter((name) => /entropy|-sums|squares|norm/.test(name));
    };
    const loss = 'softmax-cross-entropy';
    const norms = ['sum-squares', 'norm', 'sum-squares', 'norm'];
    const gpu = { deviceClass: 'discrete' } as const;
    expect(sums({ ...image, ...gpu })).toEqual([loss, 'loss-sums', ...norms, loss, 'loss-sums']);
    expect(sums(image)).toEqual([loss, 'norm', 'norm', loss]);
    const few = { ...image.hyperparameters, batchSize: 256 };
    // 8,190 logits of the test set, and 2,560 of a batch.
    expect(sums({ ...image, ...gpu, hyperparameters: few, testSamples: 819 })).toEqual([
      ...[loss, ...norms, loss],
    ]);
    expect(sums({ ...NOTEBOOK, ...gpu })).toEqual(['binary-cross-entropy', 'binary-cross-entropy']);
    // Of the biases' gradients, the sums of more than 128 samples.
    const biases = (shape: ProblemShape) =>
      planLayered(shape).step.flatMap(({ kernel }) => kernel.shape.sharesBiases ?? []);
    expect(biases({ ...image, ...gpu })).toEqual([true, true, true]);
    expect(biases(image)).toEqual([false, false, false]);
    const short = { ...image.hyperparameters, batchSize: 128 };
    expect(biases({ ...image, ...gpu, hyperparameters: short })).toEqual([false, false, false]);
    const { buffers } = planLayered({ ...image, ...gpu });
    expect(buffers.filter(({ name }) => name.endsWith('-sums'))).toEqual([
      { name: 'loss-sums', bytes: 16 * 16, use: 'storage' },
      { name: 'square-sums', bytes: 4 * 931, use: 'storage' },
    ]);
  });

  it('has the notebook’s ten kernels in the order of the notebook', () => {
    const { step } = planLayered(NOTEBOOK);
    expect(step.map(({ kernel, layer }) => `${kernel.name} ${layer}`)).toEqual([
      'dense-forward 1',
      'dense-forward 2',
      'dense-forward 3',
      'binary-cross-entropy 3',
      'dense-backward-weights 3',
      'dense-backward-delta 2',
      'dense-backward-weights 2',
      'dense-backward-delta 1',
      'dense-backward-weights 1',
      'sgd-update 0',
    ]);
  });

  it('has room for every sample of a batch and of the test set, and no more', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const plan = planLayered(shape);
        const bytesOf = new Map(plan.buffers.map(({ name, bytes }) => [name, bytes]));
        const { batchRows, isFullBatch } = new StepSequence(
          shape.hyperparameters,
          shape.trainSamples,
        );
        const rows = Math.max(batchRows, shape.testSamples);
        const { spec, trainSamples, testSamples } = shape;
        for (const { index, outputs, isOutput } of layersOf(spec)) {
          const output = isOutput ? 'logits' : `activation-${index}`;
          expect(bytesOf.get(output)).toBe(4 * rows * outputs);
          expect(bytesOf.get(`delta-${index}`)).toBe(4 * batchRows * outputs);
        }
        expect(bytesOf.get('train-features')).toBe(4 * trainSamples * inputsOf(spec));
        expect(bytesOf.get('train-labels')).toBe(4 * trainSamples);
        expect(bytesOf.get('test-features')).toBe(4 * testSamples * inputsOf(spec));
        expect(bytesOf.get('test-labels')).toBe(4 * testSamples);
        expect(bytesOf.has('permutation')).toBe(!isFullBatch);
        // Every buffer that kernels may use is used by one.
        const bound = new Set(stepsOf(plan).flatMap(({ buffers }) => Object.values(buffers)));
        const idle = plan.buffers.filter(({ name, use }) => use === 'storage' && !bound.has(name));
        expect(idle.map(({ name }) => name)).toEqual([]);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it('hands each layer the output of the layer before it', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { step } = planLayered(shape);
        const layers = layersOf(shape.spec);
        const outputName = (layer: number) =>
          layer === layers.length ? 'logits' : `activation-${layer}`;
        for (const { phase, layer, kernel, buffers } of step) {
          const input = layer === 1 ? 'train-features' : outputName(layer - 1);
          if (phase === 'forward') {
            expect(buffers).toMatchObject({ input, output: outputName(layer) });
          }
          if (kernel.name === 'dense-backward-weights') {
            expect(buffers).toMatchObject({ input, delta: `delta-${layer}` });
          }
          if (kernel.name === 'dense-backward-delta') {
            expect(buffers).toMatchObject({
              activation: outputName(layer),
              next_delta: `delta-${layer + 1}`,
              delta: `delta-${layer}`,
            });
          }
        }
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});

describe('the other schedules', () => {
  it('take two dispatches a step, and one for many steps', () => {
    const [parallel, persistent] = (['sample-parallel', 'persistent'] as const).map((kind) =>
      planBy(kind, NOTEBOOK),
    );
    if ('declined' in parallel || 'declined' in persistent) throw new Error('declined');
    expect(parallel.step.length).toBe(2);
    expect(parallel.epoch.length).toBe(0);
    expect(persistent.step.length).toBe(1);
    expect(persistent.stepsAtOnce).toBeGreaterThan(1);
    expect(persistent.step[0].kernel.workgroups).toEqual([1, 1, 1]);
  });

  it('have no more branches for ten classes than for two where a loop holds them all', () => {
    // An adapter's compiler took twice as long for each branch in a loop's body, so minutes for ten classes.
    const branches = (digits: number) => {
      const classes = { ...NOTEBOOK, spec: networkFor(64, [16], digits, 'relu') };
      const plan = planBy('persistent', classes);
      if ('declined' in plan) throw new Error(plan.declined);
      return plan.step[0].kernel.wgsl.match(/&&|\|\||\bif\b/g)?.length;
    };
    expect(branches(10)).toBe(branches(3));
  });

  it('fit into the workgroup memory that every device has', () => {
    let fitting = 0;
    let sharing = 0;
    for (let units = 1; units <= 94; units++) {
      const shape = { ...NOTEBOOK, spec: networkFor(64, [units], 2, 'tanh') };
      const shared = planPersistent(shape, SHARED_BLOCKS);
      const isTaken = !('declined' in shared);
      if (isTaken) sharing = units;
      for (const plan of [...plansOf(shape), ...(isTaken ? [shared] : [])]) {
        for (const { kernel } of stepsOf(plan)) {
          expect(workgroupBytes(kernel.wgsl), `${plan.title}, ${units}`).toBeLessThanOrEqual(
            16_384,
          );
        }
        if (plan.schedule === 'persistent') fitting = units;
      }
    }
    // The largest that is taken is at the limit, or this says little.
    expect(fitting).toBeGreaterThan(40);
    expect(sharing).toBeGreaterThan(30);
  });

  // Mesa's lavapipe ends the loops of a dispatch after 65,535 turns together, and the weights go wrong.
  it('take no more steps in a dispatch than an invocation has turns for', () => {
    const plan = planBy('persistent', NOTEBOOK);
    if ('declined' in plan) throw new Error(plan.declined);
    // By hand: 90 groups of samples and 81 blocks are two rounds each for 64 invocations. A pass takes the
    // features by twos and the units by fours, there and back; a block 72 groups in 9 runs, and 16 sums.
    const turns = 2 * (64 / 2 + 2 * (16 / 4 + 8 / 4)) + 2 * (72 + 9 + 16);
    expect(plan.stepsAtOnce * turns).toBeLessThan(65_535);
    expect(plan.stepsAtOnce).toBeGreaterThan(32);
    // Three rounds of 32 blocks, of 9 groups in 2 runs and 8 parts; one round of 256 groups.
    const shared = planPersistent(NOTEBOOK, SHARED_BLOCKS);
    if ('declined' in shared) throw new Error(shared.declined);
    const shorter = 64 / 2 + 2 * (16 / 4 + 8 / 4) + 3 * (9 + 2 + 8);
    expect(shared.stepsAtOnce * shorter).toBeLessThan(65_535);
    expect(shared.stepsAtOnce).toBeGreaterThan(128);
    const large = planBy('persistent', { ...NOTEBOOK, trainSamples: 60_000 });
    expect('declined' in large && large.declined).toMatch(/turns of loops/);
    const batches = { ...DEFAULTS, batchSize: 1 };
    const small = planBy('persistent', { ...NOTEBOOK, hyperparameters: batches });
    expect('declined' in small ? 0 : small.stepsAtOnce).toBeGreaterThan(128);
  });

  it('decline what they cannot hold, in words', () => {
    const large = { ...NOTEBOOK, spec: networkFor(64, [512, 256], 10, 'relu') };
    for (const kind of ['sample-parallel', 'persistent'] as const) {
      const plan = planBy(kind, large);
      expect('declined' in plan && plan.declined).toMatch(/\d+ .* (registers|memory|write out)/);
    }
    expect('declined' in planBy('layered', large)).toBe(false);
  });
});

describe('limits', () => {
  const wide = (hidden: readonly number[]): ProblemShape => ({
    ...NOTEBOOK,
    spec: networkFor(64, hidden, 2, 'sigmoid'),
  });

  function refusal(hidden: readonly number[], limits: Partial<PlanLimits> = {}): string {
    const shape = wide(hidden);
    const merged = { ...DEFAULT_LIMITS, ...limits };
    try {
      checkParameters(shape.spec, merged);
      checkLimits(planLayered(shape), merged, shape.spec);
    } catch (error) {
      if (error instanceof InvalidInputError) return error.message;
      throw error;
    }
    throw new Error('nothing was refused');
  }

  it('name the buffer, the limit and by how much it is passed', () => {
    // 64·6000 + 6000 + 6000·6000 + 6000 + 6000 + 1 parameters, 4 bytes each, less 2^27.
    expect(refusal([6000, 6000])).toBe(
      `hidden: "6000,6000" is not allowed; the buffer parameters needs 145,608,004 bytes, 11,390,276 more than this device’s maxStorageBufferBindingSize of 134,217,728`,
    );
    expect(refusal([6000, 6000], { maxBufferSize: 1e8 })).toContain(
      '45,608,004 more than this device’s maxBufferSize of 100,000,000',
    );
  });

  it('hold a copy of the training state, which is larger than any part of it', () => {
    const adam = { ...DEFAULTS, optimizer: 'adam' } as const;
    const shape = { ...wide([1000, 1000]), hyperparameters: adam };
    const plan = planLayered(shape);
    const bytes = stateBytes(plan);
    expect(bytes).toBeGreaterThan(Math.max(...plan.buffers.map((buffer) => buffer.bytes)));
    const limits = { ...DEFAULT_LIMITS, maxBufferSize: bytes };
    expect(() => checkLimits(plan, limits, shape.spec)).not.toThrow();
    expect(() => checkLimits(plan, { ...limits, maxBufferSize: bytes - 1 }, shape.spec)).toThrow(
      /a copy of the training state needs .* bytes, 1 more than this device’s maxBufferSize/,
    );
  });

  it('hold activations too, which may be larger than the parameters', () => {
    expect(refusal([150_000])).toMatch(
      /the buffer activation-1 needs 172,800,000 bytes, 38,582,272 more than .*maxStorageBufferBindingSize/,
    );
  });

  it('name the kernel whose grid or bindings are too many', () => {
    expect(refusal([16], { maxComputeWorkgroupsPerDimension: 3 })).toMatch(
      /^hidden: "16" .*; dense-[a-z-]+ of layer \d needs \d+ workgroups, \d+ more than this device’s maxComputeWorkgroupsPerDimension of 3$/,
    );
    const [, needed, excess] =
      /of layer 1 needs (\d+) buffers, (\d+) more than this device’s maxStorageBuffersPerShaderStage of 2$/.exec(
        refusal([16], { maxStorageBuffersPerShaderStage: 2 }),
      ) ?? [];
    expect(Number(needed) - Number(excess)).toBe(2);
  });

  it('refuse what WGSL cannot even count', () => {
    expect(refusal([65_536, 65_536])).toContain('the buffer parameters needs 17,197,');
  });

  it('let pass what just fits', () => {
    const shape = wide([100, 50]);
    const plan = planLayered(shape);
    const most = Math.max(...plan.buffers.map(({ bytes }) => bytes));
    const exact = { ...DEFAULT_LIMITS, maxBufferSize: most };
    expect(() => checkLimits(plan, exact, shape.spec)).not.toThrow();
    const short = { ...exact, maxBufferSize: most - 1 };
    expect(() => checkLimits(plan, short, shape.spec)).toThrow(InvalidInputError);
  });
});
