/** Contenders as the page sees them: each in a worker of its own, started when it is first asked for. */
import type { Remote } from 'comlink';
import { Connection } from '../app/worker/connection';
import type { Contender, Training } from '../comparison/contender';
import { RefusedError } from '../comparison/refusal';
import type { Answer, ContenderService } from './contender-worker';
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

  /** The contender; the same one each time. */
  readonly get = (name: ContenderName): Contender => {
    const known = this.#contenders.get(name);
    if (known !== undefined) return known;
    let connection: ContenderConnection | undefined;
    const contender: Contender = {
      name,
      prepare: async (problem) => {
        this.#signal.throwIfAborted();
        connection ??= this.#connect(name);
        return openTraining(
          connection,
          await ask(connection, (service) => service.prepare(problem)),
        );
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
    const worker = new Worker(new URL('./contender-worker.ts', import.meta.url), {
      type: 'module',
      name,
    });
    const connection: ContenderConnection = new Connection(worker, name);
    this.#connections.push(connection);
    return connection;
  }
}

/** @throws RefusedError with the contender's words, or what the connection throws */
async function ask<T>(
  connection: ContenderConnection,
  call: (service: Remote<ContenderService>) => Promise<Answer<T>>,
): Promise<T> {
  const answer = await connection.ask(call);
  if ('refusal' in answer) throw new RefusedError(answer.refusal);
  return answer.value;
}

function openTraining(connection: ContenderConnection, note: string | undefined): Training {
  return {
    train: (epochs) => ask(connection, (service) => service.train(epochs)),
    losses: (epochs) => ask(connection, (service) => service.losses(epochs)),
    ...(note !== undefined && { note }),
    // Nobody waits for it.
    dispose: () => void connection.ask((service) => service.dispose()).catch(() => {}),
  };
}
