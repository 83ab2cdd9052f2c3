/** A run whose backend is lost: what its page is told, and what it gives when it is asked. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { RunHistory } from '../../src/app/state/run-history';
import type { OpenedBackend } from '../../src/app/worker/backends-of-run';
import type { HostCopy } from '../../src/app/worker/host-copies';
import { obstacleOf } from '../../src/app/worker/obstacle-of';
import { RunHost } from '../../src/app/worker/run-host';
import type { Changed, Moved, Obstacle } from '../../src/app/worker/training-service';
import { openBackend } from '../../src/session/open-backend';
import type { Backend, Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { BackendUnavailableError } from '../../src/training/errors';
import type { Prepared } from '../../src/training/prepare';
import { smallProblem } from '../support/problems';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A backend that can be lost: from then on every call rejects. */
interface Fragile {
  readonly opened: OpenedBackend;
  readonly lose: () => void;
}

/** @param isDoomed - whether it is lost as soon as it is asked for its parameters */
async function fragile(problem: Problem, isDoomed = false): Promise<Fragile> {
  const backend = await openBackend('reference', problem);
  let isLost = false;
  let tell: (obstacle: Obstacle) => void = () => undefined;
  const lost = new Promise<Obstacle>((resolve) => {
    tell = resolve;
  });
  const error = new BackendUnavailableError('device-lost', 'It was lost.');
  const opened = {
    lost,
    backend: new Proxy(backend, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (isDoomed && name === 'parameters') lose();
        if (isLost && !['dispose', 'describe', 'chunkSteps'].includes(String(name))) {
          return () => Promise.reject(error);
        }
        return value.bind(target);
      },
    }) as Backend,
  };
  const lose = () => {
    isLost = true;
    tell({ reason: 'device-lost', message: error.message });
  };
  return { opened, lose };
}

interface Pace {
  readonly keepMilliseconds?: number;
  /** Goes on by a tick at each look, in milliseconds. */
  readonly clock: { now: number; readonly tick: number };
}

/**
 * A run with its page; `onKeep` is called with each copy, and with how to lose the backend that it is on.
 * So many backends after the first are `doomed`; `obstacle` keeps each from being opened.
 */
async function hostOf(
  values: Partial<Configuration>,
  onKeep: (copy: HostCopy, lose: () => void) => void = () => undefined,
  doomed = 0,
  obstacle?: Error,
  { keepMilliseconds, clock }: Pace = { keepMilliseconds: 0, clock: { now: 0, tick: 1 } },
) {
  vi.spyOn(performance, 'now').mockImplementation(() => {
    clock.now += clock.tick;
    return clock.now;
  });
  let problem = smallProblem(values);
  const backends = [await fragile(problem)];
  const lose = () => backends[backends.length - 1].lose();
  const history = new RunHistory(backends[0].opened.backend.batchesPerEpoch);
  const moves: Moved[] = [];
  const losses: Obstacle[] = [];
  const host = new RunHost({
    id: 1,
    opened: backends[0].opened,
    prepared: { problem } as Prepared,
    configuration: checkConfiguration(values),
    onProgress: (progress) => history.report(progress),
    reopen: async () => {
      if (obstacle !== undefined) throw obstacle;
      backends.push(await fragile(problem, backends.length <= doomed));
      return backends[backends.length - 1].opened;
    },
    change: async (changed) => {
      problem = changed;
      backends.push(await fragile(problem));
      return backends[backends.length - 1].opened;
    },
    onRewound: () => undefined,
    onMoved: (moved) => moves.push(moved),
    onLost: (error) => losses.push(obstacleOf(error)),
    keep: (copy) => onKeep(copy, lose),
    checksOf: () => undefined,
    onFinding: () => undefined,
    ...(keepMilliseconds !== undefined && { keepMilliseconds }),
  });
  return { host, history, moves, losses, lose };
}

test('the page hears of every epoch once, also of those between its last report and the copy', async () => {
  const values = { batchSize: 4, epochs: 60 };
  const alone = await hostOf(values);
  await alone.host.run(undefined);
  let losses = 0;
  const { host, history, moves } = await hostOf(values, ({ saved }, lose) => {
    if (saved.state.epoch > 20 * (losses + 1)) {
      losses++;
      lose();
    }
  });
  expect(await host.run(undefined)).toMatchObject({ reason: 'finished' });
  expect(moves).toHaveLength(2);
  expect(history.epochs).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  expect(history.slice(0)).toEqual(alone.history.slice(0));
});

