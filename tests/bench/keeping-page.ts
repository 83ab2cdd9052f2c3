/** Trains in turns with and without keeping, and times what a copy is made of; keeping.mjs runs it. */
import { createTrainingService } from '../../src/app/worker/create-service';
import { IndexedRunStorage } from '../../src/app/worker/indexed-run-storage';
import type { BackendName } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { History } from '../../src/training/history';
import { RunKeeper } from '../../src/training/keeping/run-archive';

export interface PairsRequest {
  readonly backend: BackendName;
  readonly configuration: Partial<Configuration>;
  readonly pairs: number;
  readonly milliseconds: number;
}

/** Milliseconds an epoch: by the clock, and of the processors by all processes of the browser. */
export interface Epoch {
  readonly wall: number;
  readonly cpu: number;
}

/** A run that is kept, and one that is not. */
export interface Pair {
  readonly kept: Epoch;
  readonly alone: Epoch;
}

declare const cpuMs: () => Promise<number>;

/** Runs of the same length one after the other, as the page's worker trains them: kept, alone, alone, kept, … */
export async function measure(request: PairsRequest): Promise<Pair[]> {
  const configuration = checkConfiguration({ ...request.configuration, epochs: 1_000_000 });
  // Neither is held against float64 now and then: that is another cost.
  const settings = { checkMilliseconds: Number.POSITIVE_INFINITY };
  const services = {
    kept: createTrainingService(settings),
    alone: createTrainingService({ ...settings, keepMilliseconds: Number.POSITIVE_INFINITY }),
  };
  const train = async (how: keyof typeof services): Promise<Epoch> => {
    const service = services[how];
    const { id } = await service.open(configuration, request.backend, {
      schedule: 'auto',
      tuning: 'off',
    });
    await service.step(id, 1);
    const cpuBefore = await cpuMs();
    const timer = setTimeout(() => service.pause(id), request.milliseconds);
    const { trainMilliseconds, reason } = await service.run(id, undefined);
    clearTimeout(timer);
    const cpu = (await cpuMs()) - cpuBefore;
    if (reason !== 'paused') throw new Error(`The run ended: ${reason}.`);
    const { epoch } = await service.snapshot(id);
    await service.close(id);
    return { wall: trainMilliseconds / epoch, cpu: cpu / (epoch - 1) };
  };
  const pairs: Pair[] = [];
  for (let pair = 0; pair < request.pairs; pair++) {
    const order = pair % 2 === 0 ? (['kept', 'alone'] as const) : (['alone', 'kept'] as const);
    const first = await train(order[0]);
    const second = await train(order[1]);
    pairs.push(
      order[0] === 'kept' ? { kept: first, alone: second } : { kept: second, alone: first },
    );
  }
  return pairs;
}

/** What keeping a state of so many numbers takes, in milliseconds, step by step. */
export interface CopyCost {
  readonly numbers: number;
  /** From float32 to float64, as it is read back. */
  readonly widen: number;
  readonly check: number;
  /** Until `keep` gives this thread back for the first time: narrowing and packing. */
  readonly pack: number;
  /** Until it is on the disk; most of it off this thread. */
  readonly written: number;
  /** Of that time, what the thread was not free for: the turns of a message loop that were late. */
  readonly blocked: number;
}

/** The least of a few times, for each size. */
export async function measureCopies(sizes: readonly number[]): Promise<CopyCost[]> {
  const configuration = checkConfiguration({});
  const costs: CopyCost[] = [];
  for (const numbers of sizes) {
    const words = Float32Array.from({ length: numbers }, () => Math.random());
    const keeper = new RunKeeper(new IndexedRunStorage(), 'a-measurement');
    const times: CopyCost[] = [];
    for (let round = 0; round < 9; round++) {
      const begin = performance.now();
      const parameters = Float64Array.from(words);
      const widened = performance.now();
      if (!parameters.every(Number.isFinite)) throw new Error('not finite');
      const checked = performance.now();
      const state = { epoch: 0, batch: 0, running: { loss: 0, correct: 0 } };
      const keeping = keeper.keep({
        ...{ configuration, backend: 'webgpu', history: new History() },
        saved: { state: { ...state, parameters, optimizer: [] } },
        ...{ trainMilliseconds: 0, keptAt: 0 },
      });
      const packed = performance.now();
      const blocked = await blockedUntil(keeping);
      const written = performance.now();
      times.push({
        numbers,
        widen: widened - begin,
        check: checked - widened,
        pack: packed - checked,
        written: written - packed,
        blocked,
      });
    }
    await keeper.forget();
    const total = ({ widen, check, pack, blocked }: CopyCost) => widen + check + pack + blocked;
    costs.push(times.sort((a, b) => total(a) - total(b))[times.length >> 1]);
  }
  return costs;
}

/** How long turns of the message loop took until `done` settles, beyond what an idle one takes. */
async function blockedUntil(done: Promise<unknown>): Promise<number> {
  let isDone = false;
  done.finally(() => {
    isDone = true;
  });
  const { port1, port2 } = new MessageChannel();
  let blocked = 0;
  while (!isDone) {
    const before = performance.now();
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
    const turn = performance.now() - before;
    if (turn > 0.2) blocked += turn;
  }
  port1.close();
  await done;
  return blocked;
}
