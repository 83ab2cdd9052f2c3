/**
 * What the page asks of its worker: one interface, plain data in both directions, so that the page
 * can be tried against anything that answers the same way.
 */
import type { FileDatasetName } from '../../data/file-dataset';
import type { BroughtFile } from '../../data/registry';
import type { DeadUnits } from '../../evaluation/dead-units';
import type { PlanOptions } from '../../gpu/plan/choices';
import type { FinalReport } from '../../session/final-report';
import type { RunAllProgress, RunAllRow } from '../../session/run-all';
import type { SelfTestReport } from '../../session/self-test/self-test';
import type { Finding } from '../../session/self-test/spot-check';
import type {
  BackendInfo,
  BackendName,
  EpochMetrics,
  PlanDescription,
  Underway,
} from '../../training/backend';
import type { ChangeableValues } from '../../training/configuration/changes';
import type { Configuration } from '../../training/configuration/fields';
import type { UnavailableCause } from '../../training/errors';
import type { FoundRun } from '../../training/keeping/run-archive';
import type { SavedRun, StopReason } from '../../training/trainer';
import type { Moment } from '../state/moment';
import type { PlanePoints } from './boundary-view';
import type { Lesson } from './lesson';
import type { Look, LookQuestion } from './look';

/** Why a backend could not be had, in words for the user. */
export interface Obstacle {
  readonly reason: UnavailableCause;
  readonly message: string;
}

/** A backend that stands ready with its data and its initial parameters. */
export interface Opened {
  /** Names the run in every later call. */
  readonly id: number;
  /** The backend that answers: the CPU, else the reference, where the one asked for could not be had. */
  readonly info: BackendInfo;
  /** Why `info.name` is not the backend that was asked for. */
  readonly fallback?: Obstacle;
  /** Milliseconds from the request to a backend that stands ready. */
  readonly setupMilliseconds: number;
  /** Updates of the parameters in an epoch. */
  readonly batchesPerEpoch: number;
  /** The plan that it runs; null where no kernels run. */
  readonly plan: PlanDescription | null;
}

/** How far a run has come: epochs that it finished, in order, and the one under way. */
export interface Progress {
  readonly id: number;
  /** Index of the first of them, from 0. */
  readonly from: number;
  readonly epochs: readonly EpochMetrics[];
  /** Null between two epochs. */
  readonly underway: Underway | null;
  /** Milliseconds of training so far, pauses left out. */
  readonly trainMilliseconds: number;
}

/** Why training stopped: by itself, or because the run was closed or its device lost. */
export interface Stopped {
  readonly reason: StopReason | 'closed' | 'lost';
  readonly message?: string;
  /** The epoch whose parameters were restored, where the history goes on behind it. */
  readonly restoredEpoch?: number;
  readonly trainMilliseconds: number;
}

/** A run whose device was lost goes on with another backend. */
export interface Moved {
  readonly id: number;
  /** The backend that took over, and the plan that it runs. */
  readonly info: BackendInfo;
  readonly plan: PlanDescription | null;
  /** What became of the one before. */
  readonly obstacle: Obstacle;
  /** Epochs done when it was lost, and those of the copy that it went on from. */
  readonly lostAt: number;
  readonly wentOnFrom: number;
}

/** A run whose settings have changed on the way, or which has more epochs. */
export interface Changed {
  readonly configuration: Configuration;
  /** The backend that has it now, and the plan that it runs. */
  readonly info: BackendInfo;
  readonly plan: PlanDescription | null;
  /** The first epoch that is trained so, counted from 1. */
  readonly from: number;
}

/** A kept run that goes on. */
export interface GoneOn {
  readonly opened: Opened;
  readonly configuration: Configuration;
  readonly history: readonly EpochMetrics[];
  readonly trainMilliseconds: number;
}

/** Where measuring the plans stands. */
export interface TuningProgress {
  /** The candidate under way. */
  readonly what: string;
  /** Share of the candidates that is done. */
  readonly share: number;
}

/** Hears of a run of all presets. */
interface RunAllListener {
  onProgress(progress: RunAllProgress): void | Promise<void>;
  onRow(row: RunAllRow, index: number): void | Promise<void>;
}

/** Parameters as they are at a moment. */
export interface Snapshot extends Moment {
  readonly parameters: Float64Array;
}

