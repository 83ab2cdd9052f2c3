/** The WebGPU backend as its callers see it: predictions, state, refusals, what it owns, and how it dies. */
import { describe, expect, it, vi } from 'vitest';
import { scaledFeatures } from '../../src/data/samples';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { SCHEDULE_KINDS } from '../../src/gpu/plan/choices';
import { shapeOf } from '../../src/gpu/plan/plan';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { pipelinesOf } from '../../src/gpu/runtime/pipeline-cache';
import { stepThrough } from '../../src/gpu/runtime/step-through';
import { planBy } from '../../src/gpu/tuning/fixed-choice';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend, TrainingState } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { BackendUnavailableError, InvalidInputError } from '../../src/training/errors';
import { Trainer } from '../../src/training/trainer';
import { largestDifference } from '../support/numbers';
import { smallProblem } from '../support/problems';
import { bitsOf, sharedDevice, withWebGpu } from './support/open';
import { watch } from './support/watched-device';

const device = sharedDevice();

/** 14 training samples in batches of 4, 4, 4 and 2. */
const VALUES = { batchSize: 4, momentum: 0.9, learningRate: 0.1, epochs: 400 } as const;
const problem = smallProblem(VALUES);

/** Every call of the interface. */
function everyCall(backend: Backend, state: TrainingState): readonly (() => Promise<unknown>)[] {
  const { count } = problem.test;
  const features = scaledFeatures(problem.test);
  return [
    () => backend.train(1),
    () => backend.trainBatches(1),
    () => backend.parameters(),
    () => backend.state(),
    () => backend.load(state),
    () => backend.checkpoint(0),
    () => backend.rollback(0),
    () => backend.predict(features, count),
    () => backend.predict(new Float64Array(), 0),
  ];
}

async function reasonOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
  } catch (error) {
    if (error instanceof BackendUnavailableError) return error.reason;
    throw error;
  }
  throw new Error('nothing was rejected');
}

describe('prediction', () => {
  it.each([2, 3])(
    'of %i classes equals the reference for any number of samples',
    async (classes) => {
      const shape = { classes, hidden: [9, 5], testCount: 72 };
      const values = { ...VALUES, epochs: 5 };
      const trained = smallProblem(values, shape);
      const reference = await createReferenceBackend(trained);
      await withWebGpu(device(), trained, async (backend) => {
        await backend.train(5);
        await reference.load(await backend.state());
        for (const count of [1, 2, 71, 72, 73, 144, 145, 200]) {
          const { train } = smallProblem(values, { ...shape, trainCount: count }, count);
          const features = scaledFeatures(train);
          const actual = await backend.predict(features, count);
          const expected = await reference.predict(features, count);
          // Logits are sums of at most ten products of single digits: float32's epsilon, some tens of times.
          expect(largestDifference(actual, expected), String(count)).toBeLessThan(1e-5);
        }
        expect(await backend.predict(new Float64Array(), 0)).toEqual(new Float64Array());
      });
    },
  );

  it('changes nothing about the training', async () => {
    const { count } = problem.test;
    const features = scaledFeatures(problem.test);
    const [plain, asked] = await Promise.all(
      [false, true].map((asks) =>
        withWebGpu(device(), problem, async (backend) => {
          const history = [];
          for (let i = 0; i < 5; i++) {
            history.push(...(await backend.trainBatches(3)));
            if (asks) await backend.predict(features, count);
          }
          return { history, parameters: bitsOf(await backend.parameters()) };
        }),
      ),
    );
    expect(asked).toEqual(plain);
  });

  it('refuses features that are not so many samples', async () => {
    await withWebGpu(device(), problem, async (backend) => {
      await expect(backend.predict(new Float64Array(9), 2)).rejects.toThrow(RangeError);
      await expect(backend.train(1)).resolves.toHaveLength(1);
    });
  });
});

