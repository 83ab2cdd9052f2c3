/** Max pooling only chooses: what goes in exact comes out exact, forwards and back. */
import { exact } from '../../session/self-test/approximate';
import type { LayerCheck } from '../../session/self-test/layer-check';
import { type MaxPoolLayer, poolShape } from './layer';
import { poolBackwardInput, poolForward } from './reference';

export const maxPool: LayerCheck<MaxPoolLayer> = {
  forward: ({ layer, input: image }, _parameters, { values, bounds }, rows) => {
    const shape = poolShape(layer, image);
    // The largest of numbers that are off by so much is off by no more than the worst of them.
    return {
      values: poolForward(shape, values, rows),
      bounds: poolForward(shape, bounds, rows),
    };
  },
  gradients: () => [],
  backwardInput: ({ layer, input: image }, _parameters, delta, input, rows) =>
    exact(poolBackwardInput(poolShape(layer, image), delta, input, rows)),
};
