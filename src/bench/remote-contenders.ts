/** Contenders as the page sees them: each in a worker of its own, started when it is first asked for. */
import { type Remote, wrap } from 'comlink';
import type { Contender, ContenderName, Session } from './contender';
import type { Answer, ContenderService } from './contender-worker';
import { RefusedError } from './refusal';

/** The workers of one run. */
export class RemoteContenders {
  readonly #signal: AbortSignal;
  readonly #contenders = new Map<ContenderName, Contender>();
  readonly #workers: Worker[] = [];

  /** @param signal - once it is aborted, all calls reject with its reason and the workers end */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.terminate(), { once: true });
  }

  /** The contender; the same one each time. */
  readonly get = (name: ContenderName): Contender => {
    const known = this.#contenders.get(name);
    if (known !== undefined) return known;
    let connection: Connection | undefined;
    const contender: Contender = {
      name,
      prepare: async (problem) => {
        this.#signal.throwIfAborted();
        connection ??= this.#connect(name);
        return openSession(connection, await connection.ask((service) => service.prepare(problem)));
      },
    };
    this.#contenders.set(name, contender);
    return contender;
  };

  /** Ends all workers, with whatever they are doing. */
  terminate(): void {
    for (const worker of this.#workers) worker.terminate();
  }

  #connect(name: ContenderName): Connection {
    const worker = new Worker(new URL('./contender-worker.ts', import.meta.url), {
      type: 'module',
      name,
    });
    this.#workers.push(worker);
    return new Connection(worker, this.#signal);
  }
}

/** A worker that answers, breaks, or is ended by the signal. */
class Connection {
  readonly #service: Remote<ContenderService>;
  /** Rejects when there will be no more answers: a worker that has ended says nothing. */
  readonly #ended: Promise<never>;

  constructor(worker: Worker, signal: AbortSignal) {
    this.#service = wrap(worker);
    this.#ended = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.addEventListener('error', ({ message }) => {
        reject(new RefusedError(`failed: its worker broke (${message || 'it did not load'})`));
      });
    });
    this.#ended.catch(() => {}); // whoever asks is told
  }

  async ask<T>(call: (service: Remote<ContenderService>) => Promise<Answer<T>>): Promise<T> {
    const answer = await Promise.race([call(this.#service), this.#ended]);
    if ('refusal' in answer) throw new RefusedError(answer.refusal);
    return answer.value;
  }

  /** Tells the worker to free what it holds; nobody waits for it. */
  dispose(): void {
    this.#service.dispose().catch(() => {});
  }
}

function openSession(connection: Connection, note: string | undefined): Session {
  return {
    train: (epochs) => connection.ask((service) => service.train(epochs)),
    losses: (epochs) => connection.ask((service) => service.losses(epochs)),
    ...(note !== undefined && { note }),
    dispose: () => connection.dispose(),
  };
}
