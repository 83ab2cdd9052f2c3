/** Looks at a run: that all who look are answered at one moment, and who answers for the stage's ten samples. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Looker, lookTogether, type Seen } from '../../src/app/stage/looks';
import type { Run } from '../../src/app/state/run';
import type { Store } from '../../src/app/state/store';
import type { Look, LookQuestion } from '../../src/app/worker/look';
import { lookOf } from '../../src/app/worker/make-look';
import { tenOf } from '../../src/app/worker/make-stage-view';
import type { RunHost } from '../../src/app/worker/run-host';
import { loadRows } from '../../src/data/registry';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';
import { loadDigits } from '../fixtures';
import { openRun } from '../support/open-run';

const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const STAGE = { before: [], unit: undefined };
const MAPS = { unfolded: [], place: undefined };

/** A run that goes on by a batch whenever it is asked, and whose backend always answers with class 7. */
function hostOf({ problem: { parameters } }: { problem: { parameters: Float64Array } }) {
  let batch = 0;
  const snapshot: RunHost['snapshot'] = async (samples) => {
    batch += 1;
    const sevens = (count: number) =>
      Float64Array.from({ length: 10 * count }, (_, i) => (i % 10 === 7 ? 1 : 0));
    const answers = samples && sevens(samples.count);
    return { epoch: 3, batch, parameters, answers, milliseconds: 1000 };
  };
  return { snapshot: vi.fn(snapshot) };
}

const preparedDigits = (settings: Partial<Configuration>) =>
  prepare(checkConfiguration({ classes: TEN, ...settings }), loadDigits());

describe('a look', () => {
  it('is of one moment, whatever it shows', async () => {
    const prepared = preparedDigits({ layers: 'conv 2 3x3 relu' });
    const host = hostOf(prepared);
    const { stage, maps, boundary, milliseconds } = await lookOf(prepared, host, {
      ...{ sample: 5, stage: STAGE, maps: MAPS },
    });
    expect(stage).toMatchObject({ epoch: 3, batch: 1, sample: 5 });
    expect(maps).toMatchObject({ epoch: 3, batch: 1, sample: 5 });
    expect(maps?.probabilities).toEqual(stage?.probabilities);
    expect(boundary).toBeUndefined();
    // What the backend took counts.
    expect(milliseconds).toBeGreaterThanOrEqual(1000);

    const configuration = checkConfiguration({ dataset: 'circle', hidden: [3] });
    const plane = prepare(configuration, await loadRows(configuration));
    const look = await lookOf(plane, hostOf(plane), {
      ...{ sample: undefined, stage: STAGE, boundary: { unit: { layer: 1, unit: 0 } } },
    });
    expect(look.boundary).toMatchObject({ epoch: 3, batch: 1, lookedAt: { layer: 1, unit: 0 } });
    expect(look.stage).toMatchObject({ epoch: 3, batch: 1, sample: plane.sampleIndices[0] });
    expect(look.maps).toBeUndefined();
  });

  it('has the backend answer for the ten samples where the reference would take long', async () => {
    const question: LookQuestion = { sample: undefined, stage: STAGE, maps: MAPS };
    const small = preparedDigits({ hidden: [64] });
    const smallHost = hostOf(small);
    const { stage: byReference } = await lookOf(small, smallHost, question);
    expect(smallHost.snapshot).toHaveBeenCalledExactlyOnceWith(undefined);
    expect(new Set(byReference?.answers.map(({ predicted }) => predicted))).not.toEqual(
      new Set([7]),
    );

    const large = preparedDigits({ layers: 'conv 64 7x7 same relu' });
    const host = hostOf(large);
    const { stage } = await lookOf(large, host, question);
    expect(host.snapshot).toHaveBeenCalledExactlyOnceWith(tenOf(large));
    const [first, ...others] = stage?.answers ?? [];
    // The one that flows through is answered for as the picture has it.
    expect(first).toMatchObject({ sample: stage?.sample, predicted: stage?.predicted });
    expect(first.probability).toBeLessThan(1);
    expect(others.map(({ predicted, probability }) => [predicted, probability])).toEqual(
      Array.from({ length: 9 }, () => [7, 1]),
    );
    await lookOf(large, host, { sample: undefined, maps: MAPS });
    expect(host.snapshot).toHaveBeenLastCalledWith(undefined);
  });
});

describe('those who look', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('ask together while they are in sight, and show the same', async () => {
    const run = openRun();
    const questions: LookQuestion[] = [];
    const store = {
      run: signal<Run | undefined>(run),
      lesson: signal(undefined),
      pace: signal(undefined),
      firstRun: { pace: signal(undefined) },
      service: {
        look: async (_: number, question: LookQuestion): Promise<Look> => {
          questions.push(question);
          return { stage: undefined, maps: undefined, boundary: undefined, milliseconds: 12 };
        },
      },
    } as unknown as Store;
    const shown: Record<string, Seen[]> = { stage: [], maps: [], none: [] };
    const looker = (name: keyof typeof shown, asked: ReturnType<Looker['ask']>) => ({
      ...{ isSeen: signal(true), mostShare: 0.05, drawing: { current: 0 } },
      ask: () => asked,
      onSeen: ({ value }: Parameters<Looker['onSeen']>[0]) => value && shown[name].push(value),
    });
    const stage = looker('stage', { stage: STAGE });
    const maps = looker('maps', { maps: MAPS });
    maps.isSeen.value = false;
    const stops = [stage, maps, looker('none', undefined)].map((each) => lookTogether(store, each));
    await vi.advanceTimersByTimeAsync(150);
    expect(questions).toEqual([{ sample: undefined, stage: STAGE }]);
    // One that comes into sight is a reason to look.
    maps.isSeen.value = true;
    await vi.advanceTimersByTimeAsync(150);
    expect(questions[1]).toEqual({ sample: undefined, stage: STAGE, maps: MAPS });
    expect(shown.maps).toEqual([shown.stage[1]]);
    expect(shown.none).toEqual([]);

    // Thirteen milliseconds are a tenth of 130, the share of the two.
    run.status.value = 'running';
    await vi.advanceTimersByTimeAsync(1000);
    const before = questions.length;
    for (let i = 0; i < 130; i++) {
      await vi.advanceTimersByTimeAsync(10);
      run.underway.value = { batch: i, loss: 1, accuracy: 0 };
    }
    expect(questions.length - before).toBe(10);

    // Each look is dearer now, but nobody waits for it who has come into sight meanwhile.
    maps.isSeen.value = false;
    stage.drawing.current = 10_000;
    await vi.advanceTimersByTimeAsync(300);
    maps.isSeen.value = true;
    await vi.advanceTimersByTimeAsync(110);
    expect(questions.at(-1)).toMatchObject({ maps: MAPS });
    const after = questions.length;
    run.underway.value = { batch: 200, loss: 1, accuracy: 0 };
    await vi.advanceTimersByTimeAsync(10_000);
    expect(questions).toHaveLength(after);

    for (const stop of stops) stop();
    run.status.value = 'paused';
    await vi.advanceTimersByTimeAsync(1000);
    expect(questions).toHaveLength(after);
  });
});
