/** The dense layer on the backend cpu: the kernels of src/cpu/assembly/dense.ts on one layer's addresses. */
import {
  ACTIVATION_NUMBERS,
  type CpuLayer,
  type CpuPasses,
  type LayerOutput,
} from '../../cpu/layer-cpu';
import { BLOCK, PANEL, roundUp } from '../../cpu/panels';
import type { Workspace } from '../../cpu/workspace';
import { LEAKY_RELU_SLOPE } from '../activation';
import type { PlacedLayer } from '../layer';
import type { DenseLayer } from './layer';

export const dense: CpuLayer<DenseLayer> = {
  gradientsFrom: 'groups',
  // W in blocks of rows, for the forward pass, and of columns, for the delta of the layer before.
  regions: ({ index, inputs, outputs }, _rows, _slices, passesBack) => [
    [`rows-${index}`, roundUp(outputs, BLOCK) * inputs],
    ...(passesBack ? [[`columns-${index}`, roundUp(inputs, BLOCK) * outputs] as const] : []),
  ],
  open: openDense,
};

function openDense(
  { index, inputs, outputs, slices }: PlacedLayer<DenseLayer>,
  { values, delta, stride, activation, mask }: LayerOutput,
  workspace: Workspace,
): CpuPasses {
  const { kernels } = workspace;
  const [weights, biases] = slices.map(({ offset }) => 4 * offset);
  const [weightGradients, biasGradients] = slices.map(({ offset }) => workspace.gradientAt(offset));
  const parameters = workspace.address('parameters');
  const rows = workspace.address(`rows-${index}`);
  const columns = workspace.addressOrZero(`columns-${index}`);
  const deltaBlocks = workspace.address('delta-blocks');
  return {
    packForForward: () => kernels.packRows(parameters + weights, outputs, inputs, rows),
    packForBackward: () => {
      if (columns === 0) return;
      kernels.packColumns(parameters + weights, 4 * inputs, outputs, inputs, columns);
    },
    forward: (input, panels, trains) =>
      kernels.forward(
        rows,
        Math.ceil(outputs / BLOCK),
        inputs,
        input.address,
        input.stride,
        panels,
        values,
        stride,
        parameters + biases,
        outputs,
        ACTIVATION_NUMBERS[activation],
        LEAKY_RELU_SLOPE,
        trains ? mask : 0,
      ),
    gradients: (groups, panels, scale, adds) => {
      const samples = panels * PANEL;
      const blockStride = 4 * BLOCK * samples;
      kernels.transposePanels(delta, stride, outputs, panels, deltaBlocks, blockStride, BLOCK);
      kernels.backwardWeights(
        deltaBlocks,
        outputs,
        samples,
        groups.address,
        groups.stride,
        inputs,
        weightGradients,
        scale,
        adds,
        workspace.address('tiles'),
      );
      kernels.backwardBiases(delta, stride, panels, outputs, 1, biasGradients, scale, adds);
    },
    backward: (before, panels) =>
      kernels.backwardDelta(
        columns,
        Math.ceil(before.outputs / BLOCK),
        outputs,
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
      ),
  };
}
