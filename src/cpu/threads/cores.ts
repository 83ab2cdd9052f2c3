/** The processor's cores, and the threads that a backend borrows to use them. */
import type { Orders } from './kernel-thread.mjs';

/** A worker that runs kernels. It serves one team at a time, and may serve another one later. */
export interface Thread {
  /** Joins a team; resolves when it listens, and rejects where it could not be started. */
  join(orders: Orders): Promise<void>;
  /** Ends it, whatever it does. */
  terminate(): void;
}

export class Cores {
  readonly #idle: Thread[] = [];

  /**
   * @param count - how many there are, as the platform says
   * @param most - threads that may be used, this one included: 1 where memory can't be shared
   * @param start - starts a thread; called only for a second one and on
   */
  constructor(
    readonly count: number,
    readonly most: number,
    private readonly start: () => Thread,
  ) {}

  /** Threads that nobody uses, started where there are too few. */
  borrow(count: number): Thread[] {
    return Array.from({ length: count }, () => this.#idle.pop() ?? this.start());
  }

  /** Takes threads back whose team is over. */
  giveBack(threads: readonly Thread[]): void {
    this.#idle.push(...threads);
  }
}

/** This thread and no other, of as many cores as there are. */
export function oneCoreOf(count: number): Cores {
  return new Cores(count, 1, () => {
    throw new Error('There is no second thread.');
  });
}

/** This thread and no other. */
export const ONE_CORE = oneCoreOf(1);
