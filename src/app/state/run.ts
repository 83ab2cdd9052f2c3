/** One run: a configuration on one backend, with its history as it grows and its last evaluation. */
import { type Signal, signal } from '@preact/signals';
import type { PlanOptions } from '../../gpu/plan/choices';
import type { FinalReport } from '../../session/final-report';
import type { Finding } from '../../session/self-test/spot-check';
import type { BackendInfo, EpochMetrics, PlanDescription, Underway } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import type { SavedRun } from '../../training/trainer';
import type { Changed, Moved, Obstacle, Opened, Progress } from '../worker/training-service';
import type { Moment } from './moment';
import { RunHistory } from './run-history';

export type RunStatus = 'ready' | 'running' | 'pausing' | 'paused' | 'finished' | 'stopped';

/** An evaluation on the test set, and when that was. */
export interface Evaluation extends Moment {
  readonly report: FinalReport;
}

/** A piece of the epoch under way: the mean of the batches between two reports of the worker. */
export interface TrailPoint {
  /** Epochs done, with the share of this one, where it ends. */
  readonly done: number;
  /** Milliseconds of training until then. */
  readonly milliseconds: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** Pieces of one epoch that are kept; of twice as many, each two become one. */
const MOST_TRAIL = 256;

export class Run {
  /** Grows with every report of the worker. */
  readonly history: RunHistory;
  /** The epoch under way, of a run that has begun one. */
  readonly underway = signal<Underway | null>(null);
  /** How it went in the epoch under way, so that a long one is seen to learn before it ends. */
  readonly trail = signal<readonly TrailPoint[]>([]);
  readonly status = signal<RunStatus>('ready');
  /** Milliseconds of training, pauses left out. */
  readonly trainMilliseconds = signal(0);
  /** True where training ended because a number was no longer finite. */
  readonly hasDiverged = signal(false);
  /** The step that float64 does not confirm: from there on its numbers are not to be believed. */
  readonly finding = signal<Finding | undefined>(undefined);
  /** The epoch that it went back to at its end; none where it did not. */
  readonly restoredEpoch = signal<number | undefined>(undefined);
  readonly evaluation = signal<Evaluation | undefined>(undefined);
  /** The run as it stood when another took its place; nothing where it could not be had, or had not begun. */
  saved: Promise<SavedRun | undefined> | undefined;
  /** The history of the run that it is, where that was brought back. */
  inPlaceOf: RunHistory | undefined;
  readonly id: number;
  /** Why it is on another backend than the one that was asked for. */
  readonly fallback: Obstacle | undefined;
  readonly setupMilliseconds: number;
  /** Who computes, and what; another one after a loss. */
  readonly #place: Signal<Pick<Opened, 'info' | 'plan'>>;

  readonly #configuration: Signal<Configuration>;

  constructor(
    configuration: Configuration,
    opened: Opened,
    readonly planOptions: PlanOptions,
  ) {
    this.#configuration = signal(configuration);
    this.id = opened.id;
    this.#place = signal(opened);
    this.fallback = opened.fallback;
    this.setupMilliseconds = opened.setupMilliseconds;
    this.history = new RunHistory(opened.batchesPerEpoch);
  }

  /** Its settings, with what has changed on the way. */
  get configuration(): Configuration {
    return this.#configuration.value;
  }

  get info(): BackendInfo {
    return this.#place.value.info;
  }

  /** The plan that it runs; null where no kernels run. */
  get plan(): PlanDescription | null {
    return this.#place.value.plan;
  }

  /** It goes on elsewhere; what it has done since the copy that it went on from comes again. */
  moved(moved: Moved): void {
    this.#place.value = moved;
  }

  /** It is trained otherwise from an epoch on that it has not begun. */
  changed({ configuration, info, plan }: Changed): void {
    this.#configuration.value = configuration;
    this.#place.value = { info, plan };
  }

  /** It has more epochs, and goes on from those that its parameters are of. */
  lengthened(changed: Changed): void {
    const trainMilliseconds = this.trainMilliseconds.value;
    const from = this.standsAt;
    this.changed(changed);
    this.restoredEpoch.value = undefined;
    this.status.value = 'paused';
    this.report({ id: this.id, from, epochs: [], underway: null, trainMilliseconds });
  }

  /** True once every epoch is done, or training ended for a reason of its own. */
  get isOver(): boolean {
    const status = this.status.value;
    return status === 'finished' || status === 'stopped';
  }

  get isBusy(): boolean {
    const status = this.status.value;
    return status === 'running' || status === 'pausing';
  }

  /** Epochs done, with the share of the one under way. */
  get done(): number {
    const { length, batchesPerEpoch } = this.history;
    return length + (this.underway.value?.batch ?? 0) / batchesPerEpoch;
  }

  /** The epoch that its parameters are of, from 1; 0 before training. */
  get standsAt(): number {
    return this.restoredEpoch.value ?? this.history.length;
  }

  /** The moment that its parameters are of. */
  get moment(): Moment {
    const isRestored = this.restoredEpoch.value !== undefined;
    const batch = isRestored ? 0 : (this.underway.value?.batch ?? 0);
    return { epoch: this.standsAt, batch };
  }

  /** Takes in what a run had trained before it was opened here. */
  recall(epochs: readonly EpochMetrics[], trainMilliseconds: number): void {
    if (epochs.length === 0) return;
    this.report({ id: this.id, from: 0, epochs, underway: null, trainMilliseconds });
    if (trainMilliseconds === 0) this.history.unmeasured = epochs.length;
    this.status.value = epochs.length >= this.configuration.epochs ? 'finished' : 'paused';
  }

  report(progress: Progress): void {
    this.trail.value = this.#trailWith(progress);
    this.underway.value = progress.underway;
    this.trainMilliseconds.value = progress.trainMilliseconds;
    this.history.report(progress);
  }

  #trailWith({ from, epochs, underway, trainMilliseconds: milliseconds }: Progress): TrailPoint[] {
    if (underway === null) return [];
    const before = this.underway.peek();
    const length = from + epochs.length;
    const goesOn =
      epochs.length === 0 &&
      from === this.history.length &&
      before !== null &&
      before.batch < underway.batch;
    const start = goesOn ? before : { batch: 0, loss: 0, accuracy: 0 };
    const { batch } = underway;
    const mean = (key: 'loss' | 'accuracy') =>
      (underway[key] * batch - start[key] * start.batch) / (batch - start.batch);
    const done = length + batch / this.history.batchesPerEpoch;
    const point = { done, milliseconds, loss: mean('loss'), accuracy: mean('accuracy') };
    const trail = goesOn ? [...this.trail.peek(), point] : [point];
    return trail.length < 2 * MOST_TRAIL ? trail : halved(trail);
  }
}

/** Of each two pieces one, of about as many batches each. */
function halved(trail: readonly TrailPoint[]): TrailPoint[] {
  return Array.from({ length: trail.length / 2 }, (_, i) => {
    const [a, b] = [trail[2 * i], trail[2 * i + 1]];
    return { ...b, loss: (a.loss + b.loss) / 2, accuracy: (a.accuracy + b.accuracy) / 2 };
  });
}
