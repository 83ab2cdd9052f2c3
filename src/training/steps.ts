/**
 * The sequence of steps that training takes: which samples a batch holds and which values its update
 * uses. Every backend walks the same sequence, so it is written once.
 */
import { gatherFeatures, scaledFeatures, trainingFeatures, widthOf } from '../data/samples';
import { Shuffler } from '../data/shuffler';
import type { Samples } from './backend';
import { ADAM, type Hyperparameters } from './hyperparameters';
import { learningRateAt } from './learning-rate';

/** One update of the parameters. */
export interface Step {
  readonly epoch: number;
  /** The batch in its epoch, from 0. */
  readonly batch: number;
  /** Batches done before this one, over all epochs. */
  readonly index: number;
  /** Place of the batch's first sample in the epoch's order, and the number of its samples. */
  readonly firstRow: number;
  readonly rows: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly learningRate: number;
  /** Adam: learning rate / (1 - β1^t), and 1 / √(1 - β2^t), t = index + 1. */
  readonly stepSize: number;
  readonly inverseRootCorrection: number;
}

/** The batches of a training: their size, their order and the values of each step. */
export class StepSequence {
  /** Samples a batch, at most. */
  readonly batchRows: number;
  readonly batchesPerEpoch: number;
  /** One batch holds the whole training set, in its own order. */
  readonly isFullBatch: boolean;
  readonly #hyperparameters: Hyperparameters;
  readonly #samples: number;
  readonly #shuffler: Shuffler;

  /** @param samples - size of the training set */
  constructor(hyperparameters: Hyperparameters, samples: number) {
    const { batchSize, seed } = hyperparameters;
    this.isFullBatch = batchSize === 0 || batchSize >= samples;
    this.batchRows = this.isFullBatch ? samples : batchSize;
    this.batchesPerEpoch = Math.ceil(samples / this.batchRows);
    this.#hyperparameters = hyperparameters;
    this.#samples = samples;
    this.#shuffler = new Shuffler(samples, seed);
  }

  /** Step `batch` of epoch `epoch`. */
  at(epoch: number, batch: number): Step {
    const learningRate = learningRateAt(this.#hyperparameters, epoch);
    const index = epoch * this.batchesPerEpoch + batch;
    const firstRow = batch * this.batchRows;
    return {
      epoch,
      batch,
      index,
      firstRow,
      rows: Math.min(this.batchRows, this.#samples - firstRow),
      isFirst: batch === 0,
      isLast: batch === this.batchesPerEpoch - 1,
      learningRate,
      stepSize: learningRate / (1 - ADAM.beta1 ** (index + 1)),
      inverseRootCorrection: 1 / Math.sqrt(1 - ADAM.beta2 ** (index + 1)),
    };
  }

  /** The order of the samples in an epoch of mini-batches; null with full batches, which keep theirs. */
  orderOf(epoch: number): Uint32Array | null {
    return this.isFullBatch ? null : this.#shuffler.permutationOf(epoch);
  }
}

/** Samples of a step, as the network sees them. */
export interface Batch {
  /** (count × features), row-major, scaled. */
  readonly features: Float64Array;
  readonly labels: Uint8Array;
  readonly count: number;
}

/**
 * The samples of a batch as they are, in its order.
 *
 * @param rows - their indices; null: all samples, in theirs
 */
export function takeSamples(samples: Samples, rows: Uint32Array | null): Batch {
  const { labels, count } = samples;
  if (rows === null) return { features: scaledFeatures(samples), labels, count };
  return { ...labelsOf(samples, rows), features: gatherFeatures(samples, rows) };
}

/**
 * The samples of a batch as an epoch trains on them, in its order.
 *
 * @param rows - their indices; null: all samples, in theirs
 * @param epoch - from 0
 */
export function takeTrainingSamples(
  samples: Samples,
  rows: Uint32Array | null,
  epoch: number,
): Batch {
  if (samples.augmentation === undefined) return takeSamples(samples, rows);
  const taken = rows ?? Uint32Array.from({ length: samples.count }, (_, row) => row);
  const features = new Float64Array(taken.length * widthOf(samples));
  return {
    ...labelsOf(samples, taken),
    features: trainingFeatures(samples, taken, epoch, features),
  };
}

function labelsOf({ labels }: Samples, rows: Uint32Array): Omit<Batch, 'features'> {
  return { labels: Uint8Array.from(rows, (row) => labels[row]), count: rows.length };
}
