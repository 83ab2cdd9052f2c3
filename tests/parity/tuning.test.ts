/** Tuning on a device: what is tried, compiled, chosen, kept and forgotten; and the clock of kernels. */
import { describe, expect, it, test } from 'vitest';
import { createWebGpuBackend, type WebGpuOptions } from '../../src/gpu/backend';
import { planLayered } from '../../src/gpu/plan/layered';
import { shapeOf } from '../../src/gpu/plan/plan';
import type { PlanChoice, Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { prepare } from '../../src/training/prepare';
import { historyDifference } from '../support/histories';
import { MemoryTuningStore } from '../support/memory-tuning-store';
import { sharedDevice, withWebGpu } from './support/open';
import { fewDigits } from './support/problems';
import { watch } from './support/watched-device';

const device = sharedDevice();

const problemOf = (hidden: readonly number[]): Problem =>
  prepare(checkConfiguration({ hidden, activation: 'relu' }), fewDigits(40)).problem;

/** Opens a backend, and says what it chose and which kernels were compiled for that. */
async function open(problem: Problem, options: WebGpuOptions) {
  const compiled: string[] = [];
  const code = (text: string) => {
    compiled.push(text);
    return text;
  };
  const watched = watch(device(), { code });
  const backend = await createWebGpuBackend(problem, { ...options, device: watched });
  const epochs = await backend.train(5);
  backend.dispose();
  expect(watched.alive.size).toBe(0);
  return { compiled, epochs, plan: backend.info.plan as PlanChoice };
}

describe('tuning', () => {
  test('measures a small network’s plans, keeps the winner, and forgets it when told to', async () => {
    const problem = problemOf([3]);
    const tuningStore = new MemoryTuningStore();
    const measured = await open(problem, { tuning: 'force', tuningStore });
    const { plan, compiled } = measured;
    expect(plan).toMatchObject({ chosenBy: 'measurement', tuningMs: expect.any(Number) });
    const tried = plan.timings.filter(({ msPerStep }) => msPerStep !== null);
    expect(tried[0].candidate).toBe('layered');
    expect(tried.length).toBeGreaterThan(1);
    // Those that came close have met again, where there was time.
    const again = tried.filter(({ candidate }) => candidate.endsWith(' again'));
    const least = (again.length > 0 ? again : tried).reduce((a, b) =>
      (a.msPerStep ?? 0) <= (b.msPerStep ?? 0) ? a : b,
    );
    expect(least.candidate.replace(' again', '')).toBe(plan.candidate);
    // Kernels that several plans have in common are compiled once.
    expect(new Set(compiled).size).toBe(compiled.length);

    const stored = await open(problem, { tuning: 'on', tuningStore });
    expect(stored.plan).toEqual({ ...plan, chosenBy: 'stored measurement' });
    expect(stored.compiled.length).toBeLessThan(compiled.length);
    await tuningStore.clear();
    expect((await open(problem, { tuning: 'on', tuningStore })).plan.chosenBy).toBe('measurement');
  }, 60_000);

  test('cuts the products of a larger network, and trains it as the layered schedule does', async () => {
    const problem = problemOf([128, 64]);
    const { plan, epochs } = await open(problem, { tuning: 'force' });
    expect(plan.schedule).toBe('layered');
    const rounds = plan.timings.filter(({ candidate }) => candidate.startsWith('products as'));
    expect(rounds[0].candidate).toBe('products as in the fixed table');
    expect(rounds[0].note).toMatch(/^[\d.]+ ms for 8 of 8 products$/);
    expect(rounds[1].note).toMatch(/^[\d.]+ ms for \d of 8 products$/);
    const oracle = await withWebGpu(device(), problem, (backend) => backend.train(5), 'layered');
    const { loss, valLoss } = historyDifference(epochs, oracle);
    expect(Math.max(loss, valLoss)).toBeLessThan(1e-4);
  }, 60_000);
});

describe('timing the kernels of a backend', () => {
  it('leaves the state as it was, and what is trained meanwhile', async () => {
    const problem = problemOf([3]);
    const [plain, timed] = [
      await createWebGpuBackend(problem, { device: device(), schedule: 'layered' }),
      await createWebGpuBackend(problem, { device: device(), schedule: 'layered' }),
    ];
    const before = await timed.train(2);
    const [timings, after] = await Promise.all([timed.timeKernels(), timed.train(1)]);
    const { chunk, step, epoch } = planLayered(shapeOf(problem));
    const names = [...chunk, ...step, ...epoch].map(({ kernel }) => kernel.name);
    expect(timings.map(({ kernel }) => kernel)).toEqual(names);
    expect(timings.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
    expect([...before, ...after]).toEqual(await plain.train(3));
    expect(await timed.state()).toEqual(await plain.state());
    plain.dispose();
    timed.dispose();
  });

  it('leaves the state as it was when it fails', async () => {
    const acquired = device();
    let reads = 0;
    // The clock's staging buffer, of two timestamps, cannot be read after the kernels have run twice.
    const failing = new Proxy(acquired.device, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (name !== 'createBuffer') return value.bind(target);
        return (descriptor: GPUBufferDescriptor) => {
          const buffer = target.createBuffer(descriptor);
          if (descriptor.size !== 16 || !(descriptor.usage & GPUBufferUsage.MAP_READ)) {
            return buffer;
          }
          const map = buffer.mapAsync.bind(buffer);
          buffer.mapAsync = async (mode) => {
            reads += 1;
            if (reads === 6) throw new Error('the clock stands still');
            return map(mode);
          };
          return buffer;
        };
      },
    });
    const backend = await createWebGpuBackend(problemOf([3]), {
      device: { ...acquired, device: failing },
    });
    await backend.train(2);
    const state = await backend.state();
    await expect(backend.timeKernels()).rejects.toThrow('the clock stands still');
    expect(await backend.state()).toEqual(state);
    backend.dispose();
  });
});
