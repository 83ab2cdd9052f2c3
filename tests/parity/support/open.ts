/** Backends over one shared device, which is lost or in error only where a test says so. */
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createWebGpuBackend, WebGpuBackend } from '../../../src/gpu/backend';
import { SCHEDULE_KINDS, type ScheduleKind } from '../../../src/gpu/plan/choices';
import { type Plan, shapeOf } from '../../../src/gpu/plan/plan';
import { type AcquiredDevice, acquireDevice } from '../../../src/gpu/runtime/device';
import { Program } from '../../../src/gpu/runtime/program';
import { candidatesFor } from '../../../src/gpu/tuning/candidates';
import { planBy } from '../../../src/gpu/tuning/fixed-choice';
import type { Backend, Problem } from '../../../src/training/backend';

/**
 * Takes a device for all tests of a file, and makes each of them fail where the device reports an
 * error that nobody caught.
 */
export function sharedDevice(): () => AcquiredDevice {
  let acquired: AcquiredDevice | null = null;
  const errors: string[] = [];
  const get = () => {
    if (acquired === null) throw new Error('the device is not there yet');
    return acquired;
  };
  beforeAll(async () => {
    acquired = await acquireDevice(navigator.gpu);
    acquired.device.addEventListener('uncapturederror', ({ error }) => {
      errors.push(error.message);
    });
  });
  afterEach(() => {
    expect(errors.splice(0)).toEqual([]);
  });
  afterAll(() => {
    get().device.destroy();
  });
  return get;
}

/** Runs `use` with a WebGPU backend that is disposed of afterwards. */
export async function withWebGpu<T>(
  device: AcquiredDevice,
  problem: Problem,
  use: (backend: Backend) => Promise<T>,
  schedule: ScheduleKind | 'auto' = 'auto',
): Promise<T> {
  const backend = await createWebGpuBackend(problem, { device, schedule });
  try {
    return await use(backend);
  } finally {
    backend.dispose();
  }
}

/** Runs `use` with a backend that runs a plan, and disposes of it afterwards. */
export async function withPlan(
  acquired: AcquiredDevice,
  problem: Problem,
  plan: Plan,
  use: (backend: Backend) => Promise<void>,
): Promise<void> {
  const program = await Program.compile(acquired.device, plan);
  const backend = new WebGpuBackend(problem, plan, program, acquired, { device: acquired });
  try {
    await use(backend);
  } finally {
    backend.dispose();
  }
}

/** Runs `use` with a backend for every plan that the tuner may choose for a problem, layered first. */
export async function withEachCandidate(
  acquired: AcquiredDevice,
  problem: Problem,
  use: (backend: Backend, name: string) => Promise<void>,
): Promise<void> {
  for (const candidate of candidatesFor(
    shapeOf(problem, acquired.info.deviceClass),
    acquired.device.features,
  )) {
    const plan = candidate.plan();
    if ('declined' in plan) continue;
    await withPlan(acquired, problem, plan, (backend) => use(backend, candidate.name));
  }
}

/** The schedules that take a problem; layered takes every one. */
export function schedulesOf(problem: Problem): readonly ScheduleKind[] {
  return SCHEDULE_KINDS.filter((kind) => !('declined' in planBy(kind, shapeOf(problem))));
}

/** The bits of float32 numbers, for comparisons in which 0 and -0 differ. */
export function bitsOf(values: ArrayLike<number>): Uint32Array {
  return new Uint32Array(Float32Array.from(values).buffer);
}
