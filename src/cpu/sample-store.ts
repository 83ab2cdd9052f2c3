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
      workspace.bytes.set(train.values, workspace.address('train-bytes'));
      workspace.bytes.set(test.values, workspace.address('test-bytes'));
      return;
    }
    this.#uploadPanels(test, 'test');
    if (this.#isFullBatch) this.#uploadPanels(train, 'train');
    else this.#writeRows(float32Features(train), 0, train.count, workspace.address('train-rows'));
  }

  /**
   * Samples `first` to `first + count` of a batch: a view of the full batch, or gathered.
   *
   * @param rows - the batch's indices into the training set; null: all of it, in order
   */
  trainingPart(rows: Uint32Array | null, first: number, count: number): Part {
    const address = (name: string) => this.#workspace.address(name);
    if (rows === null && this.#tables > 0) {
      const part = this.#batchPart(count, address('train-labels') + 4 * first);
      this.#unpack('train', 0, first, part);
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
    if (this.#tables > 0) this.#unpack('train', indices, 0, part);
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
    this.#unpack('test', 0, first, part);
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
   * Brings samples into a part's panels from their bytes, through the staging region.
   *
   * @param indices - address of the rows to take, or 0: all in order, from row `first` on
   */
  #unpack(set: 'train' | 'test', indices: number, first: number, part: Part): void {
    const { kernels } = this.#workspace;
    const inputs = inputsOf(this.#problem.spec);
    const staging = this.#workspace.address('staging');
    kernels.unpackBytes(
      this.#workspace.address(`${set}-bytes`) + first * inputs,
      this.#workspace.address('scaled-bytes'),
      this.#tables === 1 ? 0 : 4 * BYTE_VALUES,
      indices,
      part.count,
      inputs,
      staging,
      this.#rowBytes,
    );
    this.#gather(staging, 0, part);
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
        set === 'test' ? this.testPart(first, length) : this.trainingPart(null, first, length);
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
