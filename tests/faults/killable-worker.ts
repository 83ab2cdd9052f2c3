/** The page's end of a training worker that can be killed; the services that it stands for run in this thread. */
import { WorkerFailedError } from '../../src/app/worker/connection';
import type { TrainingListener, TrainingService } from '../../src/app/worker/training-service';
import { serviceFor } from '../support/run-page';
import type { FaultyStorage } from './faulty-storage';

/** A worker from its start to its end. */
interface Life {
  readonly service: TrainingService;
  /** The runs that were opened there. */
  readonly runs: number[];
  /** Rejects at its end. */
  readonly ended: Promise<never>;
  readonly end: (reason: Error) => void;
}

type Call = (...parameters: unknown[]) => Promise<unknown>;

export class KillableWorker {
  /** Each call is answered by the worker of the day; the first one after a kill starts another. */
  readonly service: TrainingService;
  /** Called before the service is, with the name of the call. */
  onCall: (name: string) => void = () => undefined;
  readonly #keepMilliseconds: number;
  readonly #lives: Life[] = [];
  #storage: FaultyStorage;
  #life: Life | undefined;
  #listener: TrainingListener | undefined;

  constructor(storage: FaultyStorage, keepMilliseconds: number) {
    this.#storage = storage;
    this.#keepMilliseconds = keepMilliseconds;
    const own = {
      listen: (listener: TrainingListener) => {
        this.#listener = listener;
      },
    };
    this.service = new Proxy(own as TrainingService, {
      get: (_, name: string) => Reflect.get(own, name) ?? this.#call(name),
    });
  }

  get storage(): FaultyStorage {
    return this.#storage;
  }

  /** Nothing is heard of it any more, and nothing that it does counts. What it has kept stays. */
  kill(): void {
    const life = this.#life;
    this.#life = undefined;
    this.#storage = this.#storage.afterCrash();
    life?.end(new WorkerFailedError('The worker for training broke: it was killed.'));
    for (const id of life?.runs ?? []) life?.service.pause(id).catch(() => undefined);
  }

  /** Frees every run that was ever opened, those of killed workers as well. */
  async close(): Promise<void> {
    for (const { service, runs } of this.#lives) {
      await Promise.all(runs.map((id) => service.close(id)));
    }
  }

  #call(name: string): Call {
    return async (...parameters) => {
      this.#life ??= this.#start();
      const { service, runs, ended } = this.#life;
      this.onCall(name);
      const answer = (Reflect.get(service, name) as Call)(...parameters);
      const kept = answer.then((value) => {
        if (name === 'open') runs.push((value as { id: number }).id);
        if (name === 'goOn') runs.push((value as { opened: { id: number } }).opened.id);
        return value;
      });
      return Promise.race([ended, kept]);
    };
  }

  #start(): Life {
    const service = serviceFor({
      storage: this.#storage,
      keepMilliseconds: this.#keepMilliseconds,
      retryMilliseconds: [0, 1, 2, 3],
    });
    let end: Life['end'] = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      end = reject;
    });
    ended.catch(() => undefined); // whoever asks is told
    const life = { service, runs: [], ended, end };
    this.#lives.push(life);
    const heard = <P extends unknown[]>(
      tell: (listener: TrainingListener, ...all: P) => unknown,
    ) => {
      return (...all: P) => {
        if (this.#life === life && this.#listener !== undefined) tell(this.#listener, ...all);
      };
    };
    service.listen({
      onProgress: heard((listener, progress) => listener.onProgress(progress)),
      onMoved: heard((listener, moved) => listener.onMoved(moved)),
      onLost: heard((listener, id, obstacle) => listener.onLost(id, obstacle)),
      onFinding: heard((listener, id, finding) => listener.onFinding(id, finding)),
      onNotKept: heard((listener, message) => listener.onNotKept(message)),
      onLoading: heard((listener, share) => listener.onLoading(share)),
      onTuning: heard((listener, progress) => listener.onTuning(progress)),
    });
    return life;
  }
}