test.each([
  ['stopped early', { patience: 30, minDelta: 0.5 }, 'early-stopping'],
  ['went back at its last epoch', { patience: 59, minDelta: 0.5 }, 'finished'],
  ['diverged', { learningRate: 1, weightDecay: 10 }, 'diverged'],
] as const)(
  'a run that %s stands where it ended on another backend, too',
  async (_, some, reason) => {
    const values = { batchSize: 4, epochs: 60, ...some };
    const { host, history, moves, lose } = await hostOf(values);
    expect(await host.run(undefined)).toMatchObject({ reason });
    const parameters = await host.parameters();
    const before = history.slice(0);
    lose();
    expect(await host.parameters()).toEqual(parameters);
    expect(moves).toHaveLength(1);
    await vi.waitFor(() => expect(history.slice(0)).toEqual(before));
    expect(history.epochs).toEqual(Array.from(before, (_, i) => i + 1));
  },
);

test('an answer comes however many backends are lost on the way', async () => {
  const values = { batchSize: 4, epochs: 5 };
  const { host, moves, lose } = await hostOf(values, undefined, 3);
  await host.run(undefined);
  const { parameters } = (await host.save()).state;
  lose();
  expect(await host.parameters()).toEqual(parameters);
  expect(moves).toHaveLength(4);
});

test('a kept run is brought back on another backend, where the first is lost meanwhile', async () => {
  const values = { batchSize: 4, epochs: 30 };
  const alone = await hostOf(values);
  await alone.host.step(10);
  const saved = await alone.host.save();
  await alone.host.run(undefined);
  const { host, moves, lose } = await hostOf(values);
  lose();
  await host.restore(saved);
  expect(await host.parameters()).toEqual(saved.state.parameters);
  expect(moves).toHaveLength(1);
  await host.run(undefined);
  expect(await host.parameters()).toEqual(await alone.host.parameters());
});

test('where no backend is left, the page is told; whatever else keeps one from opening, the order to train fails with it', async () => {
  const values = { batchSize: 4, epochs: 20 };
  const loseAtOnce = (_: HostCopy, lose: () => void) => lose();
  const none = new BackendUnavailableError('no-adapter', 'There is none.');
  const lost = await hostOf(values, loseAtOnce, 0, none);
  expect(await lost.host.run(undefined)).toMatchObject({ reason: 'lost' });
  expect(lost.losses).toEqual([{ reason: 'no-adapter', message: 'There is none.' }]);
  const broken = await hostOf(values, loseAtOnce, 0, new TypeError('a mistake'));
  await expect(broken.host.run(undefined)).rejects.toThrow('a mistake');
});

test('the first copy comes after a second, the next ones so seldom that they cost less than 2 %', async () => {
  const clock = { now: 0, tick: 50 };
  const copies: number[] = [];
  const onKeep = () => {
    copies.push(clock.now);
    clock.now += 100;
    if (copies.length === 3) host.pause();
  };
  const values = { batchSize: 4, epochs: 10_000 };
  const { host } = await hostOf(values, onKeep, 0, undefined, { clock });
  const began = clock.now;
  await host.run(undefined);
  const [first, second, third] = copies;
  expect(first - began).toBeGreaterThanOrEqual(1000);
  expect(first - began).toBeLessThan(2000);
  // Packing is a third of what a copy costs.
  for (const between of [second - first, third - second]) {
    expect(between).toBeGreaterThan((3 * 100) / 0.02);
    expect(between).toBeLessThan((3 * 150) / 0.01);
  }
});

/** The run that had a host's configuration from the start, in one piece. */
async function fromTheStart(configuration: Configuration) {
  const { host, history } = await hostOf(configuration);
  await host.run(undefined);
  return { history: history.slice(0), state: (await host.save()).state };
}

