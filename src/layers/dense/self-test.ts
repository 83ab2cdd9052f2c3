/** The dense layer's bounds: those of float32 sums of products. */
import { type Approximate, EPSILON, sumBound } from '../../session/self-test/approximate';
import type { LayerCheck } from '../../session/self-test/layer-check';
import type { DenseLayer } from './layer';
import { denseBackwardInput, denseBackwardWeights, denseForward } from './reference';

export const dense: LayerCheck<DenseLayer> = {
  forward: ({ inputs }, [weights, biases], input, rows) => {
    const sizes = weights.map(Math.abs);
    const magnitudes = denseForward(input.values.map(Math.abs), sizes, biases.map(Math.abs), rows);
    const carried = denseForward(input.bounds, sizes, new Float64Array(biases.length), rows);
    return {
      values: denseForward(input.values, weights, biases, rows),
      bounds: carried.map((bound, i) => bound + sumBound(inputs + 1, magnitudes[i])),
    };
  },
  gradients: ({ inputs, outputs }, delta, input, rows) => {
    const mean = (d: Float64Array, x: Float64Array) => {
      const slices = [new Float64Array(outputs * inputs), new Float64Array(outputs)] as const;
      denseBackwardWeights(d, x, rows, ...slices);
      return slices;
    };
    const magnitudes = mean(delta.map(Math.abs), input.map(Math.abs));
    return mean(delta, input).map((values, slice): Approximate => {
      const bounds = magnitudes[slice].map(
        (m, i) => sumBound(rows, m) + 2 * EPSILON * Math.abs(values[i]) + 1e-38,
      );
      return { values, bounds };
    });
  },
  backwardInput: ({ outputs }, [weights], delta, _input, rows) => {
    const magnitudes = denseBackwardInput(delta.map(Math.abs), weights.map(Math.abs), rows);
    return {
      values: denseBackwardInput(delta, weights, rows),
      bounds: magnitudes.map((magnitude) => sumBound(outputs, magnitude)),
    };
  },
};
