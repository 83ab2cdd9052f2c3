/** One run: a configuration on one backend, with its history as it grows and its last evaluation. */
import { signal } from '@preact/signals';
import type { FinalReport } from '../../session/final-report';
import type { BackendInfo } from '../../training/backend';
import type { Configuration } from '../../training/configuration';
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
  readonly status = signal<RunStatus>('ready');
  /** Milliseconds of training, pauses left out. */
  readonly trainMilliseconds = signal(0);
  readonly evaluation = signal<Evaluation | undefined>(undefined);
  readonly session: number;
  readonly info: BackendInfo;
  readonly setupMilliseconds: number;

  constructor(
    readonly configuration: Configuration,
    opened: Opened,
  ) {
    this.session = opened.session;
    this.info = opened.info;
    this.setupMilliseconds = opened.setupMilliseconds;
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

  append({ from, epochs, trainMilliseconds }: Progress): void {
    this.history.truncate(from);
    this.history.append(epochs);
    this.trainMilliseconds.value = trainMilliseconds;
    this.epochs.value = this.history.length;
  }
}
