/** Tuning with backends that are scripted: who wins, who may not, and what is kept. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/gpu/plan/plan';
import { tune } from '../../src/gpu/tuning/autotune';
import type { Candidate } from '../../src/gpu/tuning/candidates';
import { candidatesFor, kernelsKey, problemKey } from '../../src/gpu/tuning/candidates';
import { choosePlan } from '../../src/gpu/tuning/choose-plan';
import { fixedCandidate } from '../../src/gpu/tuning/fixed-choice';
import type { TimedBackend } from '../../src/gpu/tuning/trials';
import { networkFor } from '../../src/model/network-spec';
import type { EpochMetrics, Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { nextTask } from '../../src/training/next-task';
import { MemoryTuningStore } from '../support/memory-tuning-store';

const LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
};

const DEVICE = { limits: LIMITS, features: new Set<string>() };

function problemOf(hidden: readonly number[]): Problem {
  const hyperparameters = checkConfiguration({ hidden });
  const spec = networkFor(64, hidden, 2, 'sigmoid');
  const samples = (count: number) => ({
    values: new Float64Array(count * 64),
    scaler: null,
    labels: new Uint8Array(count),
    count,
  });
  return {
    spec,
    hyperparameters,
    parameters: new Float64Array(),
    train: samples(8),
    test: samples(4),
  };
}

const SHAPE = {
  spec: networkFor(64, [4], 2, 'sigmoid'),
  hyperparameters: checkConfiguration({ hidden: [4] }),
  trainSamples: 8,
  testSamples: 4,
};

interface Scripted {
  /** Of a step, where it is opened for the first time. */
  readonly ms: number;
  /** And where it is opened again, time after time, the last for all others; or why it cannot be. */
  readonly again?: readonly number[] | string;
  readonly loss?: number;
  readonly pace?: number;
  readonly moment?: number;
  readonly fails?: string;
}

/** A bench of candidates with given times and losses, on a clock that only they move. */
function bench(script: Readonly<Record<string, Scripted>>) {
  let clock = 0;
  const opened: string[] = [];
  let live = 0;
  const names = new Map<Plan, string>();
  const candidates: readonly Candidate[] = Object.keys(script).map((name) => ({
    name,
    schedule: 'layered',
    plan: () => {
      const made = candidatesFor(SHAPE)[0].plan();
      if ('declined' in made) throw new Error('layered never declines');
      const plan = { ...made };
      names.set(plan, name);
      return plan;
    },
  }));
  const open = async (plan: Plan): Promise<TimedBackend> => {
    const name = names.get(plan) ?? '';
    const before = opened.filter((other) => other === name).length;
    opened.push(name);
    const { again = [], loss = 0.5, pace = 1, moment = 1, fails } = script[name];
    if (fails !== undefined) throw new Error(fails);
    if (before > 0 && typeof again === 'string') throw new Error(again);
    const ms = [script[name].ms, ...again].slice(0, before + 1).at(-1) as number;
    live++;
    const parameters = Float64Array.of(3, -4);
    const train = async (count: number): Promise<readonly EpochMetrics[]> => {
      clock += count * ms;
      parameters[0] += count * pace * 1e-3;
      const metrics = { loss, accuracy: 0, valLoss: loss, valAccuracy: 0, learningRate: 0.5 };
      return Array.from({ length: count }, () => ({ ...metrics, finite: true }));
    };
    const dispose = () => {
      live--;
    };
    const state = async () => ({
      parameters: parameters.slice(),
      optimizer: [Float64Array.of(0.2 * moment, 0.1 * moment)],
      running: { loss, correct: 0 },
    });
    return { train, trainBatches: train, state, dispose } as unknown as TimedBackend;
  };
  return { candidates, open, opened, now: () => clock, live: () => live };
}

