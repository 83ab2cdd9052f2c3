/** The race: equal time for all, times by the clock, drift at equal epochs, and the sentences about it. */
import { describe, expect, test } from 'vitest';
import {
  phaseSentence,
  placeOf,
  softwareSentence,
  speedSentence,
  sweepSentence,
  winnerOf,
} from '../../src/app/lab/panels/race/verdict';
import { type Lane, type RaceLength, type RaceProgress, runRace } from '../../src/app/worker/race';
import { Drift } from '../../src/app/worker/race-drift';
import { runSweep } from '../../src/app/worker/race-sweep';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend, BackendName, Problem } from '../../src/training/backend';
import { smallProblem } from '../support/problems';
import { plainMetrics } from '../support/scripted-backend';

interface Racer {
  /** What an epoch takes by the test's clock. */
  readonly milliseconds: number;
  /** Added to every loss and parameter. */
  readonly error?: number;
  /** The epoch after which it fails. */
  readonly failsAfter?: number;
  readonly isSoftware?: boolean;
}

/** The reference under other names, at other speeds, with errors of a known size. */
function course(racers: Partial<Record<BackendName, Racer>>) {
  let time = 0;
  const disposed: BackendName[] = [];
  const turns: BackendName[] = [];
  const open = async (name: BackendName, problem: Problem): Promise<Backend> => {
    const racer = racers[name];
    if (racer === undefined) throw new Error(`no ${name} here`);
    const inner = await createReferenceBackend(problem);
    const { milliseconds, error = 0, failsAfter = Number.POSITIVE_INFINITY } = racer;
    time += 10;
    let { underway } = inner;
    return {
      info: { ...inner.info, name, isSoftware: racer.isSoftware ?? false },
      async train(epochs) {
        const { epoch } = await inner.state();
        if (epoch + epochs > failsAfter) throw new Error(`${name} broke`);
        time += epochs * milliseconds;
        turns.push(name);
        const metrics = await inner.train(epochs);
        return metrics.map((m) => ({ ...m, loss: m.loss + error }));
      },
      async parameters() {
        time += 2;
        return (await inner.parameters()).map((value) => value + error);
      },
      batchesPerEpoch: inner.batchesPerEpoch,
      get underway() {
        return underway;
      },
      describe: () => null,
      chunkSteps: (batch) => inner.chunkSteps(batch),
      async trainBatches(batches) {
        time += (batches * milliseconds) / inner.batchesPerEpoch;
        const metrics = await inner.trainBatches(batches);
        underway = inner.underway;
        return metrics;
      },
      state: () => inner.state(),
      load: (state) => inner.load(state),
      checkpoint: (slot) => inner.checkpoint(slot),
      rollback: (slot) => inner.rollback(slot),
      predict: (features, count) => inner.predict(features, count),
      dispose: () => {
        disposed.push(name);
        inner.dispose();
      },
    };
  };
  return { open, now: () => time, disposed, turns };
}

/** What is raced. */
interface Started {
  readonly length: RaceLength;
  readonly problem: Problem;
}

