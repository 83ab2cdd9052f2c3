/** Contenders as the page sees them: each in a worker of its own, started when it is first asked for. */
import { scriptUrl } from '../app/script-url';
import { Connection } from '../app/worker/connection';
import type { Contender, Training } from '../comparison/contender';
import type { ContenderService } from './contender-worker';
import contenderWorker from './contender-worker.ts?worker&url';
import type { ContenderName } from './contenders';

type ContenderConnection = Connection<ContenderService>;

/** The workers of one run. */
export class RemoteContenders {
  readonly #signal: AbortSignal;
  readonly #contenders = new Map<ContenderName, Contender>();
  readonly #connections: ContenderConnection[] = [];

  /** @param signal - once it is aborted, all calls reject with its reason and the workers end */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.terminate(signal.reason), { once: true });
  }

  /** The contender; the same one each time. What it does rejects with a RefusedError in its words. */
  readonly get = (name: ContenderName): Contender => {
    const known = this.#contenders.get(name);
    if (known !== undefined) return known;
    let connection: ContenderConnection | undefined;
    const contender: Contender = {
      name,
      prepare: async (problem) => {
        this.#signal.throwIfAborted();
        connection ??= this.#connect(name);
        const opened = await connection.ask((service) => service.prepare(problem));
        return openTraining(connection, opened);
      },
    };
    this.#contenders.set(name, contender);
    return contender;
  };

  /** Ends all workers, with whatever they are doing; whoever still waits is given the reason. */
  terminate(reason?: unknown): void {
    for (const connection of this.#connections) connection.end(reason);
  }

  #connect(name: ContenderName): ContenderConnection {
    const worker = new Worker(scriptUrl(contenderWorker), {
      type: 'module',
      name,
    });
    const connection: ContenderConnection = new Connection(worker, name);
    this.#connections.push(connection);
    return connection;
  }
}

function openTraining(
  connection: ContenderConnection,
  { note, hasDevice }: { readonly note: string | undefined; readonly hasDevice: boolean },
): Training {
  return {
    train: (epochs) => connection.ask((service) => service.train(epochs)),
    losses: (epochs) => connection.ask((service) => service.losses(epochs)),
    ...(hasDevice && {
      device: {
        epoch: () => connection.ask((service) => service.deviceEpoch()),
        speed: () => connection.ask((service) => service.deviceSpeed()),
      },
    }),
    ...(note !== undefined && { note }),
    // Nobody waits for it.
    dispose: () => void connection.ask((service) => service.dispose()).catch(() => {}),
  };
}
