/** Measuring: checks before times, turns instead of blocks, budgets, refusals, cancelling. */
import { describe, expect, test } from 'vitest';
import type { ContenderName } from '../../src/bench/contenders';
import type { Contender, TrainingDevice } from '../../src/comparison/contender';
import {
  compareLosses,
  type MeasureOptions,
  measureWorkload,
  type Pace,
} from '../../src/comparison/measure';
import { RefusedError, refusalOf } from '../../src/comparison/refusal';
import { sweepWorkload } from '../../src/comparison/sweep-workloads';
import { timeSplit } from '../../src/comparison/time-split';
import { BackendUnavailableError, InvalidInputError } from '../../src/training/errors';

const PACE: Pace = {
  rounds: 4,
  leastRounds: 2,
  roundMs: 100,
  warmUpMs: 100,
  budgetMs: 1000,
  longestStepMs: 1000,
};
const WORKLOAD = sweepWorkload(16, 32);
const LOSSES = [2.5, 2.25];

/** A clock that contenders move, and a log of what they did. */
class Scene {
  time = 0;
  readonly log: string[] = [];
  readonly now = () => this.time;

  contender(
    name: ContenderName,
    msPerEpoch: number,
    { losses = LOSSES, failsAt = Number.POSITIVE_INFINITY } = {},
  ): Contender {
    return {
      name,
      prepare: async () => {
        let trained = 0;
        return {
          train: async (epochs) => {
            trained += epochs;
            if (trained >= failsAt) throw new Error('lost');
            this.log.push(`${name}×${epochs}`);
            this.time += epochs * msPerEpoch;
          },
          losses: async () => losses,
          dispose: () => void this.log.push(`dispose ${name}`),
        };
      },
    };
  }

  measure(
    contenders: readonly Contender[],
    more: Pick<MeasureOptions, 'signal' | 'splitsTime'> = {},
  ) {
    const judge = this.contender('reference', 1);
    const options = { workload: WORKLOAD, contenders, judge, pace: PACE, now: this.now };
    return measureWorkload({ ...options, ...more });
  }
}

function refusing(name: ContenderName, error: Error): Contender {
  return {
    name,
    prepare: async () => {
      throw error;
    },
  };
}

test('contenders take turns, with as many epochs a round as fit', async () => {
  const scene = new Scene();
  const { contenders } = await scene.measure([
    scene.contender('webgpu', 10),
    scene.contender('cpu', 50),
  ]);
  const rounds = scene.log.filter((line) => !line.startsWith('dispose')).slice(-8);
  expect(rounds).toEqual(Array.from({ length: 4 }, () => ['webgpu×10', 'cpu×2']).flat());
  expect(contenders.map(({ median_ms, rounds }) => [median_ms, rounds])).toEqual([
    [10, 4],
    [50, 4],
  ]);
});

test('one that has used up its budget stops after the least number of rounds', async () => {
  const scene = new Scene();
  const { contenders } = await scene.measure([
    scene.contender('tfjs-webgpu', 900),
    scene.contender('cpu', 50),
  ]);
  expect(contenders.map(({ rounds }) => rounds)).toEqual([2, 4]);
});

test('one that trains wrongly shows how, and has no time', async () => {
  const scene = new Scene();
  const wrong = scene.contender('tfjs-wasm', 10, { losses: [2.5, 2.26] });
  const { contenders } = await scene.measure([wrong, scene.contender('cpu', 50)]);
  expect(contenders[0]).toMatchObject({ median_ms: null, min_ms: null, max_ms: null, rounds: 0 });
  expect(contenders[0].check).toMatch(/^failed: loss 2\.26 in epoch 2, reference has 2\.25;/);
  expect(contenders[1].check).toMatch(/^ok /);
  expect(scene.log).not.toContain('tfjs-wasm×1');
});

test('refusals and failures are told apart', async () => {
  const scene = new Scene();
  const { contenders } = await scene.measure([
    refusing('webgpu-persistent', new BackendUnavailableError('unsupported', 'too wide')),
    refusing('webgpu-layered', new BackendUnavailableError('no-adapter', 'no\nadapter')),
    refusing('webgpu', new InvalidInputError('hidden', 1, 'fewer')),
    refusing('jax-js-wasm', new Error('broke')),
    refusing('tfjs-wasm', new RefusedError('unavailable: no SIMD')),
    scene.contender('cpu', 50, { failsAt: 9 }),
    scene.contender('js-loops', 50),
  ]);
  expect(contenders.map(({ check }) => check.replace(/ok .*/, 'ok'))).toEqual([
    'declined: too wide',
    'unavailable: no adapter',
    'declined: hidden: 1 is not allowed; fewer',
    'failed: broke',
    'unavailable: no SIMD',
    'failed: lost',
    'ok',
  ]);
  expect(contenders.map(({ rounds }) => rounds)).toEqual([0, 0, 0, 0, 0, 0, 4]);
});