describe('state', () => {
  it('starts as the problem in float32, with empty moments', async () => {
    await withWebGpu(device(), problem, async (backend) => {
      const state = await backend.state();
      expect(state.parameters).toEqual(Float64Array.from(Float32Array.from(problem.parameters)));
      expect(state.optimizer).toEqual([new Float64Array(problem.parameters.length)]);
      expect(state).toMatchObject({ epoch: 0, batch: 0, running: { loss: 0, correct: 0 } });
    });
  });

  it.each(SCHEDULE_KINDS)(
    'in the middle of an epoch goes to the reference and back, %s',
    async (schedule) => {
      await withWebGpu(
        device(),
        problem,
        async (backend) => {
          await backend.trainBatches(6);
          const state = await backend.state();
          expect(state).toMatchObject({ epoch: 1, batch: 2 });
          const reference = await createReferenceBackend(problem);
          await reference.load(state);
          const [expected] = await reference.trainBatches(2);
          const [actual] = await backend.trainBatches(2);
          expect(Math.abs(actual.loss - expected.loss)).toBeLessThan(1e-6);
          expect(Math.abs(actual.valLoss - expected.valLoss)).toBeLessThan(1e-6);
          expect(actual.accuracy).toBe(expected.accuracy);
          expect(actual.valAccuracy).toBe(expected.valAccuracy);
          const after = await backend.parameters();
          expect(largestDifference(after, await reference.parameters())).toBeLessThan(1e-6);
          await backend.load(await reference.state());
          expect(await backend.state()).toMatchObject({ epoch: 2, batch: 0 });
        },
        schedule,
      );
    },
  );

  it('that does not fit is refused, and nothing changes', async () => {
    await withWebGpu(device(), problem, async (backend) => {
      await backend.trainBatches(2);
      const before = await backend.state();
      const wrong: TrainingState[] = [
        { ...before, parameters: before.parameters.slice(1) },
        { ...before, optimizer: [] },
        { ...before, optimizer: [...before.optimizer, ...before.optimizer] },
        { ...before, parameters: before.parameters.with(0, Number.NaN) },
        { ...before, optimizer: [before.optimizer[0].with(0, Number.NaN)] },
        { ...before, batch: 4 },
        { ...before, epoch: -1 },
      ];
      for (const state of wrong) {
        await expect(backend.load(state)).rejects.toBeInstanceOf(InvalidInputError);
      }
      expect(await backend.state()).toEqual(before);
    });
  });
});

describe('parameters', () => {
  it.each(SCHEDULE_KINDS)(
    'are copied alone, and training does not wait until they are read, %s',
    async (schedule) => {
      const watched = watch(device());
      const backend = await createWebGpuBackend(problem, { device: watched, schedule });
      await backend.train(2);
      const { parameters } = await backend.state();
      const before = watched.alive.size;
      const copy = vi.spyOn(GPUCommandEncoder.prototype, 'copyBufferToBuffer');
      const map = GPUBuffer.prototype.mapAsync;
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      // The readback of the parameters comes back late, however fast the device is.
      const mapped = vi
        .spyOn(GPUBuffer.prototype, 'mapAsync')
        .mockImplementationOnce(async function (this: GPUBuffer, ...range) {
          await released;
          return map.apply(this, range);
        });
      try {
        const asked = backend.parameters();
        await expect.poll(() => mapped.mock.calls.length).toBe(1);
        const copied = copy.mock.calls.map((call) => call[4]);
        expect(copied).toEqual([4 * parameters.length]);
        expect(await backend.train(1)).toHaveLength(1);
        release();
        expect(await asked).toEqual(parameters);
        expect(await backend.parameters()).not.toEqual(parameters);
        expect(watched.alive.size).toBe(before);
        const late = backend.parameters();
        backend.dispose();
        await late.catch(() => {});
        expect(watched.alive.size).toBe(0);
      } finally {
        copy.mockRestore();
        mapped.mockRestore();
      }
    },
  );
});

describe('checkpoints', () => {
  it.each(SCHEDULE_KINDS)('bring back everything, each slot its own, %s', async (schedule) => {
    await withWebGpu(
      device(),
      problem,
      async (backend) => {
        await backend.trainBatches(2);
        const early = await backend.state();
        await backend.checkpoint(0);
        const first = await backend.train(2);
        const later = await backend.state();
        await backend.checkpoint(2);
        await backend.rollback(0);
        expect(await backend.state()).toEqual(early);
        expect(await backend.train(2)).toEqual(first);
        await backend.train(1);
        await backend.rollback(2);
        expect(await backend.state()).toEqual(later);
      },
      schedule,
    );
  });

  it('that were never kept are refused', async () => {
    await withWebGpu(device(), problem, async (backend) => {
      await expect(backend.rollback(1)).rejects.toThrow('nothing was kept in slot 1');
    });
  });

  it('take effect in the order of the calls', async () => {
    await withWebGpu(device(), problem, async (backend) => {
      const calls = [
        backend.train(3),
        backend.checkpoint(1),
        backend.train(2),
        backend.rollback(1),
        backend.train(2),
      ] as const;
      const [, , first, , second] = await Promise.all(calls);
      expect(second).toEqual(first);
      expect((await backend.state()).epoch).toBe(5);
    });
  });
});

