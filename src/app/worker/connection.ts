/** The page's end of a worker, for every worker that it has: a call is answered, or rejects when the worker breaks. */
import { proxy, type Remote, releaseProxy, wrap } from 'comlink';

/** A worker was not loaded, or broke; it answers nothing any more. */
export class WorkerFailedError extends Error {
  override readonly name = 'WorkerFailedError';
}

/** A worker that says nothing for so long after its start is taken not to load at all, in milliseconds. */
const LOADING_MS = 15_000;

export class Connection<Service extends object> {
  /** The worker's service, each call as `ask` does it. */
  readonly service = serviceOf<Service>(() => this);
  readonly #worker: Worker;
  readonly #remote: Remote<Service>;
  readonly #title: string;
  readonly #loading: ReturnType<typeof setTimeout>;
  /** Tells whoever waits that there will be no more answers: a worker that has ended says nothing. */
  readonly #waiting = new Set<(reason: unknown) => void>();
  #hasEnded = false;
  /** Why it has ended, where whoever asks is to hear of it. */
  #reason: unknown;

  /**
   * @param worker - new, so that its error cannot have been missed
   * @param title - what it does, for messages: "training"
   */
  constructor(worker: Worker, title: string) {
    this.#worker = worker;
    this.#remote = wrap(worker);
    this.#title = title;
    // What failed to load or was blocked comes without a message.
    worker.addEventListener('error', ({ message }) =>
      this.#fail(
        message
          ? `broke: ${message}`
          : 'could not be loaded: its script was blocked, or the connection failed',
      ),
    );
    const seconds = LOADING_MS / 1000;
    this.#loading = setTimeout(
      () => this.#fail(`could not be loaded: it has not answered for ${seconds} seconds`),
      LOADING_MS,
    );
    // A property that no service has is answered as soon as the script has run, before any call is.
    const loaded: PromiseLike<undefined> = Reflect.get(this.#remote as object, 'isLoaded');
    loaded.then(
      () => clearTimeout(this.#loading),
      () => {},
    );
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
    // A race against one promise for all calls would hold every answer for as long as that is open.
    return new Promise((resolve, reject) => {
      if (this.#reason !== undefined) reject(this.#reason);
      if (this.#hasEnded) return;
      const answer = call(this.#remote);
      this.#waiting.add(reject);
      answer.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Ends the worker at once, whatever it does. Without a reason nobody who asked hears of it. */
  end(reason?: unknown): void {
    if (this.#hasEnded) return;
    clearTimeout(this.#loading);
    this.#hasEnded = true;
    this.#reason = reason;
    // Comlink would hold the worker, and that by its listener the remote, for as long as the page lives.
    this.#remote[releaseProxy]();
    this.#worker.terminate();
    if (reason !== undefined) for (const reject of this.#waiting) reject(reason);
    this.#waiting.clear();
  }

  #fail(how: string): void {
    this.end(new WorkerFailedError(`The worker for ${this.#title} ${how}.`));
  }
}

/**
 * A service whose every call is asked of the worker that `connect` gives for it, and rejects as `ask` does.
 * What the worker calls back runs on this side.
 *
 * @param own - methods that are answered here
 */
export function serviceOf<Service extends object>(
  connect: () => Connection<Service>,
  own: Partial<Service> = {},
): Service {
  const asked =
    (name: string | symbol) =>
    (...parameters: unknown[]) =>
      connect().ask((service) =>
        Reflect.get(service as object, name)(...parameters.map(travelling)),
      );
  return new Proxy(own as Service, {
    get: (_, name) => Reflect.get(own, name) ?? asked(name),
  });
}

/** Functions do not travel, alone or in an object; a proxy of them does. */
function travelling(value: unknown): unknown {
  const isCalled =
    typeof value === 'function' ||
    (value instanceof Object &&
      !ArrayBuffer.isView(value) &&
      Object.values(value).some((part) => typeof part === 'function'));
  return isCalled ? proxy(value) : value;
}