describe('tune', () => {
  test('the fastest candidate wins, and all are disposed of', async () => {
    const b = bench({ oracle: { ms: 3 }, quick: { ms: 1 }, slow: { ms: 9 } });
    const record = await tune(b.candidates, 1, b);
    expect(record.winner).toBe('quick');
    expect(record.timings.map(({ msPerStep }) => msPerStep)).toEqual([3, 1, 9]);
    expect(b.live()).toBe(0);
  });

  test('more time tries more candidates, less time fewer', async () => {
    const script = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`candidate ${i}`, { ms: 20 }]),
    );
    const tried = async (options: { readonly totalMs?: number }) => {
      const b = bench(script);
      await tune(b.candidates, 1, { ...b, ...options });
      return new Set(b.opened).size;
    };
    const usual = await tried({});
    expect(await tried({ totalMs: 100 })).toBeLessThan(usual);
    expect(usual).toBeLessThan(12);
    expect(await tried({ totalMs: 60_000 })).toBe(12);
  });

  test('a candidate with other losses may not win, however fast', async () => {
    const b = bench({ oracle: { ms: 3 }, wrong: { ms: 0.1, loss: 0.5003 } });
    const record = await tune(b.candidates, 1, b);
    expect(record.winner).toBe('oracle');
    expect(record.timings[1]).toMatchObject({ msPerStep: null });
    expect(record.timings[1].note).toMatch(/losses are 3\.0e-4/);
  });

  test('a candidate that does not learn may not win, though no loss tells', async () => {
    const b = bench({
      oracle: { ms: 3 },
      frozen: { ms: 0.1, pace: 0 },
      long: { ms: 1, pace: 1.02 },
    });
    const record = await tune(b.candidates, 1, b);
    expect(record.winner).toBe('oracle');
    expect(record.timings[1].note).toMatch(/parameters end 2\.0e-3 from .*, whose way is 2\.0e-3/);
    expect(record.timings[2].note).toMatch(/parameters end 4\.0e-5 from/);
  });

  test('a candidate with other moments may not win, though its parameters are right', async () => {
    const b = bench({ oracle: { ms: 3 }, wrong: { ms: 0.1, moment: 1.1 } });
    const record = await tune(b.candidates, 1, b);
    expect(record.winner).toBe('oracle');
    expect(record.timings[1].note).toMatch(/moments/);
  });

  test('losses that are no numbers may not win', async () => {
    const b = bench({ oracle: { ms: 3 }, broken: { ms: 0.1, loss: Number.NaN } });
    const record = await tune(b.candidates, 1, b);
    expect(record.winner).toBe('oracle');
  });

  test('a candidate that does not compile is passed over, with its reason', async () => {
    const b = bench({ oracle: { ms: 3 }, bad: { ms: 1, fails: 'no such kernel' } });
    const record = await tune(b.candidates, 1, b);
    expect(record.timings[1]).toEqual({
      candidate: 'bad',
      msPerStep: null,
      note: 'no such kernel',
    });
  });

  test('each candidate says what it took', async () => {
    const b = bench({ oracle: { ms: 180 }, quick: { ms: 90 }, slow: { ms: 140 } });
    const record = await tune(b.candidates, 1, b);
    // Two steps are checked, and the second of them is a timing.
    expect(record.timings.map(({ tookMs }) => tookMs)).toEqual([2 * 180, 2 * 90, 2 * 140]);
  });

  test('those that come close meet again in turns, and neither the first sight nor an odd run decides', async () => {
    const b = bench({
      oracle: { ms: 3 },
      // The host was not warm yet.
      early: { ms: 1.2, again: [0.8, 2, 0.8] },
      late: { ms: 1, again: [1, 0.1, 1] },
      distant: { ms: 1.6, again: [0.1] },
    });
    const record = await tune(b.candidates, 1, { ...b, totalMs: 1000 });
    expect(record.winner).toBe('early');
    const again = b.opened.slice(4);
    expect(again.length).toBeGreaterThanOrEqual(6);
    expect(again).toEqual(again.map((_, i) => ['late', 'early'][i % 2]));
    const turns = again.length / 2 + 1;
    const note = `median of ${turns} runs, in turns with the others that came close`;
    expect(record.timings.slice(4)).toMatchObject([
      { candidate: 'late again', msPerStep: 1, note },
      { candidate: 'early again', msPerStep: expect.closeTo(0.8), note },
    ]);
    expect(b.live()).toBe(0);
  });

  test.each([
    [0.02, undefined],
    [0.9, undefined],
    [20, undefined],
    [90, undefined],
    [1, 200],
    [1, 5000],
  ])('steps of %f ms that are all alike are compared within the limit', async (ms, totalMs) => {
    const b = bench({ oracle: { ms }, a: { ms }, b: { ms }, c: { ms } });
    let end = Number.POSITIVE_INFINITY;
    const open = async (plan: Plan) => {
      const backend = await b.open(plan);
      if (b.opened.length === 2) end = b.now() + (totalMs ?? (ms < 25 ? 600 : 3000));
      return backend;
    };
    const record = await tune(b.candidates, 1, { ...b, open, ...(totalMs && { totalMs }) });
    expect(record.timings.filter(({ candidate }) => / again$/.test(candidate))).toHaveLength(3);
    expect(b.now()).toBeLessThanOrEqual(end);
  });

  test('where no time is left the first sight decides', async () => {
    const b = bench({ oracle: { ms: 30 }, early: { ms: 12, again: [8] }, late: { ms: 10 } });
    const record = await tune(b.candidates, 1, { ...b, totalMs: 150 });
    expect(record.winner).toBe('late');
    expect(b.opened).toEqual(['oracle', 'early', 'late']);
  });

  test('one that fails when it meets the others again does not win, and says why', async () => {
    const b = bench({
      oracle: { ms: 3 },
      sound: { ms: 1.2 },
      fickle: { ms: 1, again: 'no memory' },
    });
    const record = await tune(b.candidates, 1, b);
    expect(record.winner).toBe('sound');
    expect(record.timings.at(-2)).toMatchObject({ msPerStep: null, note: 'no memory' });
  });

  test('a candidate that is expected to pass the limit is not begun', async () => {
    // Each takes 400 ms, all of the same text: the third would end after 800 of 600 ms.
    const b = bench({ oracle: { ms: 20 }, a: { ms: 400 }, b: { ms: 1 }, c: { ms: 1 } });
    const record = await tune(b.candidates, 1, b);
    expect(b.opened).toEqual(['oracle', 'a']);
    expect(record.timings.slice(2).map(({ note }) => note)).toEqual([
      'not tried: time was up',
      'not tried: time was up',
    ]);
  });

  test('no candidate is begun when time is up', async () => {
    const quick = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`candidate-${i}`, { ms: 20 }]),
    );
    const b = bench({ oracle: { ms: 20 }, ...quick });
    const record = await tune(b.candidates, 1, b);
    expect(b.now()).toBeLessThan(1500);
    expect(record.timings[40].note).toMatch(/time was up/);
  });
});

