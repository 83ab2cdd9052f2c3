/**
 * What the page shows of a configuration before training: the data set, the summary of the layers
 * and the first pass of five samples through the untrained network. Computed by the reference.
 */
import type { StandardScaler } from '../../data/scaler';
import type { ProblemShape } from '../../gpu/plan';
import type { ModelSummary } from '../../model/summary';
import type { Configuration } from '../../training/configuration/fields';

/** Raw 8×8 images, 64 counts from 0 to 16 each, with the digit that each shows. */
export interface DigitImages {
  /** (count × 64), row-major. */
  readonly pixels: Uint8Array;
  readonly digits: readonly number[];
}

/** How many samples of one digit there are. */
export interface ClassCount {
  readonly digit: number;
  readonly train: number;
  readonly test: number;
}

/** The first five training samples in the untrained network. */
export interface FirstPass {
  readonly images: DigitImages;
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
  /** The digits in ascending order; their positions are the classes. */
  readonly classes: readonly number[];
  readonly features: number;
  readonly counts: readonly ClassCount[];
  /** Columns of the training set that never change, whose scale is therefore 1. */
  readonly constantFeatures: number;
  /** A few samples of each digit, one digit after the other. */
  readonly gallery: DigitImages;
  readonly summary: ModelSummary;
  /** What the plan of the kernels depends on. */
  readonly shape: ProblemShape;
  readonly firstPass: FirstPass;
  /** Standardizes an image as the training images were. */
  readonly scaler: StandardScaler;
  /** The test set as it was before scaling. */
  readonly testImages: DigitImages;
}
