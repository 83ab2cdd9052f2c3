/**
 * Random sequences of faults against a real run: whatever breaks, and in whatever order, the run ends with
 * every epoch once and, as long as it stays on the GPU, with the bits of an undisturbed run. Each sequence
 * follows from the seed and its number: `SHADERPROP_SEED=1 npx vitest run --project parity
 * tests/faults/sequences -t 'sequence 17:'` plays one again. `SHADERPROP_FAULTS` is how many are played,
 * in two files, so that two pages play them at once.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { RandomState } from '../../src/numpy/random-state';
import { endOf, openPage } from '../support/run-page';
import { FAULT_NAMES, FAULTS, type FaultName } from './events';
import type { End } from './invariants';
import { Scene } from './scene';

const { count: COUNT, seed: SEED } = inject('faults');

/** Longer than any sequence takes on a busy machine. */
const DEADLINE_MS = 40_000;

/** Without hidden layers: a lost device costs the time that its successor takes to compile. */
const RUNS = [
  'tune=off&digits=0,1&hidden=&epochs=600&changes=151 learning_rate 0.2;301 momentum 0.5',
  'tune=off&digits=0,1&hidden=&batch_size=100&optimizer=adam&learning_rate=0.01&epochs=200',
  'tune=off&digits=0,1&hidden=&epochs=900&init=glorot_normal&patience=60&min_delta=0.001&changes=41 weight_decay 0.001',
] as const;

/** Plays the sequences of even numbers, or those of odd ones. */
export function playSequences(parity: 0 | 1): void {
  const indices = Array.from({ length: COUNT }, (_, index) => index).filter(
    (index) => index % 2 === parity,
  );
  const played = new Map<FaultName, number>(FAULT_NAMES.map((name) => [name, 0]));
  const alone = new Map<string, End>();

  beforeAll(async () => {
    for (const search of RUNS) {
      const { store } = await openPage(search);
      await store.start();
      alone.set(search, await endOf(store));
      await store.service.close(store.run.value?.id ?? 0);
    }
  }, 60_000);

  afterAll(() => {
    const counts = Array.from(played, ([name, count]) => `${name} ${count}`).join(', ');
    console.log(`${indices.length} sequences from seed ${SEED}: ${counts}`);
  });

  describe(`seed ${SEED}`, () => {
    test.each(indices)(
      'sequence %i:',
      async (index) => {
        const random = new RandomState(1_000_000 * SEED + index);
        const pick = <T>(values: readonly T[]) =>
          values[Math.floor(random.random() * values.length)];
        const search = pick(RUNS);
        const expected = alone.get(search);
        if (expected === undefined) throw new Error('the undisturbed run failed');
        // However few are played, each fault is the first of some.
        const others = Array.from({ length: pick([0, 1, 1, 2, 2, 3]) }, () => pick(FAULT_NAMES));
        const names = [FAULT_NAMES[index % FAULT_NAMES.length], ...others];
        const scene = new Scene({
          ...{ search, expected, random },
          ...{ tick: pick([1, 2, 4]), keepMilliseconds: pick([0, 0, 100, 400]) },
        });
        const story: string[] = [`${search}:`];
        const play = async () => {
          await scene.open();
          scene.start();
          for (const [i, name] of names.entries()) {
            const { length } = scene.run.history;
            const left = Math.max(0, expected.history.length - length);
            await scene.reach(length + Math.floor((random.random() * left) / (names.length - i)));
            await scene.jitter();
            if (scene.isOver && name !== 'lost when over') continue;
            if (FAULTS[name].needsGpu && !scene.isOnGpu) continue;
            story.push(`${name} (${scene.run.history.length})`);
            await FAULTS[name].play(scene);
            played.set(name, (played.get(name) ?? 0) + 1);
            scene.check();
          }
          await scene.finish();
          await scene.end();
        };
        let timer: ReturnType<typeof setTimeout> | undefined;
        const late = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error('this takes too long')), DEADLINE_MS);
        });
        try {
          await Promise.race([late, play()]);
        } catch (error) {
          throw new Error(`${story.join(' ')}\n${scene}`, { cause: error });
        } finally {
          clearTimeout(timer);
          await scene.close();
        }
        expect(scene.browser.buffersAlive, story.join(' ')).toBe(0);
        expect(scene.browser.uncaught, story.join(' ')).toEqual([]);
      },
      60_000,
    );
  });
}