describe('choosePlan', () => {
  const never = () => Promise.reject(new Error('nothing may be measured'));

  test('without tuning the fixed table decides', async () => {
    const small = await choosePlan(problemOf([16, 8]), 'a', DEVICE, {}, never);
    expect(small.choice).toMatchObject({ schedule: 'sample-parallel', chosenBy: 'fixed table' });
    const wide = await choosePlan(problemOf([300]), 'a', DEVICE, {}, never);
    expect(wide.choice).toMatchObject({ schedule: 'layered', chosenBy: 'fixed table' });
  });

  test('a schedule that declines says why', async () => {
    const asked = choosePlan(problemOf([300]), 'a', DEVICE, { schedule: 'persistent' }, never);
    await expect(asked).rejects.toThrow(/persistent does not take this network: 301 units/);
  });

  test('a stored measurement is used, another adapter’s or of other kernels is not', async () => {
    const problem = problemOf([16, 8]);
    const store = new MemoryTuningStore();
    const shape = { ...SHAPE, spec: problem.spec, hyperparameters: problem.hyperparameters };
    const record = { winner: 'layered', timings: [] };
    const key = (kernels: string) => `a | auto | ${problemKey(shape)} | kernels ${kernels}`;
    await store.set(key('0'), record);
    const options = { tuning: 'on', tuningStore: store } as const;
    await expect(choosePlan(problem, 'a', DEVICE, options, never)).rejects.toThrow(/measured/);
    await store.set(key(kernelsKey(candidatesFor(shape).map((one) => one.plan()))), record);
    const kept = await choosePlan(problem, 'a', DEVICE, options, never);
    expect(kept.choice).toMatchObject({ candidate: 'layered', chosenBy: 'stored measurement' });
    await expect(choosePlan(problem, 'b', DEVICE, options, never)).rejects.toThrow(/measured/);
  });

  test('a measurement that an earlier version stored is read, with what each candidate took', async () => {
    const problem = problemOf([16, 8]);
    const timing = { msPerStep: 0.25, note: '', tookMs: 80 };
    const record = { winner: 'persistent-64', timings: [{ variant: 'persistent-64', ...timing }] };
    const store = { get: async () => record, set: never, clear: async () => {} };
    const { choice } = await choosePlan(
      problem,
      'a',
      DEVICE,
      { tuning: 'on', tuningStore: store },
      never,
    );
    expect(choice).toMatchObject({ candidate: 'persistent-64', chosenBy: 'stored measurement' });
    expect(choice.timings).toEqual([{ candidate: 'persistent-64', ...timing }]);
  });

  test.each([
    { winner: 3, timings: [] },
    { winner: 'layered', timings: [{ candidate: 'layered', msPerStep: 'fast', note: '' }] },
    { winner: 'layered', timings: [{ msPerStep: 1, note: '' }] },
    { winner: 'layered', timings: [], tookMs: null },
    'layered',
    null,
  ])('what is no record is ignored: %j', async (stored) => {
    const problem = problemOf([16, 8]);
    const store = { get: async () => stored, set: never, clear: async () => {} };
    const chosen = choosePlan(problem, 'a', DEVICE, { tuning: 'on', tuningStore: store }, never);
    await expect(chosen).rejects.toThrow(/measured/);
  });

  test('a device that fails while plans are measured ends that with its own words, and nothing is stored', async () => {
    const failure = new AbortController();
    const whole = bench({ '': { ms: 1 } });
    const open = async (plan: Plan) => {
      if (whole.opened.length === 2) failure.abort(new Error('The device was lost.'));
      failure.signal.throwIfAborted();
      return whole.open(plan);
    };
    const stored: string[] = [];
    const store = new MemoryTuningStore();
    store.set = async (key) => {
      stored.push(key);
    };
    const device = { ...DEVICE, failure: failure.signal };
    // However slow the machine is, the third is begun.
    const options = { tuning: 'on', tuningStore: store, tuningSeconds: 600 } as const;
    const chosen = choosePlan(problemOf([16, 8]), 'a', device, options, open);
    await expect(chosen).rejects.toThrow('The device was lost.');
    expect(whole.opened).toHaveLength(2);
    expect(stored).toEqual([]);
  });

  test('cancelling ends measuring at once, with the plan of the fixed table and nothing stored', async () => {
    const disposed: string[] = [];
    const silent = new Promise<never>(() => undefined);
    const backend = (name: string) => {
      const dispose = () => disposed.push(name);
      return { state: () => silent, dispose } as unknown as TimedBackend;
    };
    const set = () => Promise.reject(new Error('stored'));
    const tuningStore = { get: async () => undefined, set, clear: async () => {} };
    const problem = problemOf([16, 8]);
    const cancelled = async (open: () => Promise<TimedBackend>) => {
      const cancel = new AbortController();
      const options = { tuning: 'on', tuningStore, cancelTuning: cancel.signal } as const;
      return choosePlan(problem, 'a', DEVICE, options, () => {
        setTimeout(() => cancel.abort());
        return open();
      });
    };
    const fixed = await choosePlan(problem, 'a', DEVICE, {}, never);
    // Amid a step that takes longer than anybody waits.
    expect((await cancelled(async () => backend('slow'))).choice).toEqual(fixed.choice);
    expect(disposed).toEqual(['slow']);
    // Amid opening: what is opened too late is of no use any more.
    let openLate: () => void = () => undefined;
    const late = new Promise<TimedBackend>((resolve) => {
      openLate = () => resolve(backend('late'));
    });
    expect((await cancelled(() => late)).choice).toEqual(fixed.choice);
    openLate();
    await late;
    await nextTask();
    expect(disposed).toEqual(['slow', 'late']);
  });

  test('too large a network is refused before anything is opened', async () => {
    const problem = problemOf([60_000, 60_000]);
    const chosen = choosePlan(problem, 'a', DEVICE, { tuning: 'on' }, never);
    await expect(chosen).rejects.toThrow(/maxBufferSize/);
  });
});

