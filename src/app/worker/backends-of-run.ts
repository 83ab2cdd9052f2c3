/**
 * The backends that a run has one after the other: the one that was asked for with its plan, another
 * device's after a loss, and what is left where none can be had.
 */
import type { WebGpuOptions } from '../../gpu/backend';
import type { AcquiredDevice } from '../../gpu/runtime/device';
import { openBackend } from '../../session/open-backend';
import { keptDevice } from '../../session/page-device';
import type { Backend, BackendName, Problem } from '../../training/backend';
import { obstacleOf } from './obstacle-of';
import type { Obstacle } from './training-service';

/** After so many losses within so long a time a run takes no other device. */
const MOST_LOSSES = 3;
const LOSSES_WITHIN_MS = 60_000;
/** A driver that starts anew has no adapter for a moment: waits before each try. */
const WAITS_MS = [0, 300, 1000, 2000];

export interface OpenedBackend {
  readonly backend: Backend;
  /** What it computes on; none where it needs no device. */
  readonly device?: AcquiredDevice;
  /** Resolves when its device is lost. */
  readonly lost: Promise<Obstacle>;
}

/** A backend, and why it is not the one that was asked for. */
interface FirstBackend extends OpenedBackend {
  readonly fallback?: Obstacle;
}

export class BackendsOfRun {
  #problem: Problem;
  readonly #webgpu: WebGpuOptions;
  readonly #waits: readonly number[];
  readonly #now: () => number;
  #losses: number[] = [];
  #last: Backend | undefined;

  /** @param waits - milliseconds before each try to have a device again */
  constructor(
    problem: Problem,
    webgpu: WebGpuOptions,
    waits: readonly number[] = WAITS_MS,
    now: () => number = () => performance.now(),
  ) {
    this.#problem = problem;
    this.#webgpu = webgpu;
    this.#waits = waits;
    this.#now = now;
  }

  /**
   * The backend that was asked for, or what is had in its place: another device where the first was lost
   * meanwhile, then the CPU, then the reference.
   */
  async first(wanted: BackendName): Promise<FirstBackend> {
    try {
      return await this.#open(wanted, this.#webgpu);
    } catch (error) {
      const fallback = obstacleOf(error);
      const isLost = fallback.reason === 'device-lost' || fallback.reason === 'device-error';
      // What was lost while plans were measured is not asked to measure again.
      const again = { ...this.#webgpu, tuning: 'off' } as const;
      const names = substitutesOf(wanted).filter((name) => isLost || name !== 'webgpu');
      const opened = await this.#firstOf(names, again);
      return opened.backend.info.name === wanted ? opened : { ...opened, fallback };
    }
  }

  /**
   * The last backend once more, with the same plan, for a problem whose settings are others.
   *
   * @param epoch - of the state that is loaded next
   * @throws BackendUnavailableError where it cannot be had; the problem is then what it was
   */
  async changed(problem: Problem, epoch: number): Promise<OpenedBackend> {
    const { name, plan } = this.#last?.info ?? { name: 'webgpu' };
    const webgpu = { ...this.#webgpu, ...(plan !== undefined && { candidate: plan.candidate }) };
    const before = this.#problem;
    this.#problem = problem;
    try {
      return await this.#open(name, webgpu, epoch);
    } catch (error) {
      this.#problem = before;
      throw error;
    }
  }

  /**
   * A backend in the place of the last one, whose device was lost: with the same plan on another device,
   * or after three losses within a minute on the CPU.
   *
   * @param epoch - of the state that is loaded next
   * @throws BackendUnavailableError where none can be had
   */
  async next(epoch = 0): Promise<OpenedBackend> {
    const now = this.#now();
    this.#losses = [...this.#losses.filter((at) => now - at < LOSSES_WITHIN_MS), now];
    const { name, plan } = this.#last?.info ?? { name: 'webgpu' };
    const isUnsteady = this.#losses.length >= MOST_LOSSES;
    const names = substitutesOf(name).filter((each) => !isUnsteady || each !== 'webgpu');
    const webgpu = { ...this.#webgpu, ...(plan !== undefined && { candidate: plan.candidate }) };
    for (const wait of names.includes('webgpu') ? this.#waits : []) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        return await this.#open('webgpu', webgpu, epoch);
      } catch (error) {
        obstacleOf(error); // whatever no backend raised is no reason to try again
      }
    }
    return this.#firstOf(
      names.filter((each) => each !== 'webgpu'),
      webgpu,
      epoch,
    );
  }

  async #firstOf(
    names: readonly BackendName[],
    webgpu: WebGpuOptions,
    epoch = 0,
  ): Promise<OpenedBackend> {
    const [name, ...others] = names;
    try {
      return await this.#open(name, webgpu, epoch);
    } catch (error) {
      obstacleOf(error); // whatever no backend raised is no reason to try another
      if (others.length === 0) throw error;
      return this.#firstOf(others, webgpu, epoch);
    }
  }

  async #open(name: BackendName, options: WebGpuOptions, epoch = 0): Promise<OpenedBackend> {
    const { promise: lost, resolve } = withResolver<Obstacle>();
    const onLost = (error: Error) => resolve(obstacleOf(error));
    const place = name === 'webgpu' ? { device: await keptDevice() } : {};
    const webgpu = { ...options, ...place, onLost };
    this.#last = await openBackend(name, this.#problem, webgpu, epoch);
    return { backend: this.#last, ...place, lost };
  }
}

/** What is tried in turn: the CPU is the faster one of those that need no device. */
function substitutesOf(name: BackendName): readonly BackendName[] {
  return name === 'webgpu' ? ['webgpu', 'cpu', 'reference'] : ['cpu', 'reference'];
}

/** A promise and the function that settles it. */
function withResolver<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
