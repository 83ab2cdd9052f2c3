/** The page's end of a worker, for every worker that it has: a call is answered, or rejects when the worker breaks. */
import { type Remote, wrap } from 'comlink';

/** A worker was not loaded, or broke; it answers nothing any more. */
export class WorkerFailedError extends Error {
  override readonly name = 'WorkerFailedError';
}

export class Connection<Service> {
  readonly #worker: Worker;
  readonly #service: Remote<Service>;
  /** Rejects when there will be no more answers: a worker that has ended says nothing. */
  readonly #ended: Promise<never>;
  #reject: (reason: unknown) => void = () => {};
  #hasEnded = false;

  /**
   * @param worker - new, so that its error cannot have been missed
   * @param title - what it does, for messages: "training"
   */
  constructor(worker: Worker, title: string) {
    this.#worker = worker;
    this.#service = wrap(worker);
    this.#ended = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#ended.catch(() => {}); // whoever asks is told
    // What failed to load or was blocked comes without a message.
    worker.addEventListener('error', ({ message }) => {
      const cause = message
        ? `broke: ${message}`
        : 'could not be loaded: its script was blocked, or the connection failed';
      this.end(new WorkerFailedError(`The worker for ${title} ${cause}.`));
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * What the worker answers to a call.
   *
   * @throws WorkerFailedError where it cannot answer; what `end` was given, once that was called
   */
  ask<T>(call: (service: Remote<Service>) => Promise<T>): Promise<T> {
    return Promise.race([this.#ended, call(this.#service)]);
  }

  /** Ends the worker at once, whatever it does. Without a reason nobody who asked hears of it. */
  end(reason?: unknown): void {
    this.#hasEnded = true;
    this.#worker.terminate();
    if (reason !== undefined) this.#reject(reason);
  }
}
