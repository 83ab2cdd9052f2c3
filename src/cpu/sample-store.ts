/** The samples in a workspace, in the layouts that the kernels read, a part of a batch at a time. */
import { inputsOf } from '../model/network-spec';
import type { Problem, Samples } from '../training/backend';
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
    this.#uploadPanels(test, 'test');
    if (this.#isFullBatch) this.#uploadPanels(train, 'train');
    else this.#writeRows(train.features, 0, train.count, workspace.address('train-rows'));
  }

  /**
   * Samples `first` to `first + count` of a batch: a view of the full batch, or gathered.
   *
   * @param rows - the batch's indices into the training set; null: all of it, in order
   */
  trainingPart(rows: Uint32Array | null, first: number, count: number): Part {
    const address = (name: string) => this.#workspace.address(name);
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
    const part = {
      count,
      panels: address('batch-panels'),
      panelStride: this.#panelStride,
      groups: address('batch-groups'),
      groupStride: 4 * PANEL * this.#workspace.plan.rows,
      labels,
    };
    this.#gather(address('train-rows'), indices, part);
    return part;
  }

  /** Samples `first` to `first + count` of the test set. */
  testPart(first: number, count: number): Part {
    return { ...this.#viewOf('test', first, count), groups: 0, groupStride: 0 };
  }

  /** Samples `first` to `first + count` of `features`, (samples × inputs). */
  predictionPart(features: Float64Array, first: number, count: number): Part {
    const panels = this.#workspace.address('batch-panels');
    const part = { ...this.testPart(0, count), panels, labels: 0 };
    this.#stage(features, first, part);
    return part;
  }

  #viewOf(set: 'train' | 'test', first: number, count: number) {
    return {
      count,
      panels: this.#workspace.address(`${set}-panels`) + (first / PANEL) * this.#panelStride,
      panelStride: this.#panelStride,
      labels: this.#workspace.address(`${set}-labels`) + 4 * first,
    };
  }

  #uploadPanels({ features, count }: Samples, set: 'train' | 'test'): void {
    const { rows } = this.#workspace.plan;
    for (let first = 0; first < count; first += rows) {
      const length = Math.min(rows, count - first);
      const part =
        set === 'test' ? this.testPart(first, length) : this.trainingPart(null, first, length);
      this.#stage(features, first, part);
    }
  }

  /** Brings rows of `features` into a part's panels, through the staging region. */
  #stage(features: Float64Array, first: number, part: Part): void {
    const staging = this.#workspace.address('staging');
    this.#writeRows(features, first, part.count, staging);
    this.#gather(staging, 0, part);
  }

  #writeRows(features: Float64Array, first: number, count: number, to: number): void {
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
