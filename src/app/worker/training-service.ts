/**
 * What the page asks of its worker: one interface, plain data in both directions, so that the page
 * can be tried against anything that answers the same way.
 */
import type { FinalReport } from '../../session/final-report';
import type { BackendInfo, BackendName, EpochMetrics } from '../../training/backend';
import type { Configuration } from '../../training/configuration';
import type { UnavailableCause } from '../../training/errors';
import type { StopReason } from '../../training/trainer';
import type { Lesson } from './lesson';

/** Why a backend could not be had, in words for the user. */
export interface Obstacle {
  readonly reason: UnavailableCause;
  readonly message: string;
}

/** A backend that stands ready with its data and its initial parameters. */
export interface Opened {
  /** Names the session in every later call. */
  readonly session: number;
  /** The backend that answers; the reference where the one asked for could not be had. */
  readonly info: BackendInfo;
  /** Why `info.name` is not the backend that was asked for. */
  readonly fallback?: Obstacle;
  /** Milliseconds from the request to a backend that stands ready. */
  readonly setupMilliseconds: number;
}

/** Epochs that a session finished, in order. */
export interface Progress {
  readonly session: number;
  /** Index of the first of them, from 0. */
  readonly from: number;
  readonly epochs: readonly EpochMetrics[];
  /** Milliseconds of training so far, pauses left out. */
  readonly trainMilliseconds: number;
}

/** Why training stopped: by itself, or because the session was closed or its device lost. */
export interface Stopped {
  readonly reason: StopReason | 'closed' | 'lost';
  readonly message?: string;
  readonly trainMilliseconds: number;
}

/** What the worker tells the page without being asked. */
export interface TrainingListener {
  /** At most about ten times a second while a session trains, and once before it stops. */
  onProgress(progress: Progress): void | Promise<void>;
  /** The device behind a session is gone; the session answers no more. */
  onLost(session: number, obstacle: Obstacle): void | Promise<void>;
}

export interface TrainingService {
  /** Sets who hears of progress; called once, before anything else. */
  listen(listener: TrainingListener): void;
  /** Everything that the page shows before training. */
  lesson(configuration: Configuration): Promise<Lesson>;
  /**
   * Opens a session. Falls back to the reference where the backend cannot be had.
   *
   * @param obstacle - what the page itself found in the way of the backend, if anything
   */
  open(configuration: Configuration, backend: BackendName, obstacle?: Obstacle): Promise<Opened>;
  /** Trains until the last epoch, a pause, early stopping or divergence. */
  run(session: number): Promise<Stopped>;
  /** Asks a running session to stop at the next opportunity. */
  pause(session: number): Promise<void>;
  /** Trains `epochs` epochs more. */
  step(session: number, epochs: number): Promise<Stopped>;
  /** Trains one batch more. */
  stepBatch(session: number): Promise<Stopped>;
  /** Evaluation on the test set with the parameters as they are. */
  report(session: number): Promise<FinalReport>;
  /** Output probabilities (count × outputs) of standardized features (count × inputs). */
  predict(session: number, features: Float64Array, count: number): Promise<Float64Array>;
  /** The flat parameters. */
  parameters(session: number): Promise<Float64Array>;
  /** Frees a session; may be called twice. */
  close(session: number): Promise<void>;
}