async function race(
  racers: Partial<Record<BackendName, Racer>>,
  { length = { epochs: 200 }, problem = smallProblem() }: Partial<Started> = {},
) {
  const { open, now, disposed } = course(racers);
  const reports: RaceProgress[] = [];
  const result = await runRace({
    ...{ problem, length },
    names: ['webgpu', 'cpu', 'reference'],
    open,
    now,
    onProgress: (progress) => reports.push(progress),
  });
  const lane = (name: BackendName) => {
    const found = result.lanes.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no lane ${name}`);
    return found;
  };
  return { result, reports, lane, disposed };
}

const THREE = {
  webgpu: { milliseconds: 8, error: 1e-6, isSoftware: true },
  cpu: { milliseconds: 2, error: -3e-6 },
  reference: { milliseconds: 4 },
} as const;

describe('a race', () => {
  test('times setup, epochs and readback by the clock, without the warm-up', async () => {
    const { lane, result } = await race(THREE);
    expect(result.phase).toBe('finished');
    for (const name of ['webgpu', 'cpu', 'reference'] as const) {
      const { milliseconds } = THREE[name];
      expect(lane(name)).toMatchObject({
        setup: 10,
        epochs: 200,
        compute: 200 * milliseconds,
        perEpoch: { median: milliseconds, min: milliseconds, max: milliseconds },
        readback: { median: 2, min: 2, max: 2 },
      });
    }
  });

  test('starts at the initial parameters after the warm-up', async () => {
    const problem = smallProblem();
    const reference = await createReferenceBackend(problem);
    const expected = (await reference.train(50)).at(-1);
    const { lane } = await race(THREE, { length: { epochs: 50 } });
    expect(lane('reference').last).toEqual(expected);
  });

  test('gives all the same time, so that the fastest gets furthest', async () => {
    const { reports } = await race(THREE);
    const middle = reports.find(({ lanes }) => lanes.some(({ epochs }) => epochs === 200));
    const [webgpu, cpu, reference] = middle?.lanes ?? [];
    expect(cpu.epochs).toBe(200);
    expect(reference.epochs).toBeGreaterThan(webgpu.epochs);
    expect(Math.abs(webgpu.compute - cpu.compute)).toBeLessThanOrEqual(120);
  });

  test('finds the largest differences from the reference', async () => {
    const { lane } = await race(THREE);
    expect(lane('webgpu').drift?.epochs).toBe(200);
    expect(lane('webgpu').drift?.loss).toBeCloseTo(1e-6, 12);
    expect(lane('webgpu').drift?.parameters).toBeCloseTo(1e-6, 12);
    expect(lane('cpu').drift?.loss).toBeCloseTo(3e-6, 12);
    expect(lane('cpu').drift?.parameters).toBeCloseTo(3e-6, 12);
    expect(lane('reference').drift).toBeUndefined();
  });

  test('for a time goes by steps, and each gets as far as it can', async () => {
    const problem = smallProblem({ batchSize: 4 });
    const { batchesPerEpoch } = await createReferenceBackend(problem);
    expect(batchesPerEpoch).toBeGreaterThan(2);
    // An epoch of the slowest is longer than the race.
    const slow = { ...THREE, reference: { milliseconds: 5000 } };
    const { lane, result } = await race(slow, { problem, length: { milliseconds: 2000 } });
    for (const name of ['webgpu', 'cpu', 'reference'] as const) {
      const { compute, steps = 0, epochs } = lane(name);
      expect(compute).toBeGreaterThanOrEqual(2000);
      // The last turn alone may go on behind the end.
      expect(compute).toBeLessThan(2000 + Math.max(120, 5000 / batchesPerEpoch));
      expect(epochs).toBe(steps / batchesPerEpoch);
      expect(compute / steps).toBeCloseTo(slow[name].milliseconds / batchesPerEpoch, 9);
    }
    expect(lane('reference').last).toBeUndefined();
    expect(lane('reference').loss).toBeGreaterThan(0);
    // Compared after as many steps as the slowest has made, though it has finished no epoch.
    expect(lane('webgpu').drift).toEqual({ epochs: 0, parameters: expect.closeTo(1e-6, 12) });
    expect(winnerOf(result)?.name).toBe('cpu');
    expect(phaseSentence(result)).toBe('Finished after 2 s each.');
  });

  test('goes on without a backend that cannot be had or breaks, and frees all', async () => {
    const { lane, disposed } = await race({
      cpu: { milliseconds: 2, failsAfter: 60 },
      reference: { milliseconds: 4 },
    });
    expect(lane('webgpu').obstacle).toBe('no webgpu here');
    expect(lane('cpu').obstacle).toBe('cpu broke');
    expect(lane('reference').epochs).toBe(200);
    expect(disposed).toEqual(['cpu', 'reference']);
  });
});

describe('drift', () => {
  test('compares at equal epochs only, whoever comes first', () => {
    const drift = new Drift(['cpu', 'reference']);
    drift.metrics('cpu', [plainMetrics(0, { loss: 0.5, valLoss: 0.5 }), plainMetrics(1)]);
    drift.parameters('cpu', 10, Float64Array.of(1, 2));
    expect(drift.of('cpu')).toBeUndefined();
    drift.metrics('reference', [plainMetrics(0, { loss: 0.5, valLoss: 0.75 })]);
    expect(drift.of('cpu')).toEqual({ loss: 0.25, epochs: 1 });
    drift.parameters('reference', 20, Float64Array.of(9, 9));
    expect(drift.of('cpu')?.parameters).toBeUndefined();
    drift.parameters('reference', 10, Float64Array.of(1, 2.5));
    expect(drift.of('cpu')?.parameters).toBe(0.5);
  });
});

describe('a sweep', () => {
  const sizes = { widths: [2, 4], batches: [3, 5] };

  test('measures every size in turns', async () => {
    const { open, now, turns } = course({
      webgpu: { milliseconds: 5, isSoftware: true },
      cpu: { milliseconds: 3 },
      reference: { milliseconds: 9 },
    });
    const { points, skipped, done, isSoftware } = await runSweep({
      sizes,
      open,
      now,
      onProgress: () => undefined,
    });
    expect(skipped).toEqual([]);
    expect(done).toBe(4);
    expect(isSoftware).toBe(true);
    expect(points.map(({ width, batch }) => [width, batch])).toEqual([
      [2, 3],
      [4, 3],
      [2, 5],
      [4, 5],
    ]);
    for (const { webgpu, cpu } of points) expect([webgpu, cpu]).toEqual([5, 3]);
    expect(turns.slice(-4)).toEqual(['webgpu', 'cpu', 'webgpu', 'cpu']);
  });

  test('names the sizes whose losses disagree', async () => {
    const { open, now, disposed } = course({
      webgpu: { milliseconds: 5, error: 0.01 },
      cpu: { milliseconds: 3 },
      reference: { milliseconds: 9 },
    });
    const { points, skipped } = await runSweep({ sizes, open, now, onProgress: () => undefined });
    expect(points).toEqual([]);
    expect(skipped).toHaveLength(4);
    expect(skipped[0]).toMatch(
      /^width 2, batch 3: webgpu failed: loss .* in epoch 1, reference has/,
    );
    expect(disposed).toHaveLength(12);
  });
});

describe('the sentences', () => {
  test('say who wins and that a software adapter is no GPU', async () => {
    const { result } = await race(THREE);
    expect(speedSentence(result)).toBe(
      'The CPU wins: it is 2.0 times as fast as the reference and 4.0 times as fast as WebGPU.',
    );
    // The bars say the same ratio, and the first one is marked.
    expect(winnerOf(result)?.name).toBe('cpu');
    const bars = result.lanes.map((lane) => placeOf(lane, result) / result.epochs);
    expect(bars).toEqual([0.25, 1, 0.5]);
    expect(winnerOf({ ...result, phase: 'racing' })).toBeUndefined();
    expect(softwareSentence(result)).toContain('which is no GPU');
    const { result: hardware } = await race({ ...THREE, webgpu: { milliseconds: 1 } });
    expect(speedSentence(hardware)).toMatch(/^WebGPU wins/);
    expect(softwareSentence(hardware)).toBeUndefined();
  });

  test('say nothing of slow turns that the bars do not say', () => {
    const lane = (name: BackendName, compute: number, median: number) => {
      const perEpoch = { median, min: median, max: median };
      return { name, epochs: 100, compute, turns: 3, perEpoch } as Lane;
    };
    // A turn of the second was disturbed: its median says 16 times, its whole way 13.
    const lanes = [lane('cpu', 100, 1), lane('reference', 1300, 16)];
    const length = { epochs: 100 };
    const result: RaceProgress = { phase: 'finished', length, epochs: 100, lanes };
    expect(speedSentence(result)).toBe('The CPU wins: it is 13 times as fast as the reference.');
    expect(placeOf(lanes[1], result)).toBeCloseTo(100 / 13, 9);
    // Nor is a graphics card's lead written as a power of ten.
    const ahead = { ...result, lanes: [lane('webgpu', 1, 0.01), lane('reference', 1234, 12)] };
    expect(speedSentence(ahead)).toBe('WebGPU wins: it is 1,200 times as fast as the reference.');
  });

  test('say where the GPU passes the CPU only when every size is measured', () => {
    const points = [{ width: 64, batch: 32, webgpu: 1, cpu: 2 }];
    const sweep = { points, skipped: [], total: 6, isSoftware: false };
    expect(sweepSentence({ ...sweep, done: 3 })).toBeUndefined();
    expect(sweepSentence({ ...sweep, done: 6 })).toMatch(/^On this machine the GPU passes/);
  });
});