describe('the keys of a stored measurement', () => {
  test('differ by the sizes of both sets', () => {
    const key = problemKey(SHAPE);
    expect(problemKey({ ...SHAPE, testSamples: SHAPE.testSamples + 1 })).not.toBe(key);
    expect(problemKey({ ...SHAPE, trainSamples: SHAPE.trainSamples + 1 })).not.toBe(key);
  });

  test.each(['chunk', 'step', 'epoch'] as const)('differ by every kernel of the %s', (part) => {
    const candidate = candidatesFor(SHAPE).find((one) => {
      const plan = one.plan();
      return !('declined' in plan) && plan[part].length > 0;
    });
    const plan = candidate?.plan();
    if (plan === undefined || 'declined' in plan) {
      throw new Error(`no candidate has a ${part}`);
    }
    const key = kernelsKey([plan]);
    for (const changed of plan[part]) {
      const steps = plan[part].map((step) =>
        step === changed
          ? { ...step, kernel: { ...step.kernel, wgsl: `${step.kernel.wgsl} ` } }
          : step,
      );
      expect(kernelsKey([{ ...plan, [part]: steps }]), changed.kernel.name).not.toBe(key);
    }
  });
});

test('the fixed candidate is one that takes the network', () => {
  const wide = { ...SHAPE, spec: networkFor(64, [500], 2, 'relu') };
  expect(fixedCandidate('auto', wide).name).toBe('layered');
});

test.each([
  ['software', 'sample-parallel-4-q', 'sample-parallel-4-1'],
  ['integrated', 'sample-parallel-1-32', 'sample-parallel-1-32'],
  ['discrete', 'sample-parallel-1-32', 'sample-parallel-1-32'],
] as const)(
  'on a device that is %s, %s is tried first and %s taken unmeasured',
  (kind, first, fixed) => {
    const shape = { ...SHAPE, deviceClass: kind };
    const names = candidatesFor(shape, new Set(['subgroups'])).map(({ name }) => name);
    expect(names[1]).toBe(first);
    expect(names.includes('persistent-256-8')).toBe(kind !== 'software');
    expect(fixedCandidate('auto', shape).name).toBe(fixed);
  },
);
