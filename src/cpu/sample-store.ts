/** The samples in a workspace, in the layouts that the kernels read, a part of a batch at a time. */
import {
  BYTE_VALUES,
  byteTables,
  float32Features,
  type Samples,
  scaledBytes,
} from '../data/samples';
import { inputsOf } from '../model/network-spec';
import type { Problem } from '../training/backend';
import { StepSequence } from '../training/steps';
import { BLOCK, PANEL, roundUp } from './panels';
import type { Workspace } from './workspace';

/** At most as many samples as the activations have room for. Addresses in bytes. */
export interface Part {
  readonly count: number;
  /** Panels of samples, `panelStride` bytes apart. */
  readonly panels: number;
  readonly panelStride: number;
  /** Panels of eight features over the samples, for the first gradient; 0 in evaluation. */
  readonly groups: number;
  readonly groupStride: number;
  /** 0 in prediction. */
  readonly labels: number;
}

export class SampleStore {
  readonly #problem: Problem;
  readonly #workspace: Workspace;
  readonly #isFullBatch: boolean;
  /** Tables that turn bytes into features; 0 where the samples are float32. */
  readonly #tables: number;
  readonly #rowBytes: number;
  readonly #panelStride: number;

  /** Copies the samples of `problem` into the workspace. */
  constructor(problem: Problem, workspace: Workspace) {
    const { train, test, spec, hyperparameters } = problem;
    this.#problem = problem;
    this.#workspace = workspace;
    this.#isFullBatch = new StepSequence(hyperparameters, train.count).isFullBatch;
    this.#rowBytes = 4 * roundUp(inputsOf(spec), PANEL);
    this.#panelStride = 4 * PANEL * roundUp(inputsOf(spec), BLOCK);
    workspace.integers.set(train.labels, workspace.address('train-labels') / 4);
    workspace.integers.set(test.labels, workspace.address('test-labels') / 4);
    this.#tables = byteTables(problem);
    if (this.#tables > 0) {
      const scaled = scaledBytes(train.scaler, this.#tables);
      workspace.floats.set(scaled, workspace.address('scaled-bytes') / 4);
      this.#copyBytes(train, workspace.address('train-bytes'));
      this.#copyBytes(test, workspace.address('test-bytes'));
      if (train.augmentation?.hasNoise) {
        workspace.floats.set(train.augmentation.noiseSteps, workspace.address('noise-steps') / 4);
      }
      return;
    }
    this.#uploadPanels(test, 'test');
    if (this.#isFullBatch) this.#uploadPanels(train, 'train');
    else this.#writeRows(float32Features(train), 0, train.count, workspace.address('train-rows'));
  }

  /** Copies bytes into the workspace, where they do not lie there already. */
  #copyBytes({ values }: Samples, to: number): void {
    const { bytes } = this.#workspace;
    if (this.#workspace.plan.hasSamples !== true) bytes.set(values, to);
  }

  /**
   * Samples `first` to `first + count` of a batch: a view of the full batch, or gathered.
   *
   * @param rows - the batch's indices into the training set; null: all of it, in order
   * @param epoch - from 0, whose augmentation they get
   */
  trainingPart(rows: Uint32Array | null, first: number, count: number, epoch: number): Part {
    const address = (name: string) => this.#workspace.address(name);
    if (rows === null && this.#tables > 0) {
      const part = this.#batchPart(count, address('train-labels') + 4 * first);
      this.#unpackTraining(0, first, part, epoch);
      return part;
    }
    if (rows === null) {
      return {
        ...this.#viewOf('train', first, count),
        groups: address('train-groups') + 4 * PANEL * first,
        groupStride: 4 * PANEL * roundUp(this.#problem.train.count, PANEL),
      };
    }
    const indices = address('batch-rows');
    const labels = address('batch-labels');
    this.#workspace.integers.set(rows.subarray(first, first + count), indices / 4);
    this.#workspace.kernels.gatherLabels(address('train-labels'), indices, count, labels);
    const part = this.#batchPart(count, labels);
    if (this.#tables > 0) this.#unpackTraining(indices, 0, part, epoch);
    else this.#gather(address('train-rows'), indices, part);
    return part;
  }

  /** Samples `first` to `first + count` of the test set. */
  testPart(first: number, count: number): Part {
    if (this.#tables === 0) {
      return { ...this.#viewOf('test', first, count), groups: 0, groupStride: 0 };
    }
    const labels = this.#workspace.address('test-labels') + 4 * first;
    const part = { ...this.#batchPart(count, labels), groups: 0, groupStride: 0 };
    const from = this.#workspace.address('test-bytes') + first * inputsOf(this.#problem.spec);
    this.#scaleBytes(from, 0, count);
    this.#gather(this.#workspace.address('staging'), 0, part);
    return part;
  }

  /** Samples `first` to `first + count` of `features`, (samples × inputs). */
  predictionPart(features: Float64Array, first: number, count: number): Part {
    const part = { ...this.#batchPart(count, 0), groups: 0, groupStride: 0 };
    this.#stage(features, first, part);
    return part;
  }

  /** The panels and groups that samples are gathered into. */
  #batchPart(count: number, labels: number): Part {
    return {
      count,
      panels: this.#workspace.address('batch-panels'),
      panelStride: this.#panelStride,
      groups: this.#workspace.addressOrZero('batch-groups'),
      groupStride: 4 * PANEL * this.#workspace.plan.rows,
      labels,
    };
  }

  /**
   * Brings training samples into a part's panels from their bytes, through the staging region, with the
   * augmentation of an epoch.
   *
   * @param indices - address of the rows to take, or 0: all in order, from row `first` on
   */
  #unpackTraining(indices: number, first: number, part: Part, epoch: number): void {
    const { kernels } = this.#workspace;
    const { spec, train } = this.#problem;
    const address = (name: string) => this.#workspace.address(name);
    const { augmentation } = train;
    const { count } = part;
    const inputs = inputsOf(spec);
    if (augmentation === undefined || augmentation.shift === 0) {
      this.#scaleBytes(address('train-bytes') + first * inputs, indices, count);
    } else {
      const { image, shift, seed } = augmentation;
      const { channels, height, width } = image;
      const moved = address('moved-bytes');
      kernels.moveBytes(
        address('train-bytes'),
        indices,
        first,
        count,
        channels,
        height,
        width,
        shift,
        epoch,
        seed,
        moved,
      );
      this.#scaleBytes(moved, 0, count);
    }
    const staging = address('staging');
    if (augmentation?.hasNoise) {
      const steps = address('noise-steps');
      const { seed } = augmentation;
      const to = [staging, this.#rowBytes] as const;
      kernels.addNoise(indices, first, count, inputs, steps, epoch, seed, ...to);
    }
    this.#gather(staging, 0, part);
  }

  /**
   * Leaves features of `count` samples in the staging region.
   *
   * @param bytes - address of the samples' bytes
   * @param indices - address of the rows to take, or 0: all in order
   */
  #scaleBytes(bytes: number, indices: number, count: number): void {
    this.#workspace.kernels.unpackBytes(
      bytes,
      this.#workspace.address('scaled-bytes'),
      this.#tables === 1 ? 0 : 4 * BYTE_VALUES,
      indices,
      count,
      inputsOf(this.#problem.spec),
      this.#workspace.address('staging'),
      this.#rowBytes,
    );
  }

  #viewOf(set: 'train' | 'test', first: number, count: number) {
    return {
      count,
      panels: this.#workspace.address(`${set}-panels`) + (first / PANEL) * this.#panelStride,
      panelStride: this.#panelStride,
      labels: this.#workspace.address(`${set}-labels`) + 4 * first,
    };
  }

  #uploadPanels(samples: Samples, set: 'train' | 'test'): void {
    const { rows } = this.#workspace.plan;
    const { count } = samples;
    const features = float32Features(samples);
    for (let first = 0; first < count; first += rows) {
      const length = Math.min(rows, count - first);
      const part =
        set === 'test' ? this.testPart(first, length) : this.trainingPart(null, first, length, 0);
      this.#stage(features, first, part);
    }
  }

  /** Brings rows of `features` into a part's panels, through the staging region. */
  #stage(features: Float64Array | Float32Array, first: number, part: Part): void {
    const staging = this.#workspace.address('staging');
    this.#writeRows(features, first, part.count, staging);
    this.#gather(staging, 0, part);
  }

  #writeRows(
    features: Float64Array | Float32Array,
    first: number,
    count: number,
    to: number,
  ): void {
    const inputs = inputsOf(this.#problem.spec);
    for (let row = 0; row < count; row++) {
      const from = (first + row) * inputs;
      const values = features.subarray(from, from + inputs);
      this.#workspace.floats.set(values, (to + row * this.#rowBytes) / 4);
    }
  }

  /** @param indices - address of the rows to take, or 0: all in order */
  #gather(features: number, indices: number, part: Part): void {
    this.#workspace.kernels.gatherSamples(
      features,
      this.#rowBytes,
      indices,
      part.count,
      this.#workspace.address('zeros'),
      inputsOf(this.#problem.spec),
      part.panels,
      part.panelStride,
      part.groups,
      part.groupStride,
    );
  }
}