describe('what it owns', () => {
  it.each(SCHEDULE_KINDS)(
    'is made before it is needed again and destroyed afterwards, %s',
    async (schedule) => {
      const watched = watch(device());
      const backend = await createWebGpuBackend(problem, { device: watched, schedule });
      await backend.train(1);
      expect(watched.alive.size).toBeGreaterThan(10);
      const made = () =>
        [...watched.calls].filter(
          ([name]) => name.startsWith('create') && name !== 'createCommandEncoder',
        );
      const { count } = problem.test;
      const features = scaledFeatures(problem.test);
      const state = await backend.state();
      await backend.checkpoint(2);
      const before = made();
      for (let i = 0; i < 5; i++) {
        await Promise.all([backend.train(7), backend.checkpoint(2), backend.trainBatches(3)]);
        await backend.rollback(2);
        await backend.load(state);
        await backend.predict(features, count);
      }
      expect(made()).toEqual(before);
      expect(watched.calls.get('pushErrorScope')).toBe(watched.calls.get('popErrorScope'));
      backend.dispose();
      expect(watched.alive.size).toBe(0);
      expect(watched.calls.get('destroy')).toBeUndefined();
    },
  );

  it.each(SCHEDULE_KINDS)('compiles a kernel once a device, %s', async (schedule) => {
    const watched = watch(device());
    const pipelines = pipelinesOf(watched.device);
    const plan = planBy(schedule, shapeOf(problem));
    if ('declined' in plan) throw new Error(plan.declined);
    const { chunk, step, epoch, prediction } = plan;
    const texts = new Set(
      [...chunk, ...step, ...epoch, ...prediction].map(({ kernel }) => kernel.wgsl),
    );
    (await createWebGpuBackend(problem, { device: watched, schedule })).dispose();
    expect(pipelines.compilations).toBe(texts.size);
    // The same network with other parameters and other samples, and a look at every dispatch.
    const other = smallProblem(VALUES, {}, 7);
    await withWebGpu(watched, other, (backend) => backend.train(1), schedule);
    await stepThrough(watched.device, plan, problem, () => {});
    expect(pipelines.compilations).toBe(texts.size);
    expect(watched.calls.get('createComputePipelineAsync')).toBe(texts.size);
    expect(watched.calls.get('createShaderModule')).toBe(texts.size);
  });

  it.each(['parameters', 'state', 'checkpoint'] as const)(
    'submits nothing more where it is disposed of while room is found for %s',
    async (call) => {
      let atScope = () => {};
      const watched = watch(device(), {
        scopeError: () => {
          atScope();
          return undefined;
        },
      });
      const backend = await createWebGpuBackend(problem, { device: watched });
      await backend.train(1);
      atScope = () => backend.dispose();
      expect(
        await reasonOf(() => (call === 'checkpoint' ? backend[call](0) : backend[call]())),
      ).toBe('unsupported');
      expect(watched.alive.size).toBe(0);
      // An error of the device would arrive before the next backend has trained.
      await withWebGpu(device(), problem, (other) => other.train(1));
      expect(device().failure.aborted).toBe(false);
    },
  );

  it('takes one submit for many epochs', async () => {
    // By a clock that stands still a step costs nothing, once the first ones have been seen.
    const backend = await createWebGpuBackend(problem, { device: device(), now: () => 0 });
    await backend.train(2);
    const submit = vi.spyOn(device().device.queue, 'submit');
    try {
      expect((await backend.train(300)).length).toBe(300);
      expect(submit.mock.calls.length).toBeLessThan(6);
    } finally {
      submit.mockRestore();
      backend.dispose();
    }
  });
});

