/**
 * The page's address in the browser's history: a change of it is a step there, or a better word for the
 * entry that is shown. Browsers take only so many in a time (Safari 100 in 30 s, and throws then): what is
 * too much waits, and the last word counts.
 */

/** Marks the entries of the browser's history that have been shown; those that links make have no mark. */
export const SEEN = 'seen';

/** So many changes are written at once; each interval after that gives room for another one. */
const BURST = 30;
const INTERVAL_MILLISECONDS = 500;

/** Adds an entry to the browser's history, or rewrites the present one. False where the browser refuses. */
export function writeEntry(how: 'push' | 'replace', url: string): boolean {
  try {
    if (how === 'push') history.pushState(SEEN, '', url);
    else history.replaceState(SEEN, '', url);
    return true;
  } catch {
    return false;
  }
}

interface Pending {
  readonly query: string;
  readonly isStep: boolean;
}

/** Keeps the part of the address behind `?`. */
export class AddressSteps {
  #pending: Pending | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #room = BURST;
  #countedAt = performance.now();
  /** The last step, while it is the entry that is shown: where it led from, and the whole address. */
  #step: { readonly from: string; readonly at: string } | undefined;
  #isGoingBack = false;
  /** True where a step was taken back: what comes next leads away from there once more. */
  #isBack = false;

  /**
   * Writes a query, now or as soon as the browser takes it.
   *
   * @param query - with its `?`, or empty
   * @param isStep - whether Back leads to the query before. A query that is none takes back the step that
   *   led away from it: nothing is left of that but an entry ahead.
   */
  write(query: string, isStep: boolean): void {
    this.#pending = { query, isStep: isStep || this.#pending?.isStep === true };
    this.#writePending();
  }

  /**
   * To be told of every step through the history.
   *
   * @returns true where it was this object's own, and nobody has anything to follow
   */
  arrived(): boolean {
    const isOwn = this.#isGoingBack;
    this.#isGoingBack = false;
    this.#isBack = isOwn;
    this.#step = undefined;
    // Somebody who goes elsewhere wants to be there.
    if (!isOwn) this.#pending = undefined;
    this.#writePending();
    return isOwn;
  }

  #writePending(): void {
    const pending = this.#pending;
    if (pending === undefined || this.#isGoingBack) return;
    const { query } = pending;
    const isStep = pending.isStep || this.#isBack;
    const from = location.search;
    if (query === from) {
      this.#pending = undefined;
      return;
    }
    const isOnStep = this.#step?.at === location.href;
    const url = `${location.pathname}${query}${location.hash}`;
    if (!this.#hasRoom() || !writeEntry(isStep ? 'push' : 'replace', url)) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#writePending();
      }, INTERVAL_MILLISECONDS);
      return;
    }
    this.#pending = undefined;
    this.#isBack = false;
    const start = isStep ? from : isOnStep ? this.#step?.from : undefined;
    this.#step = start === undefined ? undefined : { from: start, at: location.href };
    if (isStep || start !== query) return;
    // It equals the entry before it.
    this.#isGoingBack = true;
    history.back();
  }

  /** Whether one more change may be written now, which then counts. */
  #hasRoom(): boolean {
    const intervals = Math.floor((performance.now() - this.#countedAt) / INTERVAL_MILLISECONDS);
    this.#room = Math.min(BURST, this.#room + intervals);
    this.#countedAt += intervals * INTERVAL_MILLISECONDS;
    if (this.#room === 0) return false;
    this.#room -= 1;
    return true;
  }
}
