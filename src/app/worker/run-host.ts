/**
 * What the worker holds of a run of the page: a backend with its trainer, the clock that leaves pauses
 * out, and a copy of the run's state outside the backend. Where the backend's device is lost, the run
 * goes on from that copy on another backend, to the same bits where that has the same plan.
 */
import type { DeadUnits } from '../../evaluation/dead-units';
import { sizeOf } from '../../layers/kind';
import { layersOf, multiplyAddsOf } from '../../model/network-spec';
import { forward } from '../../reference/network';
import type { FinalReport } from '../../session/final-report';
import type { SelfTestReport } from '../../session/self-test/self-test';
import type { Finding } from '../../session/self-test/spot-check';
import type { Backend, Problem, TrainingState } from '../../training/backend';
import {
  type ChangeableValues,
  withChange,
  withMoreEpochs,
} from '../../training/configuration/changes';
import { checkConfiguration } from '../../training/configuration/check';
import type { Configuration } from '../../training/configuration/fields';
import { carriedOver, problemAt, withCourse } from '../../training/course';
import { BackendUnavailableError, InvalidInputError } from '../../training/errors';
import type { History } from '../../training/history';
import type { Prepared } from '../../training/prepare';
import { checkState } from '../../training/state';
import { type Outcome, type SavedRun, type StopReason, Trainer } from '../../training/trainer';
import type { OpenedBackend } from './backends-of-run';
import { HostCopies, type HostCopy } from './host-copies';
import { ProgressReports, REPORT_MILLISECONDS } from './progress-reports';
import { RunClock } from './run-clock';
import type { SpotChecks } from './spot-checks';
import type { Changed, Moved, Progress, Snapshot, Stopped } from './training-service';

/** Of slow motion: a faster pace takes several epochs a step, as nobody sees each and every step takes time of its own. */
const MOST_STEPS_A_SECOND = 25;
/** What runs on a device may fail this long before the device is known to be lost. */
const LOSS_MILLISECONDS = 1000;
/** A check that takes longer than this is given up. */
const CHECK_MILLISECONDS = 60_000;

/** Parameters of a run that the page holds on to once it has been replaced: with Adam's moments 24 MB. */
const MOST_PUT_ASIDE = 2 ** 20;

/** What the backend said at one moment. */
interface HostSnapshot extends Snapshot {
  /** Output probabilities of the samples that were asked about, (count × outputs). */
  readonly answers: Float64Array | undefined;
  /** What that took from training. */
  readonly milliseconds: number;
}

interface RunHostSetup {
  /** Names the run to the page. */
  readonly id: number;
  readonly opened: OpenedBackend;
  readonly prepared: Prepared;
  readonly configuration: Configuration;
  /** Its promise resolves when the page has taken the progress in. */
  readonly onProgress: (progress: Progress) => unknown;
  /** Opens another backend in the place of one that was lost, for a state of epoch `epoch`; rejects where none can be had. */
  readonly reopen: (epoch: number) => Promise<OpenedBackend>;
  /** Opens the same backend for other settings, and a state of epoch `epoch`; rejects, and nothing is otherwise. */
  readonly change: (problem: Problem, epoch: number) => Promise<OpenedBackend>;
  /** The run was taken back to its first `epochs` epochs. */
  readonly onRewound: (epochs: number) => void;
  /** The run goes on elsewhere. */
  readonly onMoved: (moved: Moved) => unknown;
  /** Nothing is left that it could go on with. */
  readonly onLost: (error: Error) => void;
  /** Takes a copy that outlives the worker. Training does not wait for it. */
  readonly keep: (copy: HostCopy) => void;
  /** Holds steps of a backend against float64; nothing where it has no device. */
  readonly checksOf: (opened: OpenedBackend, problem: Problem) => SpotChecks | undefined;
  /** A step was wrong. */
  readonly onFinding: (finding: Finding) => unknown;
  /** What it had trained already, where it goes on with a kept run. */
  readonly trainedMilliseconds?: number;
  /** The time between two copies; by default 5 s, and more where a copy takes long. */
  readonly keepMilliseconds?: number;
}

/** Other settings for a run, until it has them. */
interface Order {
  readonly configurationAt: (standing: Standing) => Configuration;
  readonly resolve: (changed: Changed) => void;
  readonly reject: (error: unknown) => void;
}

/** Where a run stands when its settings change. */
interface Standing {
  readonly configuration: Configuration;
  /** The first epoch, from 0, of which no batch is done. */
  readonly next: number;
}

