/** What must hold of a run amid faults, whatever was broken: its bits, where it is, and what its page says. */

import { expect } from 'vitest';
import type { Notice } from '../../src/app/state/announcer';
import { FAILURES } from '../../src/app/state/failures';
import type { Run } from '../../src/app/state/run';
import type { BackendName } from '../../src/training/backend';
import type { endOf } from '../support/run-page';

/** As backends-of-run has it. */
const MOST_LOSSES = 3;
const LOSSES_WITHIN_MS = 60_000;

export type End = Awaited<ReturnType<typeof endOf>>;

/** A copy of the run in a storage. */
export interface Copy {
  readonly id: string;
  readonly backend: BackendName;
  readonly epoch: number;
  readonly batch: number;
}

export class Invariants {
  readonly #expected: End;
  /** No device can be had any more. */
  isAdapterGone = false;
  /** When devices were lost under the run as it was opened last. */
  #losses: { readonly at: number; readonly most: number }[] = [];
  /** Notices of losses that the page owes its user: at least and at most. */
  #owed = { least: 0, most: 0 };
  /** Epochs whose bits are the undisturbed run's; beyond, another backend has trained. */
  #pure = Number.POSITIVE_INFINITY;
  /** Where the run may be. */
  #backends: readonly BackendName[] = ['webgpu'];

  /** @param expected - what the run ends with when nothing is broken */
  constructor(expected: End) {
    this.#expected = expected;
  }

  /** Whether the run should be on the GPU. */
  get isOnGpu(): boolean {
    return this.#backends[0] === 'webgpu';
  }

  /**
   * A device is lost under the run.
   *
   * @param at - milliseconds by the page's clock
   * @param most - devices that are lost on the way to the next one, this one among them
   */
  lose(at: number, most: number): void {
    this.#owed = { least: this.#owed.least + 1, most: this.#owed.most + most };
    const recent = this.#losses.filter((loss) => at - loss.at < LOSSES_WITHIN_MS);
    this.#losses = [...recent, { at, most }];
    const mostLosses = this.#losses.reduce((sum, loss) => sum + loss.most, 0);
    if (this.isAdapterGone || this.#losses.length >= MOST_LOSSES) this.#backends = ['cpu'];
    else if (mostLosses >= MOST_LOSSES) this.#backends = ['webgpu', 'cpu'];
  }

  /** Another page owes nothing for what the one before did not say. */
  turnPage(): void {
    this.#owed = { least: 0, most: 0 };
  }

  /** The run is opened again, from a copy or from the beginning. */
  bringBack(copy: Copy | undefined): void {
    this.#losses = [];
    this.#backends = [this.isAdapterGone ? 'cpu' : (copy?.backend ?? 'webgpu')];
    if (copy?.backend === 'cpu') return;
    this.#pure = this.isAdapterGone ? (copy?.epoch ?? 0) : Number.POSITIVE_INFINITY;
  }

  /** Whether the page has told of each loss. */
  isTold(notices: readonly Notice[]): boolean {
    return told(notices) >= this.#owed.least;
  }

  /** What the page has told is all that it owes. */
  settle(notices: readonly Notice[]): void {
    this.#owed = { least: told(notices), most: told(notices) };
  }

  /** Holds at any time. */
  check(run: Run, notices: readonly Notice[], uncaught: readonly string[]): void {
    this.#follow(run, notices);
    // Until it has said so, it is on its way.
    if (this.isTold(notices)) expect(this.#backends).toContain(run.info.name);
    const { history } = run;
    expect(history.epochs).toEqual(Array.from(history.epochs, (_, i) => i + 1));
    const known = history.slice(0, Math.min(this.#pure, history.length));
    expect(known).toEqual(this.#expected.history.slice(0, known.length));
    const failures: readonly string[] = Object.values(FAILURES);
    expect(notices.filter(({ title }) => failures.includes(title))).toEqual([]);
    expect(told(notices)).toBeLessThanOrEqual(this.#owed.most);
    expect(uncaught).toEqual([]);
  }

  /** Holds of a run that is over, beside what holds at any time. */
  checkEnd(run: Run, notices: readonly Notice[], end: End): void {
    expect(this.isTold(notices)).toBe(true);
    if (run.info.name === 'webgpu') expect(end).toEqual(this.#expected);
    else expect(end.history.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  }

  /** Where the run went over to the CPU, the bits are others from there. */
  #follow({ info }: Run, notices: readonly Notice[]): void {
    if (info.name === 'webgpu') return;
    for (const { text } of notices) {
      const from = /went on from epoch ([\d,]+) on CPU/.exec(text)?.[1];
      if (from !== undefined) this.#pure = Math.min(this.#pure, Number(from.replaceAll(',', '')));
    }
  }
}

/** How many losses the page has told of. */
function told(notices: readonly Notice[]): number {
  return notices.filter(({ title }) => /^The GPU (was lost|failed)$/.test(title)).length;
}
