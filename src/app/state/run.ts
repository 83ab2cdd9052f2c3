/** One run: a configuration on one backend, with its history as it grows and its last evaluation. */
import { signal } from '@preact/signals';
import type { PlanOptions } from '../../gpu/plan/choices';
import type { FinalReport } from '../../session/final-report';
import type { BackendInfo, PlanDescription, Underway } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import type { Obstacle, Opened, Progress } from '../worker/training-service';
import { RunHistory } from './run-history';

export type RunStatus = 'ready' | 'running' | 'pausing' | 'paused' | 'finished' | 'stopped';

/** An evaluation on the test set, with the number of epochs before it. */
export interface Evaluation {
  readonly report: FinalReport;
  readonly epoch: number;
}

export class Run {
  /** Grows with every report of the worker. */
  readonly history: RunHistory;
  /** The epoch under way, of a run that has begun one. */
  readonly underway = signal<Underway | null>(null);
  readonly status = signal<RunStatus>('ready');
  /** Milliseconds of training, pauses left out. */
  readonly trainMilliseconds = signal(0);
  /** True where training ended because a number was no longer finite. */
  readonly hasDiverged = signal(false);
  readonly evaluation = signal<Evaluation | undefined>(undefined);
  readonly id: number;
  readonly info: BackendInfo;
  /** Why it is on another backend than the one that was asked for. */
  readonly fallback: Obstacle | undefined;
  readonly setupMilliseconds: number;
  /** The plan that it runs; null where no kernels run. */
  readonly plan: PlanDescription | null;

  constructor(
    readonly configuration: Configuration,
    opened: Opened,
    readonly planOptions: PlanOptions,
  ) {
    this.id = opened.id;
    this.info = opened.info;
    this.fallback = opened.fallback;
    this.setupMilliseconds = opened.setupMilliseconds;
    this.history = new RunHistory(opened.batchesPerEpoch);
    this.plan = opened.plan;
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

  report(progress: Progress): void {
    this.underway.value = progress.underway;
    this.trainMilliseconds.value = progress.trainMilliseconds;
    this.history.report(progress);
  }
}