export class RunHost {
  readonly #setup: RunHostSetup;
  readonly #clock: RunClock;
  #configuration: Configuration;
  #problem: Problem;
  #opened: OpenedBackend;
  #trainer: Trainer;
  #checks: SpotChecks | undefined;
  readonly #copies: HostCopies;
  /** Going over to another backend, while that lasts. */
  #moving: Promise<void> | undefined;
  /** Orders to change settings that wait for the chunks under way. */
  readonly #orders: Order[] = [];
  /** Following an order, while that lasts. */
  #changing: Promise<void> | undefined;
  #isTraining = false;
  /** The end of the last order to train. */
  #trained: Promise<unknown> = Promise.resolve();
  /** The backend that is trained on, which another may have taken the place of meanwhile. */
  #used: OpenedBackend;
  readonly #reports: ProgressReports;
  #isClosed = false;
  /** Epochs a second in slow motion. */
  #pace: number | undefined;
  #isPaused = false;
  /** How training has come to its end, once it has. */
  #ending: Exclude<StopReason, 'paused'> | undefined;
  /** Ends the wait between two epochs of slow motion. */
  #wake: () => void = () => undefined;

  constructor(setup: RunHostSetup) {
    this.#setup = setup;
    this.#configuration = setup.configuration;
    this.#problem = setup.prepared.problem;
    this.#clock = new RunClock(setup.trainedMilliseconds);
    this.#copies = new HostCopies((copy) => setup.keep(copy), setup.keepMilliseconds);
    this.#reports = new ProgressReports(setup.id, (progress) => setup.onProgress(progress));
    this.#opened = setup.opened;
    this.#used = setup.opened;
    this.#trainer = this.#attach(setup.opened);
  }

  run(pace: number | undefined): Promise<Stopped> {
    this.#pace = pace;
    return this.#train(() => this.#drive());
  }

