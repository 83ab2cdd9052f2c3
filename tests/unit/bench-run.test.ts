/** A whole run with contenders that only pretend: which workloads, who takes part, which sizes are left out. */
import { expect, test } from 'vitest';
import { CONTENDER_NAMES, type ContenderName } from '../../src/bench/contenders';
import { type BenchHooks, runWorkloads } from '../../src/bench/run';
import type { Contender } from '../../src/comparison/contender';
import type { WorkloadResult } from '../../src/comparison/contender-result';
import { sweepWorkload } from '../../src/comparison/sweep-workloads';
import { inputsOf } from '../../src/model/network-spec';
import { loadDigits } from '../fixtures';

const DIGITS = loadDigits();

/** Contenders that take `msPerOperation`, on a clock of their own. */
function pretend(msPerOperation: number, failing?: ContenderName) {
  let time = 0;
  const asked = new Map<ContenderName, Contender>();
  const contender = (name: ContenderName): Contender => {
    const known = asked.get(name);
    if (known !== undefined) return known;
    const created: Contender = {
      name,
      prepare: async ({ spec, train }) => {
        if (name === failing) throw new Error('no memory');
        const { operations } = sweepWorkload(inputsOf(spec), train.count);
        return {
          train: async (epochs) => {
            time += epochs * operations * msPerOperation;
          },
          losses: async (epochs) => Array.from({ length: epochs }, () => 1),
          dispose: () => {},
        };
      },
    };
    asked.set(name, created);
    return created;
  };
  const results: WorkloadResult[] = [];
  const hooks: BenchHooks = {
    digits: DIGITS,
    contender,
    now: () => time,
    onResult: (result) => results.push(result),
  };
  return { hooks, results };
}

test('a workload has all contenders, in their order', async () => {
  const { hooks, results } = pretend(1e-6);
  const { workloads, skipped } = await runWorkloads(
    { workloads: ['notebook'], quick: true },
    hooks,
  );
  expect(workloads.map(({ name }) => name)).toEqual(['notebook']);
  expect(workloads[0].contenders.map(({ name }) => name)).toEqual([...CONTENDER_NAMES]);
  expect(workloads[0].contenders.every(({ check }) => check.startsWith('ok'))).toBe(true);
  expect(results).toEqual(workloads);
  expect(skipped).toEqual([]);
});

test('the sweep measures webgpu and cpu, and leaves out what would take too long', async () => {
  const { hooks } = pretend(1e-5);
  const { workloads, skipped } = await runWorkloads({ workloads: ['sweep'], quick: true }, hooks);
  expect(workloads.map(({ name }) => name)).toEqual([
    ...['sweep-16x32', 'sweep-64x32', 'sweep-256x32', 'sweep-16x512', 'sweep-64x512'],
  ]);
  for (const { width, batch, name, contenders } of workloads) {
    expect(name).toBe(`sweep-${width}x${batch}`);
    expect(contenders.map((contender) => contender.name)).toEqual(['webgpu', 'cpu']);
  }
  const secondsOf = (width: number, batch: number) =>
    ((sweepWorkload(width, batch).operations * 1e-5) / 1000).toPrecision(2);
  expect(skipped).toEqual([
    `sweep-1024x32: about ${secondsOf(1024, 32)} s a step`,
    `sweep-256x512: about ${secondsOf(256, 512)} s a step`,
    `sweep-1024x512: about ${secondsOf(1024, 512)} s a step`,
  ]);
});

test('a size that its judge fails at does not end the sweep, whose largest has another judge', async () => {
  const { hooks } = pretend(1e-9, 'reference');
  const { workloads, skipped } = await runWorkloads({ workloads: ['sweep'], quick: true }, hooks);
  expect(workloads.map(({ name }) => name)).toEqual(['sweep-1024x512']);
  expect(skipped).toHaveLength(7);
  for (const line of skipped) expect(line).toMatch(/^sweep-\d+x\d+: failed: no memory$/);
});

test('an aborted run ends with the reason', async () => {
  const { hooks } = pretend(1e-6);
  const signal = AbortSignal.abort(new Error('cancelled'));
  const run = runWorkloads({ workloads: ['sweep'], quick: true }, { ...hooks, signal });
  await expect(run).rejects.toThrow('cancelled');
});
