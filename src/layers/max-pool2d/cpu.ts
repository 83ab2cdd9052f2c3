/** Max pooling on the backend cpu: the kernels of src/cpu/assembly/pool.ts on one layer's addresses. */
import { ACTIVATION_NUMBERS, type CpuLayer } from '../../cpu/layer-cpu';
import { LEAKY_RELU_SLOPE } from '../activation';
import { type MaxPoolLayer, poolShape } from './layer';

export const maxPool: CpuLayer<MaxPoolLayer> = {
  gradientsFrom: 'panels',
  regions: () => [],
  open: ({ layer, input: image }, { values, delta, stride }, { kernels }) => {
    const { channels, height, width, size } = poolShape(layer, image);
    const sizes = [channels, height, width, size] as const;
    return {
      packForForward: () => undefined,
      packForBackward: () => undefined,
      forward: (input, panels) =>
        kernels.poolForward(input.address, input.stride, panels, ...sizes, values, stride),
      gradients: () => undefined,
      backward: (before, panels) =>
        kernels.poolBackward(
          delta,
          stride,
          panels,
          ...sizes,
          before.delta,
          before.stride,
          before.values,
          ACTIVATION_NUMBERS[before.activation],
          LEAKY_RELU_SLOPE,
          before.mask,
          1 / before.scale,
        ),
    };
  },
};
