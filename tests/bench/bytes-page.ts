/** Times an epoch of `mnist` with its images as bytes and as float32 on the device; bytes.mjs runs it. */
import { namedWorkload } from '../../src/bench/workloads';
import { loadRows } from '../../src/data/registry';
import { byteTables } from '../../src/data/samples';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { planBytes, shapeOf } from '../../src/gpu/plan/plan';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { planBy } from '../../src/gpu/tuning/fixed-choice';
import type { Problem, Samples } from '../../src/training/backend';
import { DEFAULTS } from '../../src/training/configuration/fields';

export interface Row {
  readonly kept: 'bytes' | 'float32';
  /** What the plan allocates on the device. */
  readonly megabytes: number;
  /** Of an epoch, in each round. */
  readonly milliseconds: readonly number[];
  readonly loss: number;
}

export async function measure({ rounds }: { readonly rounds: number }): Promise<readonly Row[]> {
  const bytes = namedWorkload('mnist', await loadRows(DEFAULTS)).problem();
  const problems = { bytes, float32: { ...bytes, train: asFloats(bytes.train) } };
  const device = await acquireDevice(navigator.gpu);
  const contenders = [];
  for (const kept of ['bytes', 'float32'] as const) {
    const problem: Problem = problems[kept];
    if (byteTables(problem) > 0 !== (kept === 'bytes')) throw new Error(`not kept as ${kept}`);
    const plan = planBy('layered', shapeOf(problem, device.info.deviceClass));
    if ('declined' in plan) throw new Error(plan.declined);
    const backend = await createWebGpuBackend(problem, { device, schedule: 'layered' });
    const [{ loss }] = await backend.train(1);
    const row = { kept, megabytes: planBytes(plan) / 1e6, milliseconds: [] as number[], loss };
    contenders.push({ backend, row });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { backend, row } of contenders) {
      const begin = performance.now();
      await backend.train(1);
      row.milliseconds.push(performance.now() - begin);
    }
  }
  for (const { backend } of contenders) backend.dispose();
  device.device.destroy();
  return contenders.map(({ row }) => row);
}

/** The same samples, as numbers that are no bytes. */
function asFloats(samples: Samples): Samples {
  return { ...samples, values: Float64Array.from(samples.values) };
}
