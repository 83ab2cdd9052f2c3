/**
 * When a run's steps are held against float64: the first ones where these kernels have not run on this
 * device before, and from then on now and then, so seldom that it costs nothing that anybody notices.
 */
import type { AcquiredDevice } from '../../gpu/runtime/device';
import type { Finding } from '../../session/self-test/spot-check';
import type { BackendInfo, Problem, TrainingState } from '../../training/backend';
import { problemAt } from '../../training/course';

/** Steps that are checked before a device counts as known: the second has what the first has made. */
const FIRST_STEPS = 2;
/** Checks come this often at most, and so seldom that they take less than a hundredth of the time. */
const LEAST_INTERVAL_MS = 20_000;
const SHARE = 0.01;

/** Where it is remembered which kernels were right on which device. */
export interface SoundStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

export class SpotChecks {
  readonly #acquired: AcquiredDevice;
  readonly #info: BackendInfo;
  readonly #problem: Problem;
  readonly #store: SoundStore;
  readonly #interval: number | undefined;
  /** Of the first steps, those that are left to check; unknown before the store was asked. */
  #left: number | undefined;
  #nextAt = Number.POSITIVE_INFINITY;
  #key = '';

  /**
   * @param info - of the backend that runs on the device
   * @param interval - milliseconds between two checks; by default 20 s, and more after one that took long
   */
  constructor(
    acquired: AcquiredDevice,
    info: BackendInfo,
    problem: Problem,
    store: SoundStore,
    interval?: number,
  ) {
    this.#acquired = acquired;
    this.#info = info;
    this.#problem = problem;
    this.#store = store;
    this.#interval = interval;
  }

  /** Asks once whether the kernels are known on this device. */
  async begin(): Promise<void> {
    if (this.#left !== undefined) return;
    const { soundKey } = await import('../../session/self-test/spot-check');
    this.#key = soundKey(this.#acquired, this.#info, this.#problem);
    const isKnown = await this.#store.get(this.#key).catch(() => undefined);
    this.#left = isKnown === undefined ? FIRST_STEPS : 0;
    this.#nextAt = performance.now() + (this.#interval ?? LEAST_INTERVAL_MS);
  }

  /** True where the next step of the run should be checked. */
  get isDue(): boolean {
    return (this.#left ?? 0) > 0 || performance.now() >= this.#nextAt;
  }

  /**
   * Checks a step; there is no other check after one that found something, or could not be done.
   *
   * @param before - the state that it began with
   * @param after - what the run has made of it
   */
  async check(before: TrainingState, after: TrainingState): Promise<Finding | undefined> {
    const began = performance.now();
    const left = this.#left ?? 0;
    this.#left = 0;
    this.#nextAt = Number.POSITIVE_INFINITY;
    const { spotCheck } = await import('../../session/self-test/spot-check');
    const problem = problemAt(this.#problem, before.epoch);
    const finding = await spotCheck(this.#acquired, this.#info.plan, problem, before, after);
    if (finding !== undefined) return finding;
    this.#left = Math.max(0, left - 1);
    const now = performance.now();
    this.#nextAt = now + (this.#interval ?? Math.max(LEAST_INTERVAL_MS, (now - began) / SHARE));
    // A store that fails costs the next run two checks.
    if (left === 1) await this.#store.set(this.#key, { at: Date.now() }).catch(() => undefined);
    return undefined;
  }
}