/** What the worker tells the page without being asked. */
export interface TrainingListener {
  /** At most about ten times a second while a run trains, and once before it stops. */
  onProgress(progress: Progress): void | Promise<void>;
  /** The device behind a run was lost, and the run goes on elsewhere; what it has done since comes again. */
  onMoved(moved: Moved): void | Promise<void>;
  /** The device behind a run is gone, and nothing else can be had; the run answers no more. */
  onLost(id: number, obstacle: Obstacle): void | Promise<void>;
  /** A step of a run is not what float64 makes of it; said once a run and device. */
  onFinding(id: number, finding: Finding): void | Promise<void>;
  /** Runs are not kept beyond this visit, and why. */
  onNotKept(message: string): void | Promise<void>;
  /** Plans are being measured before a run is opened; a share of 1 is the end. */
  onTuning(progress: TuningProgress): void | Promise<void>;
  /** Which share of the data set's file is there, from 0 to 1. */
  onLoading(share: number): void | Promise<void>;
}

export interface TrainingService {
  /** Sets who hears of progress; called once, before anything else. */
  listen(listener: TrainingListener): void;
  /** Takes the rows of a file that the browser does not keep, for as long as the worker lives. */
  bring(file: BroughtFile): Promise<void>;
  /** A copy of what `bring` took or a run read last, for another worker; undefined where it is not this file. */
  brought(name: FileDatasetName): Promise<BroughtFile | undefined>;
  /** Everything that the page shows before training. */
  lesson(configuration: Configuration): Promise<Lesson>;
  /**
   * Opens a run. Falls back to the CPU, and then to the reference, where the backend cannot be had.
   *
   * @param planOptions - by default every schedule, and nothing is measured
   */
  open(
    configuration: Configuration,
    backend: BackendName,
    planOptions?: PlanOptions,
  ): Promise<Opened>;
  /** Ends the measuring of plans that is under way; runs being opened go on with the plan of the fixed table. */
  cancelTuning(): Promise<void>;
  /** The runs of earlier visits that nobody goes on with, the newest first. */
  keptRuns(): Promise<readonly FoundRun[]>;
  forgetKept(keptId: string): Promise<void>;
  /** Opens a kept run as it stood, with the plan that it had. Rejects where its records are damaged. */
  goOn(keptId: string): Promise<GoneOn>;
  /**
   * Trains until the last epoch, a pause, early stopping or divergence.
   *
   * @param pace - slow motion in epochs a second; `undefined` is as fast as it goes
   */
  run(id: number, pace: number | undefined): Promise<Stopped>;
  /** The pace of a run under way, from now on. */
  setPace(id: number, pace: number | undefined): Promise<void>;
  /**
   * Trains a run with other settings from the next epoch on; one under way goes on with them by itself.
   * Rejects, and changes nothing, where they are not allowed or no epoch is left.
   */
  change(id: number, values: Partial<ChangeableValues>): Promise<Changed>;
  /** Gives a run so many epochs altogether. Rejects where that would have been another run from the start. */
  lengthen(id: number, epochs: number): Promise<Changed>;
  /** Asks a run to stop at the next opportunity. */
  pause(id: number): Promise<void>;
  /** Trains `epochs` epochs more. */
  step(id: number, epochs: number): Promise<Stopped>;
  /** Trains one batch more. */
  stepBatch(id: number): Promise<Stopped>;
  /** Evaluation on the test set with the parameters as they are. */
  report(id: number): Promise<FinalReport>;
  /** Output probabilities (count × outputs) of standardized features (count × inputs). */
  predict(id: number, features: Float64Array, count: number): Promise<Float64Array>;
  /** The flat parameters. */
  parameters(id: number): Promise<Float64Array>;
  /** The flat parameters with the number of epochs before them, at any time. */
  snapshot(id: number): Promise<Snapshot>;
  /** What stage, maps and boundary show of a run as it is, at any time and of one moment. */
  look(id: number, question: LookQuestion): Promise<Look>;
  /** The points that such a run trains on and is tested on. */
  planePoints(id: number): Promise<PlanePoints>;
  /** The hidden units that are 0 for each of a few training samples, by the reference's forward pass. */
  deadUnits(id: number): Promise<DeadUnits>;
  /** Holds every kernel of the run's plan against float64, on a device of its own. */
  selfTest(id: number): Promise<SelfTestReport>;
  /** The run as it stands, to go on with later; rejects while it trains. */
  save(id: number): Promise<SavedRun>;
  /** Goes on with a saved run. Rejects, and changes nothing, where it does not fit the network. */
  restore(id: number, saved: SavedRun): Promise<void>;
  /** Stops and frees a run, and gives it as it stood; nothing where it is too large for that, or gone. */
  putAside(id: number): Promise<SavedRun | undefined>;
  /** Frees a run, and forgets what is kept of it; may be called twice. */
  close(id: number): Promise<void>;
  /** Trains every preset in turn, each in a session of its own. */
  runAll(
    backend: BackendName,
    planOptions: PlanOptions,
    listener: RunAllListener,
  ): Promise<readonly RunAllRow[]>;
  /** Ends `runAll` amid the preset under way, which gets no row. */
  stopRunAll(): Promise<void>;
}
