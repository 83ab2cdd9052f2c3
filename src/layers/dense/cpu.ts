/** The dense layer on the backend cpu: the kernels of src/cpu/assembly/dense.ts on one layer's addresses. */
import {
  ACTIVATION_NUMBERS,
  type CpuLayer,
  type CpuPasses,
  type LayerOutput,
  type Panels,
} from '../../cpu/layer-cpu';
import { BLOCK, PANEL, roundUp } from '../../cpu/panels';
import type { Workspace } from '../../cpu/workspace';
import { LEAKY_RELU_SLOPE } from '../activation';
import type { PlacedLayer } from '../layer';
import type { DenseLayer } from './layer';

export const dense: CpuLayer<DenseLayer> = {
  // W in blocks of rows, for the forward pass, and of columns, for the delta of the layer before.
  regions: ({ index, inputs, outputs }) => [
    [`rows-${index}`, roundUp(outputs, BLOCK) * inputs],
    ...(index === 1 ? [] : [[`columns-${index}`, roundUp(inputs, BLOCK) * outputs] as const]),
  ],
  open: (place, output, workspace) => new DensePasses(place, output, workspace),
};

class DensePasses implements CpuPasses {
  readonly #place: PlacedLayer<DenseLayer>;
  readonly #output: LayerOutput;
  readonly #workspace: Workspace;
  readonly #weights: number;
  readonly #biases: number;
  readonly #rows: number;
  readonly #columns: number;

  constructor(place: PlacedLayer<DenseLayer>, output: LayerOutput, workspace: Workspace) {
    const [weights, biases] = place.slices;
    this.#place = place;
    this.#output = output;
    this.#workspace = workspace;
    this.#weights = 4 * weights.offset;
    this.#biases = 4 * biases.offset;
    this.#rows = workspace.address(`rows-${place.index}`);
    this.#columns = workspace.addressOrZero(`columns-${place.index}`);
  }

  packForForward(): void {
    const { inputs, outputs } = this.#place;
    const weights = this.#workspace.address('parameters') + this.#weights;
    this.#workspace.kernels.packRows(weights, outputs, inputs, this.#rows);
  }

  packForBackward(): void {
    if (this.#columns === 0) return;
    const { inputs, outputs } = this.#place;
    const weights = this.#workspace.address('parameters') + this.#weights;
    this.#workspace.kernels.packColumns(weights, outputs, inputs, this.#columns);
  }

  forward(input: Panels, panels: number, trains: boolean): void {
    const { inputs, outputs } = this.#place;
    const { values, stride, activation, mask } = this.#output;
    this.#workspace.kernels.forward(
      this.#rows,
      Math.ceil(outputs / BLOCK),
      inputs,
      input.address,
      input.stride,
      panels,
      values,
      stride,
      this.#workspace.address('parameters') + this.#biases,
      outputs,
      ACTIVATION_NUMBERS[activation],
      LEAKY_RELU_SLOPE,
      trains ? mask : 0,
    );
  }

  gradients(groups: Panels, panels: number, scale: number, adds: boolean): void {
    const { kernels } = this.#workspace;
    const { inputs, outputs } = this.#place;
    const { delta, stride } = this.#output;
    const samples = panels * PANEL;
    const blocks = this.#workspace.address('delta-blocks');
    const blockStride = 4 * BLOCK * samples;
    const gradients = this.#workspace.address('gradients');
    kernels.transposePanels(delta, stride, outputs, panels, blocks, blockStride, BLOCK);
    kernels.backwardWeights(
      blocks,
      outputs,
      samples,
      groups.address,
      groups.stride,
      inputs,
      gradients + this.#weights,
      scale,
      adds,
      this.#workspace.address('tile'),
    );
    const biases = gradients + this.#biases;
    kernels.backwardBiases(delta, stride, panels, outputs, biases, scale, adds);
  }

  backward(before: LayerOutput, panels: number): void {
    const { delta, stride } = this.#output;
    this.#workspace.kernels.backwardDelta(
      this.#columns,
      Math.ceil(before.outputs / BLOCK),
      this.#place.outputs,
      delta,
      stride,
      panels,
      before.delta,
      before.stride,
      before.values,
      before.outputs,
      ACTIVATION_NUMBERS[before.activation],
      LEAKY_RELU_SLOPE,
      before.mask,
      1 / before.scale,
    );
  }
}