describe('dispose', () => {
  it('may be called twice, and everything rejects afterwards', async () => {
    const onLost = vi.fn();
    const backend = await createWebGpuBackend(problem, { device: device(), onLost });
    const state = await backend.state();
    await backend.checkpoint(0);
    backend.dispose();
    backend.dispose();
    for (const call of everyCall(backend, state)) {
      expect(await reasonOf(call), String(call)).toBe('unsupported');
    }
    expect(onLost).not.toHaveBeenCalled();
  });

  it('during training rejects what is under way, typed', async () => {
    const backend = await createWebGpuBackend(problem, { device: device() });
    // Calls take effect in their order, so that what waits behind the first cannot be done before it is.
    const first = backend.train(300);
    const under = [
      ...Array.from({ length: 20 }, () => backend.train(300)),
      backend.predict(scaledFeatures(problem.test), 6),
    ];
    const settled = Promise.allSettled(under);
    await first;
    backend.dispose();
    const rejected = (await settled).filter((result) => result.status === 'rejected');
    expect(rejected.length).toBeGreaterThan(0);
    for (const { reason } of rejected) expect(reason).toBeInstanceOf(BackendUnavailableError);
    expect(await reasonOf(() => backend.train(1))).toBe('unsupported');
  });

  it('destroys a device that it took itself', async () => {
    const requested = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    const onLost = vi.fn();
    const backend = await createWebGpuBackend(problem, { gpu: navigator.gpu, onLost });
    const own = await requested.mock.results[0].value;
    requested.mockRestore();
    await backend.train(2);
    backend.dispose();
    // Whoever waited for the loss before hears of it before.
    expect((await own.lost).reason).toBe('destroyed');
    expect(onLost).not.toHaveBeenCalled();
  });
});

describe('a device that never answers', () => {
  it('is given up, with the reason, and every wait on it ends', async () => {
    const own = await acquireDevice(navigator.gpu);
    const onLost = vi.fn<(error: Error) => void>();
    // So short that nothing real may be waited for: a slow machine would be taken for a silent one.
    const backend = await createWebGpuBackend(problem, { device: own, onLost, silenceMs: 300 });
    const map = vi
      .spyOn(GPUBuffer.prototype, 'mapAsync')
      .mockImplementation(() => new Promise(() => undefined));
    try {
      const waits = await Promise.allSettled([backend.train(3), backend.state()]);
      for (const wait of waits) {
        expect(wait.status).toBe('rejected');
        if (wait.status === 'rejected')
          expect(wait.reason).toMatchObject({ reason: 'device-lost' });
      }
      expect(onLost).toHaveBeenCalledOnce();
      expect(onLost.mock.calls[0][0].message).toContain('has not answered for 0.3 seconds');
      expect(own.failure.aborted || (await own.device.lost).reason === 'destroyed').toBe(true);
    } finally {
      map.mockRestore();
      backend.dispose();
    }
  });
});

