/**
 * The passes of the network on the CPU: which kernel runs when, on which addresses. The kernels
 * themselves, and the layouts called panels, blocks and groups, are in src/cpu/assembly.
 */

import { LEAST_LOSS, MOST_LOSS } from '../model/loss';
import { type Activation, LEAKY_RELU_SLOPE, layersOf, type Output } from '../model/network-spec';
import { layerOffsets, parameterLayout } from '../model/parameter-layout';
import type { Problem } from '../training/backend';
import { dropoutThreshold } from '../training/dropout';
import type { LossSums } from '../training/host-backend';
import type { Kernels } from './kernels';
import { BLOCK, PANEL, roundUp } from './memory-plan';
import type { Part } from './sample-store';
import type { Workspace } from './workspace';

/** The activations as src/cpu/assembly/activations.ts counts them. */
const ACTIVATION_NUMBERS = {
  identity: 0,
  sigmoid: 1,
  tanh: 2,
  relu: 3,
  leaky_relu: 4,
} as const satisfies Record<Activation | 'identity', number>;

/** Which kernels make of the logits a loss, and probabilities. */
const KERNELS_OF_OUTPUT = {
  sigmoid: { loss: 'binaryCrossEntropy', probabilities: 'sigmoidProbabilities' },
  softmax: { loss: 'softmaxCrossEntropy', probabilities: 'softmaxProbabilities' },
} as const satisfies Record<Output, Record<'loss' | 'probabilities', keyof Kernels>>;

/** A layer with the addresses of all that it has; 0 where it has none. */
interface Layer {
  readonly index: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly isOutput: boolean;
  readonly weights: number;
  readonly biases: number;
  readonly weightGradients: number;
  readonly biasGradients: number;
  /** W in blocks of rows, for the forward pass, and of columns, for the delta of the layer before. */
  readonly rows: number;
  readonly columns: number;
  /** Panels, `stride` bytes apart. The output layer's delta takes the place of its logits. */
  readonly activations: number;
  readonly delta: number;
  readonly mask: number;
  readonly stride: number;
  /** The layer's input in panels of eight units over the samples, for the gradient of W. */
  readonly groups: number;
}

export class WasmNetwork {
  readonly #problem: Problem;
  readonly #workspace: Workspace;
  readonly #kernels: Kernels;
  readonly #layers: readonly Layer[];
  readonly #activation: number;
  /** Dropout's threshold and the factor on the units that are kept. */
  readonly #threshold: number;
  readonly #scale: number;