describe('a run whose settings change on the way is the run that had these changes from the start', () => {
  const values = { batchSize: 4, epochs: 60, learningRate: 0.1 };

  test('while it trains, and though its backend is lost behind the change', async () => {
    const changes: Promise<Changed>[] = [];
    let losses = 0;
    const { host, history, moves } = await hostOf(values, ({ saved }, lose) => {
      const { epoch } = saved.state;
      if (changes.length === 0 && epoch > 10) changes.push(host.change({ learningRate: 0.02 }));
      if (changes.length === 1 && epoch > 30) {
        changes.push(host.change({ dropout: 0.5, momentum: 0.9 }));
      }
      if (losses === 0 && epoch > 45) {
        losses++;
        lose();
      }
    });
    expect(await host.run(undefined)).toMatchObject({ reason: 'finished' });
    const [, { configuration }] = await Promise.all(changes);
    expect(configuration.changes).toMatch(
      /^(\d+) learning_rate 0.02; (\d+) momentum 0.9; \2 dropout 0.5$/,
    );
    expect(moves).toHaveLength(1);
    expect(history.epochs).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    const { history: expected, state } = await fromTheStart(configuration);
    expect(history.slice(0)).toEqual(expected);
    expect((await host.save()).state).toEqual(state);
  });

  test('paused amid an epoch, from the next one on', async () => {
    const { host, history } = await hostOf(values);
    await host.step(7);
    await host.stepBatch();
    const { configuration, from } = await host.change({ weightDecay: 0.1 });
    expect([configuration.changes, from]).toEqual(['9 weight_decay 0.1', 9]);
    await host.run(undefined);
    expect(history.slice(0)).toEqual((await fromTheStart(configuration)).history);
  });

  test('with early stopping, whose best epoch lies before a change', async () => {
    const stopping = { ...values, patience: 20, minDelta: 0.5 };
    const { host, history } = await hostOf(stopping);
    await host.step(12);
    const { configuration } = await host.change({ learningRate: 0.01, momentum: 0.5 });
    expect(await host.run(undefined)).toMatchObject({ reason: 'early-stopping' });
    const { history: expected, state } = await fromTheStart(configuration);
    expect(history.slice(0)).toEqual(expected);
    expect((await host.save()).state).toEqual(state);
    expect(state.epoch).toBeLessThan(12);
  });

  test('a change that is not allowed, or comes after the end, leaves the run as it is', async () => {
    const { host, history } = await hostOf(values);
    await host.step(5);
    await expect(host.change({ learningRate: -1 })).rejects.toThrow(
      /^changes: "6 learning_rate -1"/,
    );
    await expect(host.change({ momentum: 2 })).rejects.toThrow(/momentum is a number from 0/);
    await host.run(undefined);
    await expect(host.change({ learningRate: 1 })).rejects.toThrow(/no epoch left/);
    expect(history.slice(0)).toEqual((await fromTheStart(checkConfiguration(values))).history);
  });
});

describe('more epochs are those of a run that was as long from the start', () => {
  test.each([
    ['after its end', {}, 'finished', {}],
    ['where it went back to its best epoch', { patience: 59, minDelta: 0.5 }, 'finished', {}],
    ['after early stopping', { patience: 20, minDelta: 0.5 }, 'early-stopping', { patience: 0 }],
  ] as const)('%s', async (_, some, reason, other) => {
    const values = { batchSize: 4, epochs: 60, learningRate: 0.1, ...some };
    const { host, history } = await hostOf(values);
    expect(await host.run(undefined)).toMatchObject({ reason });
    const { configuration } = await host.lengthen(75);
    expect(configuration).toEqual(checkConfiguration({ ...values, epochs: 75, ...other }));
    // The page forgets the epochs behind the one that the run stands at, and hears of them again.
    history.truncate((await host.save()).state.epoch);
    await host.run(undefined);
    expect(history.epochs).toEqual(Array.from(history.epochs, (_, i) => i + 1));
    const { history: expected, state } = await fromTheStart(configuration);
    expect(history.slice(0)).toEqual(expected);
    expect((await host.save()).state).toEqual(state);
  });

  test('not under a schedule that ends with the last epoch, nor after divergence', async () => {
    const cosine = await hostOf({ epochs: 5, schedule: 'cosine' });
    await cosine.host.run(undefined);
    await expect(cosine.host.lengthen(9)).rejects.toThrow(/cosine ends with the last epoch/);
    const diverged = await hostOf({ batchSize: 4, learningRate: 1, weightDecay: 10 });
    expect(await diverged.host.run(undefined)).toMatchObject({ reason: 'diverged' });
    await expect(diverged.host.lengthen(2000)).rejects.toThrow(/has diverged/);
  });
});

test('a run that is put aside while it trains stops, and is given as it stood', async () => {
  const values = { batchSize: 4, epochs: 1_000_000, learningRate: 0.1 };
  const put: ReturnType<RunHost['putAside']>[] = [];
  const { host } = await hostOf(values, ({ saved }) => {
    if (put.length === 0 && saved.state.epoch > 20) put.push(host.putAside());
  });
  expect(await host.run(undefined)).toMatchObject({ reason: 'paused' });
  const saved = await put[0];
  const alone = await hostOf(values);
  await alone.host.step(saved?.state.epoch ?? 0);
  for (let batch = 0; batch < (saved?.state.batch ?? 0); batch++) await alone.host.stepBatch();
  expect(saved).toEqual(await alone.host.save());
});