describe('loss of the device', () => {
  it.each(SCHEDULE_KINDS)('in the middle of training, %s', async (schedule) => {
    const own = await acquireDevice(navigator.gpu);
    const onLost = vi.fn<(error: Error) => void>();
    const backend = await createWebGpuBackend(problem, { device: own, schedule, onLost });
    const state = await backend.state();
    await backend.checkpoint(0);
    const first = backend.train(400);
    const under = Array.from({ length: 20 }, () => backend.train(400));
    const settled = Promise.allSettled([...under, backend.state()]);
    await first;
    own.device.destroy();
    const results = await settled;
    // Calls take effect in their order: the last of them cannot be done right after the first.
    expect(results.at(-1)?.status).toBe('rejected');
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      expect(result.reason).toBeInstanceOf(BackendUnavailableError);
      expect(result.reason).toMatchObject({ reason: 'device-lost' });
      expect(String(result.reason)).toMatch(
        /^BackendUnavailableError: The graphics device was lost \(.+\)\.$/,
      );
    }
    for (const call of everyCall(backend, state)) {
      expect(await reasonOf(call), String(call)).toBe('device-lost');
    }
    expect(onLost).toHaveBeenCalledTimes(1);
    expect(onLost.mock.calls[0][0]).toMatchObject({ reason: 'device-lost' });
    backend.dispose();
    expect(await reasonOf(() => backend.train(1))).toBe('unsupported');
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  it('ends a run of the Trainer with the typed error', async () => {
    const own = await acquireDevice(navigator.gpu);
    const configuration = checkConfiguration({ ...VALUES, epochs: 1_000_000 });
    const backend = await createWebGpuBackend(smallProblem(configuration), { device: own });
    const trainer = new Trainer(backend, configuration, {
      onEpochs: (from) => {
        if (from > 20) own.device.destroy();
      },
    });
    await expect(trainer.run()).rejects.toMatchObject({ reason: 'device-lost' });
    expect(trainer.isRunning).toBe(false);
    expect(trainer.epoch).toBeGreaterThan(20);
    expect(trainer.history.slice(0).every(({ finite }) => finite)).toBe(true);
  });
});

describe('divergence on the device', () => {
  it.each(SCHEDULE_KINDS)(
    'is found by its bits and ends at the last finite parameters, %s',
    async (schedule) => {
      // Each update multiplies the weights by 1 - 100 · 10: beyond float32 after a dozen epochs.
      const configuration = checkConfiguration({
        ...VALUES,
        momentum: 0,
        learningRate: 100,
        weightDecay: 10,
      });
      const diverging = smallProblem(configuration, { activation: 'sigmoid' });
      const raw = await withWebGpu(
        device(),
        diverging,
        async (backend) => {
          const epochs = await backend.train(40);
          return epochs.findIndex(({ finite }) => !finite);
        },
        schedule,
      );
      // 4 updates an epoch: 999^(4·epochs) passes 3.4e38 in the fourth.
      expect(raw).toBeGreaterThanOrEqual(2);
      expect(raw).toBeLessThanOrEqual(4);
      await withWebGpu(
        device(),
        diverging,
        async (backend) => {
          const trainer = new Trainer(backend, configuration);
          const outcome = await trainer.run();
          expect(outcome.reason).toBe('diverged');
          expect(outcome.message).toContain(`diverged in epoch ${raw + 1}:`);
          expect(trainer.epoch).toBe(raw);
          const state = await backend.state();
          expect(state).toMatchObject({ epoch: raw, batch: 0 });
          expect(state.parameters.every(Number.isFinite)).toBe(true);
          await withWebGpu(
            device(),
            diverging,
            async (other) => {
              expect(await other.train(raw)).toEqual(trainer.history.slice(0));
              expect(bitsOf(await other.parameters())).toEqual(bitsOf(state.parameters));
            },
            schedule,
          );
        },
        schedule,
      );
    },
  );

  it.each(SCHEDULE_KINDS)('stays flagged in the epochs after it, %s', async (schedule) => {
    const values = { ...VALUES, learningRate: 100, weightDecay: 10, momentum: 0 };
    await withWebGpu(
      device(),
      smallProblem(values, { activation: 'relu' }),
      async (backend) => {
        const flags = (await backend.train(12)).map(({ finite }) => finite);
        const first = flags.indexOf(false);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(flags.slice(first)).toEqual(new Array(12 - first).fill(false));
      },
      schedule,
    );
  });
});

describe('norms', () => {
  it.each(['layered', 'sample-parallel'] as const)(
    'are those of the reference, %s',
    async (schedule) => {
      const values = { ...VALUES, norms: true, weightDecay: 0.01 };
      const measured = smallProblem(values);
      const reference = await createReferenceBackend(measured);
      await withWebGpu(
        device(),
        measured,
        async (backend) => {
          const [actual, expected] = [await backend.train(30), await reference.train(30)];
          for (const metric of ['gradientNorm', 'parameterNorm'] as const) {
            const [a, b] = [actual, expected].map((epochs) =>
              epochs.map((epoch) => epoch[metric] ?? Number.NaN),
            );
            expect(Math.min(...b)).toBeGreaterThan(0.01);
            expect(largestDifference(a, b)).toBeLessThan(1e-5);
          }
          const own = Math.hypot(...(await backend.parameters()));
          expect(Math.abs((actual[29].parameterNorm ?? Number.NaN) - own)).toBeLessThan(1e-5);
        },
        schedule,
      );
    },
  );

  it('are left out where nobody asks', async () => {
    await withWebGpu(device(), problem, async (backend) => {
      const [metrics] = await backend.train(1);
      expect(Object.keys(metrics)).not.toContain('gradientNorm');
      expect(Object.keys(metrics)).not.toContain('parameterNorm');
    });
  });
});