  constructor(problem: Problem, workspace: Workspace) {
    const { spec, hyperparameters } = problem;
    this.#problem = problem;
    this.#workspace = workspace;
    this.#kernels = workspace.kernels;
    this.#activation = ACTIVATION_NUMBERS[spec.activation];
    this.#threshold = dropoutThreshold(hyperparameters.dropout);
    this.#scale = 2 ** 32 / (2 ** 32 - this.#threshold);
    const layout = parameterLayout(spec);
    const parameters = workspace.address('parameters');
    const gradients = workspace.address('gradients');
    this.#layers = layersOf(spec).map((layer) => {
      const { index, isOutput, outputs } = layer;
      const { weights, biases } = layerOffsets(layout, index);
      const activations = workspace.address(`activations-${index}`);
      return {
        ...layer,
        weights: parameters + 4 * weights,
        biases: parameters + 4 * biases,
        weightGradients: gradients + 4 * weights,
        biasGradients: gradients + 4 * biases,
        rows: workspace.address(`rows-${index}`),
        columns: workspace.addressOrZero(`columns-${index}`),
        activations,
        delta: isOutput ? activations : workspace.address(`deltas-${index}`),
        mask: workspace.addressOrZero(`mask-${index}`),
        stride: 4 * PANEL * roundUp(outputs, BLOCK),
        groups: workspace.addressOrZero(`groups-${index}`),
      };
    });
  }

  /** Packs W for `forward`; due after every change of the parameters. */
  packForForward(): void {
    for (const { weights, outputs, inputs, rows } of this.#layers) {
      this.#kernels.packRows(weights, outputs, inputs, rows);
    }
  }

  /** Packs W for `backward`. */
  packForBackward(): void {
    for (const { weights, outputs, inputs, columns } of this.#layers) {
      if (columns !== 0) this.#kernels.packColumns(weights, outputs, inputs, columns);
    }
  }

  /**
   * Draws dropout's masks for a part.
   *
   * @param step - batches done before this one; `firstRow` the part's place in its batch
   */
  drawMasks(count: number, step: number, firstRow: number): void {
    const { seed } = this.#problem.hyperparameters;
    for (const { index, mask, stride, outputs } of this.#layers) {
      if (mask === 0) continue;
      this.#kernels.maskPanels(
        mask,
        stride,
        Math.ceil(count / PANEL),
        outputs,
        firstRow,
        step,
        index,
        seed,
        this.#threshold,
        this.#scale,
      );
    }
  }

  /** Leaves the activations of the hidden layers and the logits; `trains` puts dropout in. */
  forward(part: Part, trains: boolean): void {
    const panels = Math.ceil(part.count / PANEL);
    let input = part.panels;
    let inputStride = part.panelStride;
    for (const layer of this.#layers) {
      this.#kernels.forward(
        layer.rows,
        Math.ceil(layer.outputs / BLOCK),
        layer.inputs,
        input,
        inputStride,
        panels,
        layer.activations,
        layer.stride,
        layer.biases,
        layer.outputs,
        layer.isOutput ? ACTIVATION_NUMBERS.identity : this.#activation,
        LEAKY_RELU_SLOPE,
        trains ? layer.mask : 0,
      );
      input = layer.activations;
      inputStride = layer.stride;
    }
  }

  /** Sums over a part from its logits, whose place the output layer's delta takes if it `trains`. */
  loss({ count, labels }: Part, trains: boolean): LossSums {
    const { activations, stride, outputs } = this.#outputLayer();
    const kernel = KERNELS_OF_OUTPUT[this.#problem.spec.output].loss;
    this.#kernels[kernel](
      activations,
      stride,
      outputs,
      count,
      labels,
      LEAST_LOSS,
      MOST_LOSS,
      trains,
      this.#workspace.address('sums'),
    );
    return this.#workspace.lossSums();
  }

  /** Puts probabilities in the logits' place and copies them to `to`, (count × outputs). */
  probabilities(count: number, to: Float64Array): void {
    const { activations, stride, outputs } = this.#outputLayer();
    const kernel = KERNELS_OF_OUTPUT[this.#problem.spec.output].probabilities;
    this.#kernels[kernel](activations, stride, outputs, count);
    for (let row = 0; row < count; row++) {
      const from = (activations + Math.floor(row / PANEL) * stride) / 4 + (row % PANEL);
      for (let k = 0; k < outputs; k++) {
        to[row * outputs + k] = this.#workspace.floats[from + PANEL * k];
      }
    }
  }

  /**
   * Gradients of the mean loss, from the output's delta back to the first layer.
   *
   * @param scale - 1 / (samples of the whole batch)
   * @param adds - to the gradients of the parts before
   */
  backward(part: Part, scale: number, adds: boolean): void {
    const panels = Math.ceil(part.count / PANEL);
    for (let position = this.#layers.length - 1; position >= 0; position--) {
      const layer = this.#layers[position];
      if (position === 0) {
        this.#gradientsOf(layer, part.groups, part.groupStride, panels, scale, adds);
        return;
      }
      const before = this.#layers[position - 1];
      const groupStride = 4 * PANEL * this.#workspace.plan.rows;
      this.#kernels.transposePanels(
        before.activations,
        before.stride,
        before.outputs,
        panels,
        layer.groups,
        groupStride,
        PANEL,
      );
      this.#gradientsOf(layer, layer.groups, groupStride, panels, scale, adds);
      this.#kernels.backwardDelta(
        layer.columns,
        Math.ceil(before.outputs / BLOCK),
        layer.outputs,
        layer.delta,
        layer.stride,
        panels,
        before.delta,
        before.stride,
        before.activations,
        before.outputs,
        this.#activation,
        LEAKY_RELU_SLOPE,
        before.mask,
        1 / this.#scale,
      );
    }
  }

  #gradientsOf(
    layer: Layer,
    groups: number,
    groupStride: number,
    panels: number,
    scale: number,
    adds: boolean,
  ): void {
    const { delta, stride, inputs, outputs } = layer;
    const samples = panels * PANEL;
    const blocks = this.#workspace.address('delta-blocks');
    const blockStride = 4 * BLOCK * samples;
    this.#kernels.transposePanels(delta, stride, outputs, panels, blocks, blockStride, BLOCK);
    this.#kernels.backwardWeights(
      blocks,
      outputs,
      samples,
      groups,
      groupStride,
      inputs,
      layer.weightGradients,
      scale,
      adds,
      this.#workspace.address('tile'),
    );
    const biases = layer.biasGradients;
    this.#kernels.backwardBiases(delta, stride, panels, outputs, biases, scale, adds);
  }

  #outputLayer(): Layer {
    return this.#layers[this.#layers.length - 1];
  }
}
