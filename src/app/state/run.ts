/** One run: a configuration on one backend, with its history as it grows and its last evaluation. */
import { signal } from '@preact/signals';
import type { PlanOptions } from '../../gpu/plan/choices';
import type { FinalReport } from '../../session/final-report';
import type { BackendInfo, PlanDescription, Underway } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import { History } from '../../training/history';
import type { Opened, Progress } from '../worker/training-service';

export type RunStatus = 'ready' | 'running' | 'pausing' | 'paused' | 'finished' | 'stopped';

/** An evaluation on the test set, with the number of epochs before it. */
export interface Evaluation {
  readonly report: FinalReport;
  readonly epoch: number;
}

export class Run {
  /** Grows with every report of the worker; read `epochs` to hear of it. */
  readonly history = new History();
  /** Length of the history. */
  readonly epochs = signal(0);
  /** The epoch under way, of a run that has begun one. */
  readonly underway = signal<Underway | null>(null);
  readonly status = signal<RunStatus>('ready');
  /** Milliseconds of training, pauses left out. */
  readonly trainMilliseconds = signal(0);
  /** True where training ended because a number was no longer finite. */
  readonly hasDiverged = signal(false);
  readonly evaluation = signal<Evaluation | undefined>(undefined);
  readonly session: number;
  readonly info: BackendInfo;
  readonly setupMilliseconds: number;
  /** Updates of the parameters in an epoch. */
  readonly batchesPerEpoch: number;
  /** The plan that it runs; null where no kernels run. */
  readonly plan: PlanDescription | null;
  /** Milliseconds of training at the end of each report, which holds one epoch or many. */
  readonly #clock: { readonly epochs: number; readonly milliseconds: number }[] = [];

  constructor(
    readonly configuration: Configuration,
    opened: Opened,
    readonly planOptions: PlanOptions,
  ) {
    this.session = opened.session;
    this.info = opened.info;
    this.setupMilliseconds = opened.setupMilliseconds;
    this.batchesPerEpoch = opened.batchesPerEpoch;
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
    return this.epochs.value + (this.underway.value?.batch ?? 0) / this.batchesPerEpoch;
  }

  append({ from, epochs, underway, trainMilliseconds }: Progress): void {
    this.history.truncate(from);
    this.history.append(epochs);
    while ((this.#clock.at(-1)?.epochs ?? -1) > from) this.#clock.pop();
    if (epochs.length > 0) {
      this.#clock.push({ epochs: this.history.length, milliseconds: trainMilliseconds });
    }
    this.underway.value = underway;
    this.trainMilliseconds.value = trainMilliseconds;
    this.epochs.value = this.history.length;
  }

  /** Milliseconds of training until `epochs` epochs were done; between two reports, their share. */
  millisecondsAfter(epochs: number): number {
    let [low, high] = [0, this.#clock.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#clock[middle].epochs < epochs) low = middle + 1;
      else high = middle;
    }
    const before = this.#clock[low - 1] ?? { epochs: 0, milliseconds: 0 };
    const after = this.#clock[low] ?? before;
    if (after.epochs === before.epochs) return after.milliseconds;
    const share = (epochs - before.epochs) / (after.epochs - before.epochs);
    return before.milliseconds + share * (after.milliseconds - before.milliseconds);
  }
}
