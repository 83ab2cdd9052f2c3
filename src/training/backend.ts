/**
 * The one interface between those who train (Trainer, page, command line, tests) and those who
 * compute (reference, webgpu, cpu). A backend holds one network, its data and its training state.
 */
import type { Samples } from '../data/samples';
import type { NetworkSpec } from '../model/network-spec';
import type { Hyperparameters } from './hyperparameters';
import type { EpochMetrics } from './metrics';
import type { PlanChoice, PlanDescription } from './plan-description';

export type { Samples } from '../data/samples';
export type { EpochMetrics } from './metrics';
export type { PlanChoice, PlanDescription } from './plan-description';

/** All that a backend needs to train: made once from a configuration, the same for every backend. */
export interface Problem {
  readonly spec: NetworkSpec;
  readonly hyperparameters: Hyperparameters;
  /** Initial parameters, flat, in the layout of `parameterLayout(spec)`. */
  readonly parameters: Float64Array;
  readonly train: Samples;
  readonly test: Samples;
  /** What is otherwise from an epoch on, in the order of the epochs; the parameters' layout stays. */
  readonly changes?: readonly ProblemChange[];
}

/** What is trained with from epoch `epoch` on, counted from 0. */
export interface ProblemChange extends Pick<Problem, 'spec' | 'hyperparameters'> {
  readonly epoch: number;
}

export const BACKEND_NAMES = ['webgpu', 'cpu', 'reference'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** A kind of graphics device: emulated on the CPU, beside it on the same memory, or a card of its own. */
export type DeviceClass = 'software' | 'integrated' | 'discrete';

/** Who computed a number, as rule 6 of the design wants it said. */
export interface BackendInfo {
  readonly name: BackendName;
  /** The adapter's or engine's description, for instance `google swiftshader (software)`. */
  readonly adapter: string;
  readonly precision: 'float32' | 'float64';
  /** True where the GPU is emulated on the CPU: its timings are not a GPU's. */
  readonly isSoftware: boolean;
  /** Of the backend webgpu: whose defaults it has where nothing was measured. */
  readonly deviceClass?: DeviceClass;
  /** How the work was laid out, where there was a choice. */
  readonly plan?: PlanChoice;
}

/** Everything that the next batch depends on, so that training goes on as if it had not stopped. */
export interface TrainingState {
  /** Whole epochs done. */
  readonly epoch: number;
  /** Batches of the epoch under way that are done; 0 between epochs. */
  readonly batch: number;
  readonly parameters: Float64Array;
  /**
   * The optimizer's flat arrays (momentum, or first and second moments), a value for each parameter that is
   * trained; empty for plain SGD.
   */
  readonly optimizer: readonly Float64Array[];
  /** Sums of the epoch under way, for its metrics: Σ loss/m and the number of correct samples. */
  readonly running: { readonly loss: number; readonly correct: number };
}

/** The epoch under way, as far as its metrics are known. */
export interface Underway {
  /** Batches done. */
  readonly batch: number;
  /** Of the samples in these batches, augmented as they were, each with the parameters at its step. */
  readonly loss: number;
  readonly accuracy: number;
}

export interface Backend {
  readonly info: BackendInfo;
  /** Who computes at present, where this backend hands all on to another. */
  readonly part?: Backend;
  /** Updates of the parameters in an epoch. */
  readonly batchesPerEpoch: number;
  /** The epoch under way after the last call of `train` or `trainBatches` that resolved; null between epochs. */
  readonly underway: Underway | null;
  /** The very plan that it compiled, with its kernels' texts and the times measured so far; null where no kernels run. */
  describe(): PlanDescription | null;
  /**
   * Steps that take a bearable time from batch `batch` of an epoch on, by what steps have taken so far;
   * at least one. It shapes no number, only how soon one is known.
   */
  chunkSteps(batch: number): number;
  /** Trains to the end of the next `epochs` epochs and gives the metrics of each, in order. May be called again before it resolves. */
  train(epochs: number): Promise<readonly EpochMetrics[]>;
  /** Trains `batches` batches and gives the metrics of those epochs that they completed. */
  trainBatches(batches: number): Promise<readonly EpochMetrics[]>;
  /** The flat parameters as they are after all training asked for so far. */
  parameters(): Promise<Float64Array>;
  /** The whole training state, to save, to load again, or to move to another backend. */
  state(): Promise<TrainingState>;
  /** Goes on from `state`. Throws `InvalidInputError` where its lengths do not fit the network. */
  load(state: TrainingState): Promise<void>;
  /** Keeps a copy of the state inside the backend, in a numbered slot, without a readback. */
  checkpoint(slot: CheckpointSlot): Promise<void>;
  /** Returns to the copy in the slot. Rejects where nothing was kept there. */
  rollback(slot: CheckpointSlot): Promise<void>;
  /** Output probabilities (count × outputs), row-major, of features (count × inputs), row-major. */
  predict(features: Float64Array, count: number): Promise<Float64Array>;
  /** Frees everything; may be called twice; afterwards every other call rejects. */
  dispose(): void;
}

/** Two for the chunks under way, one for the best epoch. */
export const CHECKPOINT_SLOTS = [0, 1, 2] as const;
export type CheckpointSlot = (typeof CHECKPOINT_SLOTS)[number];
