/** Times whole plans of a workload, and each of their kernels, in rounds that take turns; plans.mjs runs it. */
import { namedWorkload, type SingleName } from '../../src/bench/workloads';
import { loadRows } from '../../src/data/registry';
import { WebGpuBackend } from '../../src/gpu/backend';
import { loadSteps } from '../../src/gpu/plan/late-steps';
import { shapeOf } from '../../src/gpu/plan/plan';
import { acquireDevice } from '../../src/gpu/runtime/device';
import type { KernelTiming } from '../../src/gpu/runtime/kernel-timer';
import { Program } from '../../src/gpu/runtime/program';
import { candidatesFor } from '../../src/gpu/tuning/candidates';
import { candidateNamed } from '../../src/gpu/tuning/tuned-layered';
import { DEFAULTS } from '../../src/training/configuration/fields';

export interface Request {
  readonly workload: SingleName;
  /** Names of the plans to time; all candidates where it is empty. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly milliseconds: number;
  readonly kernels: boolean;
}

export interface Row {
  readonly plan: string;
  readonly compileMs: number;
  /** Milliseconds of one step in each round; `cpu` is the GPU process's time, where it is known. */
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
  readonly kernels: readonly KernelTiming[];
}

declare const gpuCpuMs: (() => Promise<number>) | undefined;

export async function measure(request: Request): Promise<readonly Row[]> {
  const problem = namedWorkload(request.workload, await loadRows(DEFAULTS)).problem();
  const shape = shapeOf(problem);
  await loadSteps(shape);
  const device = await acquireDevice(navigator.gpu);
  const all = candidatesFor(shape, device.device.features);
  const named = request.only.map((name) => {
    const candidate = candidateNamed(name, all, shape);
    if (candidate === undefined) throw new RangeError(`no plan of the name ${name}`);
    return candidate;
  });
  const contenders: {
    row: Row & { wall: number[]; cpu: number[] };
    backend: WebGpuBackend;
    steps: number;
  }[] = [];
  for (const { name, plan: make } of request.only.length > 0 ? named : all) {
    const plan = make();
    if ('declined' in plan) continue;
    const begin = performance.now();
    const program = await Program.compile(device.device, plan);
    const backend = new WebGpuBackend(problem, plan, program, device, { device });
    await backend.trainBatches(1);
    const compileMs = performance.now() - begin;
    contenders.push({
      row: { plan: name, compileMs, wall: [], cpu: [], kernels: [] },
      backend,
      steps: 1,
    });
  }
  const time = async (backend: WebGpuBackend, steps: number) => {
    const begin = performance.now();
    await backend.trainBatches(steps);
    return performance.now() - begin;
  };
  for (const contender of contenders) {
    const guess = (await time(contender.backend, 8)) / 8;
    contender.steps = Math.max(1, Math.round(request.milliseconds / guess));
  }
  for (let round = 0; round < request.rounds; round++) {
    for (const { row, backend, steps } of contenders) {
      const before = typeof gpuCpuMs === 'undefined' ? 0 : await gpuCpuMs();
      row.wall.push((await time(backend, steps)) / steps);
      const after = typeof gpuCpuMs === 'undefined' ? 0 : await gpuCpuMs();
      row.cpu.push((after - before) / steps);
    }
  }
  const rows: Row[] = [];
  for (const { row, backend } of contenders) {
    rows.push({ ...row, kernels: request.kernels ? await backend.timeKernels() : [] });
    backend.dispose();
  }
  device.device.destroy();
  return rows;
}
