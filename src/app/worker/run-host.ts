/** What the worker holds of a run of the page: a backend with its trainer, and the clock that leaves pauses out. */
import { type DeadUnits, findDeadUnits } from '../../evaluation/dead-units';
import { forward } from '../../reference/network';
import { type FinalReport, finalReport } from '../../session/final-report';
import type { SelfTestReport } from '../../session/self-test/self-test';
import type { Backend, EpochMetrics } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import type { Prepared } from '../../training/prepare';
import { checkState } from '../../training/state';
import { type Outcome, type SavedRun, Trainer } from '../../training/trainer';
import type { Obstacle, Progress, Snapshot, Stopped } from './training-service';

/** The page hears of progress this often at most. */
const REPORT_MILLISECONDS = 100;
/** Epochs of one report. */
const MOST_EPOCHS = 2000;
/** What runs on a device may fail this long before the device is known to be lost. */
const LOSS_MILLISECONDS = 1000;

interface RunHostSetup {
  /** Names the run to the page. */
  readonly id: number;
  readonly backend: Backend;
  readonly prepared: Prepared;
  readonly configuration: Configuration;
  /** Its promise resolves when the page has taken the progress in. */
  readonly onProgress: (progress: Progress) => unknown;
  /** Resolves when the backend's device is lost. */
  readonly lost: Promise<Obstacle>;
}

export class RunHost {
  readonly #setup: RunHostSetup;
  readonly #trainer: Trainer;
  /** Epochs that the page has been told of. */
  #reported = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #trainedBefore = 0;
  #startedAt: number | undefined;
  #isClosed = false;
  /** Epochs a second in slow motion. */
  #pace: number | undefined;
  #isPaused = false;
  /** Ends the wait between two epochs of slow motion. */
  #wake: () => void = () => undefined;

  constructor(setup: RunHostSetup) {
    this.#setup = setup;
    const onProgress = () => {
      this.#report(false);
    };
    this.#trainer = new Trainer(setup.backend, setup.configuration, { onProgress });
  }

  run(pace: number | undefined): Promise<Stopped> {
    this.#pace = pace;
    return this.#train(() => this.#drive());
  }

  step(epochs: number): Promise<Stopped> {
    return this.#train(() => this.#trainer.step(epochs));
  }

  stepBatch(): Promise<Stopped> {
    return this.#train(() => this.#trainer.stepBatch());
  }

  pause(): void {
    this.#isPaused = true;
    this.#interrupt();
  }

  setPace(pace: number | undefined): void {
    this.#pace = pace;
    this.#interrupt();
  }

  report(): Promise<FinalReport> {
    return finalReport(this.#setup.backend, this.#setup.prepared);
  }

  predict(features: Float64Array, count: number): Promise<Float64Array> {
    return this.#setup.backend.predict(features, count);
  }

  parameters(): Promise<Float64Array> {
    return this.#setup.backend.parameters();
  }

  async snapshot(): Promise<Snapshot> {
    const { epoch, parameters } = await this.#setup.backend.state();
    return { epoch, parameters };
  }

  async deadUnits(): Promise<DeadUnits> {
    const { epoch, parameters } = await this.snapshot();
    const { spec, train } = this.#setup.prepared.problem;
    const activationsOf = (features: Float64Array, count: number) =>
      forward(spec, parameters, features, count);
    return findDeadUnits(activationsOf, train, parameters.length, epoch);
  }

  /** The plan of a backend that has none is WebGPU's plan of the fixed table. */
  async selfTest(): Promise<SelfTestReport> {
    const { selfTest } = await import('../../session/self-test/self-test');
    const { prepared, backend } = this.#setup;
    return selfTest(prepared.problem, backend.info.plan);
  }

  save(): Promise<SavedRun> {
    return this.#trainer.save();
  }

  /** The whole file is checked before any of it is loaded. */
  async restore(saved: SavedRun): Promise<void> {
    for (const state of [saved.state, saved.best]) {
      if (state !== undefined) checkState(state, this.#setup.prepared.problem);
    }
    await this.#trainer.restore(saved);
    // Whoever restores has the history.
    this.#reported = saved.history.length;
  }

  close(): void {
    this.#isClosed = true;
    this.pause();
    this.#setup.backend.dispose();
  }

  #interrupt(): void {
    this.#trainer.pause();
    this.#wake();
  }

  /** Trains to the end or to a pause, at a pace that may change meanwhile. */
  async #drive(): Promise<Outcome> {
    this.#isPaused = false;
    while (true) {
      const pace = this.#pace;
      const outcome = await (pace === undefined ? this.#trainer.run() : this.#trainer.step());
      if (outcome.reason !== 'paused' || this.#isPaused) return outcome;
      if (pace !== undefined) await this.#wait(1000 / pace);
      if (this.#isPaused) return outcome;
    }
  }

  /** Lets people see the epoch; the time does not count as training. */
  async #wait(milliseconds: number): Promise<void> {
    this.#report(milliseconds >= REPORT_MILLISECONDS);
    this.#stopClock();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
    this.#startedAt = performance.now();
  }

  async #train(train: () => Promise<Outcome>): Promise<Stopped> {
    this.#startedAt = performance.now();
    try {
      const outcome = await train();
      this.#stopClock();
      // Progress has a way of its own to the page: wait until it has arrived.
      await this.#report(true);
      return { ...outcome, trainMilliseconds: this.#trainedBefore };
    } catch (error) {
      this.#stopClock();
      const reason = await this.#reasonOf(error);
      return { reason, trainMilliseconds: this.#trainedBefore };
    }
  }

  /** Why training broke off: the run was closed, or its device lost; throws `error` otherwise. */
  async #reasonOf(error: unknown): Promise<'closed' | 'lost'> {
    if (this.#isClosed) return 'closed';
    const lost = this.#setup.lost.then(() => true);
    const waited = new Promise<false>((resolve) =>
      setTimeout(() => resolve(false), LOSS_MILLISECONDS),
    );
    if (await Promise.race([lost, waited])) return 'lost';
    throw error;
  }

  #stopClock(): void {
    this.#trainedBefore = this.#trainMilliseconds();
    this.#startedAt = undefined;
  }

  #trainMilliseconds(): number {
    const running = this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt;
    return this.#trainedBefore + running;
  }

  /** Tells the page how far training is, with the epochs that it has not heard of: at the end, else not too often. */
  #report(isEnd: boolean): unknown {
    const now = performance.now();
    if (!isEnd && now - this.#reportedAt < REPORT_MILLISECONDS) return undefined;
    this.#reportedAt = now;
    let arrived: unknown;
    // To take in very many epochs at once would be a long task of the page.
    do {
      const from = this.#reported;
      const epochs: readonly EpochMetrics[] = this.#trainer.history.slice(from, from + MOST_EPOCHS);
      this.#reported = from + epochs.length;
      arrived = this.#setup.onProgress({
        id: this.#setup.id,
        from,
        epochs,
        underway: this.#trainer.underway,
        trainMilliseconds: this.#trainMilliseconds(),
      });
    } while (this.#reported < this.#trainer.history.length);
    return arrived;
  }
}