  step(epochs: number): Promise<Stopped> {
    const target = this.#trainer.epoch + epochs;
    return this.#train(async () => {
      // A check that falls due on the way takes the trainer out of its step.
      while (true) {
        await this.#followOrders();
        const outcome =
          (await this.#checked()) ?? (await this.#trainer.step(target - this.#trainer.epoch));
        const isThere = this.#isPaused || this.#trainer.epoch >= target;
        if (outcome.reason !== 'paused' || isThere) return outcome;
      }
    });
  }

  stepBatch(): Promise<Stopped> {
    return this.#train(async () => {
      await this.#followOrders();
      return (await this.#checked()) ?? this.#trainer.stepBatch();
    });
  }

  pause(): void {
    this.#isPaused = true;
    this.#interrupt();
  }

  setPace(pace: number | undefined): void {
    this.#pace = pace;
    this.#interrupt();
  }

  /**
   * Trains with other settings from the next epoch on of which no batch is done; the run under way goes
   * on with them by itself. Rejects where there is no such epoch, or the settings are not allowed.
   */
  change(values: Partial<ChangeableValues>): Promise<Changed> {
    return this.#order(({ configuration, next }) => {
      if (next >= configuration.epochs || this.#ending !== undefined) {
        const allowed = 'the run has no epoch left to change; train on first';
        throw new InvalidInputError('changes', next, allowed);
      }
      return checkConfiguration(withChange(configuration, next, values));
    });
  }

  /**
   * Gives the run so many epochs altogether. Early stopping, where it has ended the run, is over.
   * Rejects where more epochs would have been another run from the start.
   */
  lengthen(epochs: number): Promise<Changed> {
    return this.#order(({ configuration }) => {
      if (this.#ending === 'diverged') {
        throw new InvalidInputError('epochs', epochs, 'a run that has diverged has no more');
      }
      const isStopped = this.#ending === 'early-stopping';
      return checkConfiguration(withMoreEpochs(configuration, epochs, isStopped));
    });
  }

  report(): Promise<FinalReport> {
    const { prepared } = this.#setup;
    return this.#ask(async (backend) => {
      const { finalReport } = await import('../../session/final-report');
      return finalReport(backend, prepared);
    });
  }

  predict(features: Float64Array, count: number): Promise<Float64Array> {
    return this.#ask((backend) => backend.predict(features, count));
  }

  parameters(): Promise<Float64Array> {
    return this.#ask((backend) => backend.parameters());
  }

  /**
   * The parameters as they are.
   *
   * @param samples - which the backend is to answer for with the same parameters: features (count × inputs)
   */
  snapshot(samples?: {
    readonly features: Float64Array;
    readonly count: number;
  }): Promise<HostSnapshot> {
    return this.#ask(async (backend) => {
      const began = performance.now();
      // In one turn: no step comes between the two.
      const read = backend.state();
      const asked = samples && backend.predict(samples.features, samples.count);
      // It is awaited when its turn comes; until then nobody listens.
      asked?.catch(() => {});
      const computed = performance.now() - began;
      const { epoch, batch, parameters } = await read;
      const arrived = performance.now();
      const answers = await asked;
      // What is read waits for the steps under way; what comes behind it is computed meanwhile.
      const milliseconds = computed + performance.now() - arrived;
      return { epoch, batch, parameters, answers, milliseconds };
    });
  }

  async deadUnits(): Promise<DeadUnits> {
    const { findDeadUnits } = await import('../../evaluation/dead-units');
    const { epoch, parameters } = await this.snapshot();
    const { spec, train } = this.#problem;
    const activationsOf = (features: Float64Array, count: number) =>
      forward(spec, parameters, features, count);
    const places = layersOf(spec);
    const products = places.reduce((sum, place) => sum + multiplyAddsOf(place), 1);
    // A feature map is what a filter gives: it lives where any place of it does.
    const sizes = places.map(({ output }) => sizeOf(output.slice(1)));
    return findDeadUnits(activationsOf, train, products, epoch, sizes);
  }

  /** The plan of a backend that has none is WebGPU's plan of the fixed table. */
  async selfTest(): Promise<SelfTestReport> {
    const { selfTest } = await import('../../session/self-test/self-test');
    const problem = problemAt(this.#problem, this.#trainer.epoch);
    return selfTest(problem, this.#opened.backend.info.plan);
  }

  save(): Promise<SavedRun> {
    return this.#ask(() => this.#trainer.save());
  }

  /** Stops training, and gives the run as it stands then: nothing of one that is too large to be put aside. */
  async putAside(): Promise<SavedRun | undefined> {
    if (this.#problem.parameters.length > MOST_PUT_ASIDE) return undefined;
    this.pause();
    await this.#trained;
    return this.save();
  }

  /** The whole file is checked before any of it is loaded. */
  async restore(saved: SavedRun): Promise<void> {
    const { precision } = this.#opened.backend.info;
    for (const state of [saved.state, saved.best]) {
      if (state === undefined) continue;
      checkState(carriedOver(state, this.#problem), this.#problem, precision);
    }
    this.#ending = undefined;
    await this.#ask(async () => {
      await this.#trainer.restore(saved);
      // Whoever restores has the history.
      this.#reports.knows(saved.history.length);
      await this.#trainer.keep();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.pause();
    this.#opened.backend.dispose();
  }

  /** A trainer for a backend, which the run follows from now on. */
  #attach(opened: OpenedBackend): Trainer {
    this.#opened = opened;
    this.#checks = this.#setup.checksOf(opened, this.#problem);
    opened.lost.then(() => this.#move(opened)).catch(() => undefined);
    const trainer: Trainer = new Trainer(opened.backend, this.#configuration, {
      onProgress: () => {
        this.#clock.tick();
        this.#report(false);
        if (this.#checks?.isDue) trainer.pause();
      },
      keeping: {
        isDue: () => this.#copies.isDue(),
        keep: (saved) => this.#keep(saved, trainer.history),
      },
    });
    return trainer;
  }

  #keep(saved: HostCopy['saved'], history: History): void {
    const { backend } = this.#opened;
    const trainMilliseconds = this.#clock.milliseconds;
    const configuration = this.#configuration;
    this.#copies.take({ configuration, saved, history, trainMilliseconds, backend });
  }

  /** What `use` gives; once more on the backend that took over, where one was lost meanwhile. */
  async #ask<T>(use: (backend: Backend) => Promise<T>): Promise<T> {
    while (true) {
      await this.#changing;
      await this.#moving;
      const opened = this.#opened;
      try {
        return await use(opened.backend);
      } catch (error) {
        if (this.#isClosed) throw error;
        if (this.#opened !== opened) continue; // its settings changed meanwhile
        if (!(await isLost(opened))) throw error;
        await this.#move(opened);
      }
    }
  }

  /** Has settings changed as soon as the chunks under way are over. */
  #order(configurationAt: Order['configurationAt']): Promise<Changed> {
    const changed = new Promise<Changed>((resolve, reject) => {
      this.#orders.push({ configurationAt, resolve, reject });
    });
    if (this.#isTraining) this.#interrupt();
    else this.#followOrders();
    return changed;
  }

  /** Follows the orders that wait, one after the other; whoever gave one hears what came of it. */
  async #followOrders(): Promise<void> {
    while (this.#changing !== undefined) await this.#changing;
    for (let order = this.#orders.shift(); order !== undefined; order = this.#orders.shift()) {
      const { resolve, reject } = order;
      this.#changing = this.#follow(order).then(resolve, reject);
      await this.#changing;
      this.#changing = undefined;
    }
  }

  /** Where the other backend cannot be had, or the settings are not allowed, the run stays as it is. */
  async #follow(order: Order): Promise<Changed> {
    while (true) {
      await this.#moving;
      const from = this.#opened;
      try {
        return await this.#followOn(from, order);
      } catch (error) {
        if (this.#isClosed || error instanceof InvalidInputError || !(await isLost(from))) {
          throw error;
        }
        await this.#move(from);
      }
    }
  }

  async #followOn(from: OpenedBackend, { configurationAt }: Order): Promise<Changed> {
    const saved = await this.#trainer.save();
    const { epoch, batch } = saved.state;
    const next = batch > 0 ? epoch + 1 : epoch;
    const configuration = configurationAt({ configuration: this.#configuration, next });
    const problem = withCourse(this.#problem, configuration);
    const opened = await this.#setup.change(problem, epoch);
    from.backend.dispose();
    if (this.#isClosed) opened.backend.dispose();
    this.#configuration = configuration;
    this.#problem = problem;
    this.#ending = undefined;
    if (epoch < this.#trainer.epoch) this.#setup.onRewound(epoch);
    this.#reports.goesOnFrom(epoch);
    this.#trainer = this.#attach(opened);
    try {
      await this.#trainer.restore(saved);
      await this.#trainer.keep();
    } catch (error) {
      // The settings have changed all the same, and the run goes on with them from its last copy.
      if (!(await isLost(opened))) throw error;
      await this.#move(opened);
    }
    this.#used = this.#opened;
    const { info } = this.#used.backend;
    const plan = this.#used.backend.describe();
    return { configuration, info, plan, from: next + 1 };
  }

  /**
   * Goes over from a backend that was lost to another one, from the last copy or the beginning; once for
   * each, however many ask. Rejects where no backend is left.
   */
  async #move(from: OpenedBackend): Promise<void> {
    if (this.#isClosed || this.#opened !== from) return this.#moving;
    // Where nothing is left it stays so: nobody tries again, and all who ask are told why.
    this.#moving ??= this.#moveNow(from).then(() => {
      this.#moving = undefined;
    });
    return this.#moving;
  }

  async #moveNow(from: OpenedBackend): Promise<void> {
    const lostAt = this.#trainer.epoch;
    const obstacle = await from.lost;
    while (true) {
      const epoch = this.#copies.last?.saved.state.epoch ?? 0;
      const opened = await this.#setup.reopen(epoch).catch((error: Error) => {
        this.#setup.onLost(error);
        throw error;
      });
      from.backend.dispose();
      if (this.#isClosed) return opened.backend.dispose();
      const { saved, history } = this.#copies.last ?? {};
      const trainer = this.#attach(opened);
      let wentOnFrom = 0;
      try {
        if (saved !== undefined && history !== undefined) {
          await trainer.restore({ ...saved, history: history.slice(0, saved.state.epoch) });
        }
        wentOnFrom = trainer.epoch;
        // No copy is made where training ends: the end comes again.
        if (this.#ending !== undefined) await toTheEnd(trainer);
      } catch (error) {
        opened.backend.dispose();
        const isGone = error instanceof BackendUnavailableError || (await isLost(opened));
        if (!isGone) throw error;
        continue; // this one was lost, too, or has no room for all stretches
      } finally {
        this.#clock.stop();
      }
      this.#trainer = trainer;
      this.#reports.goesOnFrom(wentOnFrom);
      const { info } = opened.backend;
      const plan = opened.backend.describe();
      const { id } = this.#setup;
      await this.#setup.onMoved({ id, info, plan, obstacle, lostAt, wentOnFrom });
      if (this.#ending !== undefined) await this.#report(true);
      return;
    }
  }

  #interrupt(): void {
    this.#trainer.pause();
    this.#wake();
  }

  /** Trains to the end or to a pause, at a pace that may change meanwhile. */
  async #drive(): Promise<Outcome> {
    while (true) {
      await this.#followOrders();
      const pace = this.#pace;
      const epochs = Math.max(1, Math.floor((pace ?? 0) / MOST_STEPS_A_SECOND));
      const outcome =
        (await this.#checked()) ??
        (await (pace === undefined ? this.#trainer.run() : this.#trainer.step(epochs)));
      if (outcome.reason !== 'paused' || this.#isPaused) return outcome;
      if (pace !== undefined) await this.#wait((1000 * epochs) / pace);
      if (this.#isPaused) return outcome;
    }
  }

  /** Trains a batch and holds it against float64, where that is due; else nothing. */
  async #checked(): Promise<Outcome | undefined> {
    const checks = this.#checks;
    await checks?.begin();
    if (!checks?.isDue || this.#isPaused) return undefined;
    const { backend } = this.#opened;
    const before = await backend.state();
    const outcome = await this.#trainer.stepBatch();
    this.#clock.stop();
    try {
      // An outcome may have taken the run back to another epoch.
      if (outcome.reason === 'paused') await this.#check(checks, before, await backend.state());
    } finally {
      this.#clock.start();
    }
    return outcome;
  }

  async #check(checks: SpotChecks, from: TrainingState, to: TrainingState): Promise<void> {
    const opened = this.#opened;
    try {
      // A device that is lost or silent meanwhile is found out by training itself.
      const finding = await Promise.race([checks.check(from, to), after(CHECK_MILLISECONDS)]);
      if (finding !== undefined && !this.#isClosed) this.#setup.onFinding(finding);
    } catch (error) {
      if (!(error instanceof BackendUnavailableError) && !(await isLost(opened))) throw error;
    }
  }

  /** Lets people see the epoch; the time does not count as training. */
  async #wait(milliseconds: number): Promise<void> {
    this.#report(milliseconds >= REPORT_MILLISECONDS);
    this.#clock.stop();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
    this.#clock.start();
  }

  /** Does an order to train. */
  #train(train: () => Promise<Outcome>): Promise<Stopped> {
    const stopped = this.#trainInTurn(train);
    this.#trained = stopped;
    return stopped;
  }

  async #trainInTurn(train: () => Promise<Outcome>): Promise<Stopped> {
    this.#isPaused = false;
    this.#copies.begin();
    await this.#changing;
    this.#isTraining = true;
    try {
      return await this.#trainOn(train);
    } finally {
      this.#isTraining = false;
      // What came too late for the last chunk.
      this.#followOrders();
    }
  }

  /** Trains, on another backend where the first is lost on the way. */
  async #trainOn(train: () => Promise<Outcome>): Promise<Stopped> {
    while (true) {
      this.#used = this.#opened;
      try {
        await this.#moving;
        this.#clock.start();
        const outcome = this.#isPaused ? ({ reason: 'paused' } as const) : await train();
        this.#clock.stop();
        this.#ending = outcome.reason === 'paused' ? undefined : outcome.reason;
        if (outcome.reason === 'paused' || outcome.reason === 'finished')
          await this.#trainer.keep();
        // Progress has a way of its own to the page: wait until it has arrived.
        await this.#report(true);
        return { ...outcome, trainMilliseconds: this.#clock.milliseconds };
      } catch (error) {
        this.#clock.stop();
        if (this.#isClosed) return this.#stopped('closed');
        const used = this.#used;
        if (!(await isLost(used))) throw error;
        try {
          await this.#move(used);
        } catch (reason) {
          // Of a backend that cannot be had the page is told; whatever else it is, the order fails with it.
          if (!(reason instanceof BackendUnavailableError)) throw reason;
          return this.#stopped('lost');
        }
        if (this.#isClosed) return this.#stopped('closed');
      }
    }
  }

  #stopped(reason: 'closed' | 'lost'): Stopped {
    return { reason, trainMilliseconds: this.#clock.milliseconds };
  }

  /** Tells the page how far training is: at the end, else not too often. */
  #report(isEnd: boolean): unknown {
    return this.#reports.report(this.#trainer, this.#clock.milliseconds, isEnd);
  }
}

/** Whether a backend's device is lost, as far as that becomes known within a second. */
function isLost({ lost }: OpenedBackend): Promise<boolean> {
  const waited = after(LOSS_MILLISECONDS).then(() => false);
  return Promise.race([lost.then(() => true), waited]);
}

/** Trains to the end; a check that falls due meanwhile comes later. */
async function toTheEnd(trainer: Trainer): Promise<void> {
  let outcome: Outcome;
  do outcome = await trainer.run();
  while (outcome.reason === 'paused');
}

function after(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
