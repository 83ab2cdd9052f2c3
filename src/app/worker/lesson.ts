/**
 * What the page shows of a configuration before training: the data set, the summary of the layers
 * and the first pass of five samples through the untrained network. Computed by the reference.
 */
import type { Values } from '../../data/dataset';
import type { FileDescription } from '../../data/file-dataset';
import type { Scaler } from '../../data/scaler';
import type { Likeness } from '../../evaluation/likeness';
import type { ProblemShape } from '../../gpu/plan/plan';
import type { ModelSummary } from '../../model/summary';
import type { Configuration } from '../../training/configuration/fields';
import type { StageView } from './stage-view';

/** Samples as the data set has them, with the name of each one's class. */
export interface NamedImages {
  /** (count × features), row-major. */
  readonly pixels: Values;
  readonly names: readonly string[];
}

/** How many samples of one class there are. */
export interface ClassCount {
  readonly name: string;
  readonly train: number;
  readonly test: number;
}

/** The first five training samples in the untrained network. */
export interface FirstPass {
  readonly images: NamedImages;
  /** Class of each sample, from 0. */
  readonly labels: readonly number[];
  /** Activations of each layer, (samples × width), the last being the probabilities. */
  readonly activations: readonly Float64Array[];
  readonly widths: readonly number[];
  /** Cross-entropy of each sample. */
  readonly losses: readonly number[];
  /** Their mean. */
  readonly loss: number;
}

export interface Lesson {
  readonly configuration: Configuration;
  /** What is in the file, where the data set is one. */
  readonly file?: FileDescription;
  /** Names of the classes, in the order of the network's outputs. */
  readonly classNames: readonly string[];
  readonly features: number;
  readonly counts: readonly ClassCount[];
  /** Columns of the training set that never change, whose scale is therefore 1. */
  readonly constantFeatures: number;
  /** A few samples of each class, one class after the other. */
  readonly gallery: NamedImages;
  readonly summary: ModelSummary;
  /** What the plan of the kernels depends on. */
  readonly shape: ProblemShape;
  readonly firstPass: FirstPass;
  /** The untrained network on the stage, for as long as no backend is open. */
  readonly stage: StageView;
  /** Standardizes an image as the training images were. */
  readonly scaler: Scaler;
  /** The training images, for telling what is unlike all of them. */
  readonly likeness: Likeness;
  /** The test set as it was before scaling. */
  readonly testImages: NamedImages;
}
