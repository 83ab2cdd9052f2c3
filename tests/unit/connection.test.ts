/** The page's end of a worker: loaded in time or given up, patient with what takes long, and what travels. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expose } from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection, serviceOf, WorkerFailedError } from '../../src/app/worker/connection';

interface Service {
  square(value: number): Promise<number>;
  never(): Promise<void>;
  zeros(length: number): Promise<Float64Array>;
  tell(listener: { onNews(news: string): void }, values: Float64Array): Promise<number>;
  count(onCount: (count: number) => void): Promise<void>;
}

const SERVICE: Service = {
  square: async (value) => value ** 2,
  never: () => new Promise(() => undefined),
  zeros: async (length) => new Float64Array(length),
  async tell(listener, values) {
    await listener.onNews('loaded');
    return values.reduce((sum, value) => sum + value);
  },
  async count(onCount) {
    for (const count of [1, 2, 3]) await onCount(count);
  },
};

/** A worker whose script runs when `load` is called. */
function start() {
  const { port1, port2 } = new MessageChannel();
  const terminate = vi.fn(() => {
    port1.close();
    port2.close();
  });
  const worker = Object.assign(port1, { terminate }) as unknown as Worker;
  return { worker, terminate, load: () => expose(SERVICE, port2) };
}

const open = (worker: Worker) => new Connection<Service>(worker, 'training');

/** Lets messages arrive, whose clock no test turns. */
async function delivered(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a worker that does not load', () => {
  it('is given up after 15 seconds, and whoever asked is told', async () => {
    const { worker, terminate } = start();
    const connection = open(worker);
    const settled = vi.fn();
    const asked = connection.ask((service) => service.square(3));
    asked.then(settled, settled);
    vi.advanceTimersByTime(14_999);
    await delivered();
    expect(settled).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    await expect(asked).rejects.toThrow(
      'The worker for training could not be loaded: it has not answered for 15 seconds.',
    );
    await expect(asked).rejects.toBeInstanceOf(WorkerFailedError);
    expect(connection.hasEnded).toBe(true);
    expect(terminate).toHaveBeenCalledOnce();
  });

  it.each([
    ['', 'could not be loaded: its script was blocked, or the connection failed'],
    ['x is not defined', 'broke: x is not defined'],
  ])('and says %j is given up at once', async (message, words) => {
    const { worker, load } = start();
    load();
    const asked = open(worker).ask((service) => service.never());
    worker.dispatchEvent(Object.assign(new Event('error'), { message }));
    await expect(asked).rejects.toThrow(`The worker for training ${words}.`);
  });

  it('is not waited for once it was ended', () => {
    const { worker, terminate } = start();
    open(worker).end();
    vi.advanceTimersByTime(60_000);
    expect(terminate).toHaveBeenCalledOnce();
  });
});

describe('a worker that loads late', () => {
  it('may take as long as it likes for an answer', async () => {
    const { worker, terminate, load } = start();
    const connection = open(worker);
    const asked = connection.ask((service) => service.never());
    const settled = vi.fn();
    asked.then(settled, settled);
    vi.advanceTimersByTime(14_000);
    load();
    expect(await connection.ask((service) => service.square(2))).toBe(4);
    vi.advanceTimersByTime(3_600_000);
    await delivered();
    expect(settled).not.toHaveBeenCalled();
    expect(terminate).not.toHaveBeenCalled();
    expect(await connection.ask((service) => service.square(3))).toBe(9);
    connection.end();
  });
});

describe('a service', () => {
  it('answers here what is its own, and asks the rest of the connection of the moment', async () => {
    const { worker, load } = start();
    load();
    const connection = open(worker);
    const connect = vi.fn(() => connection);
    const service = serviceOf(connect, { square: async () => 0 });
    expect(await service.square(3)).toBe(0);
    expect(connect).not.toHaveBeenCalled();
    const news: string[] = [];
    const listener = { onNews: (what: string) => void news.push(what) };
    expect(await service.tell(listener, Float64Array.of(1, 2))).toBe(3);
    const counts: number[] = [];
    await service.count((count) => counts.push(count));
    expect([news, counts]).toEqual([['loaded'], [1, 2, 3]]);
    connection.end(new Error('over'));
    await expect(service.never()).rejects.toThrow('over');
  });
});

describe('nothing is held', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');

  async function expectCollected(...references: WeakRef<object>[]) {
    // What a finalizer lets go of is collected the next time.
    for (let time = 0; time < 3; time++) {
      await delivered();
      collectGarbage();
    }
    expect(references.map((reference) => reference.deref() === undefined)).toEqual(
      references.map(() => true),
    );
  }

  it('of an answer that was given', async () => {
    const { worker, load } = start();
    load();
    const connection = open(worker);
    const { service } = connection;
    const given = async () => new WeakRef(await service.zeros(1000));
    await expectCollected(await given(), await given(), await given());
    connection.end();
  });

  it('of a worker that has ended', async () => {
    const ended = async () => {
      // Without a mock, which would hold it.
      const { port1, port2 } = new MessageChannel();
      const worker = Object.assign(port1, { terminate: () => port1.close() }) as unknown as Worker;
      expose(SERVICE, port2);
      const connection = open(worker);
      await connection.service.square(3);
      connection.end();
      return new WeakRef(worker);
    };
    await expectCollected(await ended(), await ended());
  });
});
