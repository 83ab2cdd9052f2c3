/** The convolution on the backend cpu: the kernels of src/cpu/assembly/conv.ts on one layer's addresses. */
import {
  ACTIVATION_NUMBERS,
  type CpuLayer,
  type CpuPasses,
  type LayerOutput,
} from '../../cpu/layer-cpu';
import { BLOCK, roundUp } from '../../cpu/panels';
import { patchBytes, tapBytes } from '../../cpu/threads/slices';
import type { Workspace } from '../../cpu/workspace';
import { LEAKY_RELU_SLOPE } from '../activation';
import type { PlacedLayer } from '../layer';
import { type ConvLayer, type ConvShape, convShape, patchOf, positionsOf } from './layer';

/** The sizes as the kernels read them, in their order. */
function sizesOf(shape: ConvShape): readonly number[] {
  const { channels, height, width, filters, kernelHeight, kernelWidth } = shape;
  const { stride, paddingY, paddingX, outHeight, outWidth } = shape;
  const kernel = [kernelHeight, kernelWidth, stride, paddingY, paddingX];
  return [channels, height, width, filters, ...kernel, outHeight, outWidth];
}

/** Weights of a filter for one channel, and what a value of the image hears of. */
function depthsOf({ filters, kernelHeight, kernelWidth }: ConvShape) {
  const area = kernelHeight * kernelWidth;
  return { area, heard: filters * area };
}

export const conv: CpuLayer<ConvLayer> = {
  gradientsFrom: 'panels',
  // W in blocks of filters, for the forward pass, and of channels, for the delta of the layer before.
  regions: ({ index, layer, input }, _rows, slices, passesBack) => {
    const shape = convShape(layer, input);
    const { channels, filters } = shape;
    const { area, heard } = depthsOf(shape);
    const room = Math.max(patchBytes(patchOf(shape)), patchBytes(heard), tapBytes(area));
    return [
      [`sizes-${index}`, sizesOf(shape).length],
      [`patches-${index}`, (slices * room) / 4],
      [`filters-${index}`, roundUp(filters, BLOCK) * patchOf(shape)],
      ...(passesBack ? [[`channels-${index}`, roundUp(channels, BLOCK) * heard] as const] : []),
    ];
  },
  open: openConv,
};

function openConv(
  { index, layer, input: image, slices }: PlacedLayer<ConvLayer>,
  { values, delta, stride, activation, mask }: LayerOutput,
  workspace: Workspace,
): CpuPasses {
  const { kernels } = workspace;
  const shape = convShape(layer, image);
  const { channels, height, width, filters, outHeight, outWidth } = shape;
  const { area, heard } = depthsOf(shape);
  const depth = patchOf(shape);
  const positions = positionsOf(shape);
  const [weights, biases] = slices.map(({ offset }) => 4 * offset);
  const [weightGradients, biasGradients] = slices.map(({ offset }) => workspace.gradientAt(offset));
  const parameters = workspace.address('parameters');
  const sizes = workspace.address(`sizes-${index}`);
  const patches = workspace.address(`patches-${index}`);
  const filterBlocks = workspace.address(`filters-${index}`);
  const channelBlocks = workspace.addressOrZero(`channels-${index}`);
  workspace.integers.set(sizesOf(shape), sizes / 4);
  return {
    packForForward: () => kernels.packRows(parameters + weights, filters, depth, filterBlocks),
    packForBackward: () => {
      if (channelBlocks === 0) return;
      kernels.packChannels(parameters + weights, filters, channels, area, channelBlocks);
    },
    forward: (input, panels, trains) =>
      kernels.convForward(
        filterBlocks,
        depth,
        sizes,
        input.address,
        input.stride,
        0,
        panels * outHeight,
        values,
        stride,
        outWidth,
        parameters + biases,
        filters,
        ACTIVATION_NUMBERS[activation],
        LEAKY_RELU_SLOPE,
        trains ? mask : 0,
        patches,
      ),
    gradients: (input, panels, scale, adds) => {
      kernels.convBackwardWeights(
        delta,
        stride,
        sizes,
        input.address,
        input.stride,
        panels,
        0,
        Math.ceil(filters / BLOCK) * channels,
        area,
        positions,
        weightGradients,
        scale,
        adds,
        patches,
      );
      kernels.backwardBiases(delta, stride, panels, filters, positions, biasGradients, scale, adds);
    },
    backward: (before, panels) =>
      kernels.convBackwardDelta(
        channelBlocks,
        heard,
        sizes,
        delta,
        stride,
        0,
        panels * height,
        before.delta,
        before.stride,
        width,
        before.values,
        channels,
        ACTIVATION_NUMBERS[before.activation],
        LEAKY_RELU_SLOPE,
        before.mask,
        1 / before.scale,
        patches,
      ),
  };
}
