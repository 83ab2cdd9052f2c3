/** The backend cpu on several threads: the bits of one, threads that are lent, and what becomes of one that dies. */
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { syntheticProblem } from '../../src/comparison/synthetic-problem';
import { createCpuBackend } from '../../src/cpu/backend';
import { compileKernels } from '../../src/cpu/kernels';
import { planMemory } from '../../src/cpu/memory-plan';
import { Cores, type Thread } from '../../src/cpu/threads/cores';
import { waitForAnother } from '../../src/cpu/threads/kernel-thread.mjs';
import { openTeam } from '../../src/cpu/threads/open-team';
import { KERNEL_NAMES } from '../../src/cpu/threads/shared-kernels';
import { Workspace } from '../../src/cpu/workspace';
import { scaledFeatures } from '../../src/data/samples';
import { nodeCores } from '../../src/session/node-cores';
import type { Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { BackendUnavailableError } from '../../src/training/errors';
import { smallProblem } from '../support/problems';

/** Large enough that every kernel which can be shared is; no size is a multiple of what it is cut into. */
function wideProblem(values: Partial<Configuration> = {}): Problem {
  const problem = syntheticProblem([601, 303, 13], 423);
  const [first, output] = problem.spec.layers;
  return {
    ...problem,
    spec: { ...problem.spec, layers: [{ ...first, dropout: values.dropout ?? 0 }, output] },
    hyperparameters: checkConfiguration({ epochs: 9, learningRate: 0.01, ...values }),
  };
}

const open = (problem: Problem, cores?: Cores) => createCpuBackend(problem, 'simd', cores);

describe('the bits of one thread', () => {
  test.each([
    [2, 'mini-batches with dropout', { batchSize: 407, dropout: 0.3, optimizer: 'adamw' }],
    [4, 'a full batch with Nesterov', { momentum: 0.9, nesterov: true, weightDecay: 0.01 }],
    [3, 'RMSprop and norms', { optimizer: 'rmsprop', norms: true }],
  ] as const)('on %i threads, %s', async (threads, _, values) => {
    const problem = wideProblem(values);
    const [alone, together] = [await open(problem), await open(problem, nodeCores(threads))];
    expect(together.info.adapter).toMatch(new RegExp(`, ${threads} (of|threads on) \\d+ cores?$`));
    expect(await together.train(1)).toEqual(await alone.train(1));
    expect(await together.state()).toEqual(await alone.state());
    const { count } = problem.train;
    const features = scaledFeatures(problem.train);
    expect(await together.predict(features, count)).toEqual(await alone.predict(features, count));
    together.dispose();
  });
});

test('a number that is not finite is seen on whichever thread it is', async () => {
  const problem = wideProblem({ learningRate: 1000, weightDecay: 10 });
  const backend = await open(problem, nodeCores(3));
  const [alone, together] = [await (await open(problem)).train(9), await backend.train(9)];
  expect(together).toEqual(alone);
  expect(together.at(-1)?.finite).toBe(false);
  backend.dispose();
});

describe('threads', () => {
  /** Cores that count the threads that they start. */
  function counted(most: number, start: () => Thread = () => nodeCores().borrow(1)[0]) {
    let started = 0;
    const cores = new Cores(8, most, () => {
      started++;
      return start();
    });
    return { cores, started: () => started };
  }

  test('are started once, lent to one backend at a time, and not for small products', async () => {
    const { cores, started } = counted(2);
    expect((await open(smallProblem(), cores)).info.adapter).toMatch(/, 1 of 8 cores$/);
    expect(started()).toBe(0);
    const first = await open(wideProblem(), cores);
    expect(first.info.adapter).toMatch(/, 2 of 8 cores$/);
    const beside = await open(wideProblem(), cores);
    expect(started()).toBe(2);
    first.dispose();
    first.dispose();
    const next = await open(wideProblem(), cores);
    expect(started()).toBe(2);
    expect(await next.train(2)).toEqual(await beside.train(2));
    next.dispose();
    beside.dispose();
  });

  test('that are more than there are cores are said to be', async () => {
    const backend = await open(wideProblem(), new Cores(1, 2, () => nodeCores().borrow(1)[0]));
    expect(backend.info.adapter).toMatch(/, 2 threads on 1 core$/);
    backend.dispose();
  });

  test('that can not be started are done without, and are said', async () => {
    const { cores } = counted(4, () => ({
      join: () => Promise.reject(new Error('blocked')),
      terminate: () => undefined,
    }));
    const backend = await open(wideProblem(), cores);
    expect(backend.info.adapter).toMatch(/, 1 of 8 cores$/);
    expect(await backend.train(1)).toEqual(await (await open(wideProblem())).train(1));
  });

  test('that are woken by one that was late sleep on', async () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    // Wakes the sleeper twice, for nothing, before there is something new.
    const late = `const { workerData: words } = require('node:worker_threads');
      for (let i = 0; i < 2; i++) while (Atomics.notify(words, 0) === 0);
      Atomics.store(words, 0, 1);
      Atomics.notify(words, 0);`;
    const worker = new Worker(late, { eval: true, workerData: words });
    try {
      expect(waitForAnother(words, 0, 0)).toBe(1);
    } finally {
      await worker.terminate();
    }
  });

  /** A memory for two threads, and who opens team after team on it. */
  async function teams() {
    const plan = planMemory(wideProblem(), 2);
    const memory = new WebAssembly.Memory({
      initial: plan.pages,
      maximum: plan.pages,
      shared: true,
    });
    const { module, kernels } = await compileKernels('simd', memory);
    const workspace = new Workspace(plan, kernels, memory);
    const cores = nodeCores(2);
    const openNext = () => openTeam(workspace, module, memory, 2, cores);
    return { plan, kernels, workspace, openNext };
  }

  test('serve team after team without a warning', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(`${warning}`);
    process.on('warning', onWarning);
    const { openNext } = await teams();
    for (let team = 0; team < 12; team++) (await openNext())?.dispose();
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('that die amid a kernel end the backend in words', async () => {
    const { plan, kernels, workspace, openNext } = await teams();
    const team = await openNext();
    const addScaled = KERNEL_NAMES.indexOf('addScaled');
    const inside = [workspace.address('gradients'), workspace.address('parameters'), 16, 1];
    const outside = [65_536 * plan.pages, workspace.address('parameters'), 16, 1];
    const call = kernels.addScaled as (...given: number[]) => unknown;
    expect(team?.run(addScaled, call, [inside, inside])).toBe(true);
    expect(() => team?.run(addScaled, call, [inside, outside])).toThrow(BackendUnavailableError);
  });
});