describe('where the time goes', () => {
  const speed = { operationsPerSecond: 1e9, bytesPerSecond: 1e8, launchMs: 0.5 };
  const epoch = { milliseconds: 8, dispatches: 4, operations: 2e6, bytes: 5e5 };

  /** A contender of 10 ms on a device that answers so. */
  function onDevice(scene: Scene, name: ContenderName, device: TrainingDevice): Contender {
    const { prepare } = scene.contender(name, 10);
    return { name, prepare: async (problem) => ({ ...(await prepare(problem)), device }) };
  }

  test('is asked of each device, and the device’s speed once', async () => {
    const scene = new Scene();
    const asked: string[] = [];
    const deviceOf = (name: string): TrainingDevice => ({
      async epoch() {
        asked.push(`${name} epoch`);
        return epoch;
      },
      async speed() {
        asked.push(`${name} speed`);
        return speed;
      },
    });
    const webgpu = onDevice(scene, 'webgpu', deviceOf('webgpu'));
    const layered = onDevice(scene, 'webgpu-layered', deviceOf('layered'));
    const broken = onDevice(scene, 'webgpu-persistent', {
      ...deviceOf('persistent'),
      epoch: () => Promise.reject(new RangeError('this device has no timestamp queries')),
    });
    const { contenders } = await scene.measure(
      [webgpu, layered, broken, scene.contender('cpu', 50)],
      { splitsTime: true },
    );
    expect(asked).toEqual(['webgpu epoch', 'webgpu speed', 'layered epoch']);
    expect(contenders.map(({ split }) => split)).toEqual([
      timeSplit(10, epoch, speed),
      timeSplit(10, epoch, speed),
      { obstacle: 'failed: this device has no timestamp queries' },
      undefined,
    ]);
    expect(Object.keys(contenders[3])).not.toContain('split');
  });

  test('is not asked where nobody wants to know', async () => {
    const scene = new Scene();
    const never = () => Promise.reject(new Error('asked'));
    const { contenders } = await scene.measure([
      onDevice(scene, 'webgpu', { epoch: never, speed: never }),
    ]);
    expect(contenders[0].split).toBeUndefined();
  });

  test('is kernels, launch and readback, beside the floor of arithmetic or memory', () => {
    expect(timeSplit(10, epoch, speed)).toEqual({
      ...{ kernels_ms: 6, launch_ms: 2, readback_ms: 2, floor_ms: 5 },
      ...{ operations: 2e6, bytes: 5e5, operations_per_s: 1e9, bytes_per_s: 1e8 },
    });
    expect(timeSplit(10, { ...epoch, bytes: 1e5 }, speed).floor_ms).toBe(2);
    // By two clocks at two times: the device's may say more than the whole, or the launches than the device.
    const odd = timeSplit(7, { ...epoch, dispatches: 20 }, speed);
    expect(odd).toMatchObject({ kernels_ms: 0, launch_ms: 8, readback_ms: 0 });
  });
});

test('every training is disposed of, the judge’s too', async () => {
  const scene = new Scene();
  await scene.measure([
    scene.contender('webgpu', 10, { losses: [1, 1] }),
    scene.contender('cpu', 50),
  ]);
  const disposed = scene.log.filter((line) => line.startsWith('dispose')).sort();
  expect(disposed).toEqual(['dispose cpu', 'dispose reference', 'dispose webgpu']);
});

test('cancelling ends it with the reason, and disposes of everything', async () => {
  const scene = new Scene();
  const controller = new AbortController();
  const cancelling: Contender = {
    name: 'cpu',
    prepare: async () => {
      controller.abort(new Error('cancelled'));
      throw new Error('something else');
    },
  };
  const measuring = scene.measure([scene.contender('webgpu', 10), cancelling], {
    signal: controller.signal,
  });
  await expect(measuring).rejects.toThrow('cancelled');
  expect(scene.log).toContain('dispose webgpu');
  expect(scene.log).toContain('dispose reference');
});

test('losses are compared with the bound of their own size', () => {
  const judge = 'reference';
  const samples = 32; // bound 2·32·2⁻²³ = 7.6e-6 of the loss
  expect(compareLosses([1, 0.5], [1, 0.5], samples, judge)).toMatch(
    /^ok .*0\.0e\+0 from reference/,
  );
  expect(compareLosses([1 + 7e-6, 0.5], [1, 0.5], samples, judge)).toMatch(/^ok /);
  expect(compareLosses([1 + 8e-6, 0.5], [1, 0.5], samples, judge)).toMatch(/^failed: .*epoch 1/);
  expect(compareLosses([1, 0.5 + 4e-6], [1, 0.5], samples, judge)).toMatch(/^failed: .*epoch 2/);
  expect(compareLosses([1, Number.NaN], [1, 0.5], samples, judge)).toMatch(/^failed: loss NaN/);
  expect(compareLosses([1], [1, 0.5], samples, judge)).toBe('failed: 1 losses instead of 2');
});

test('a refusal is one line, whatever was thrown', () => {
  expect(refusalOf('a\nb')).toBe('failed: a b');
  const crossed = Object.assign(new Error('x'), { name: 'InvalidInputError' });
  expect(refusalOf(crossed)).toBe('declined: x');
});
