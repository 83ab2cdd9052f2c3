/** The convolution's bounds: those of float32 sums of products. */
import { type Approximate, EPSILON, sumBound } from '../../session/self-test/approximate';
import type { LayerCheck } from '../../session/self-test/layer-check';
import { type ConvLayer, convShape, patchOf, positionsOf } from './layer';
import { convBackwardInput, convBackwardWeights, convForward } from './reference';

export const conv: LayerCheck<ConvLayer> = {
  forward: ({ layer, input: image }, [weights, biases], input, rows) => {
    const shape = convShape(layer, image);
    const sizes = weights.map(Math.abs);
    const through = (values: Float64Array, offsets: Float64Array) =>
      convForward(shape, values, sizes, offsets, rows);
    const magnitudes = through(input.values.map(Math.abs), biases.map(Math.abs));
    const carried = through(input.bounds, new Float64Array(biases.length));
    return {
      values: convForward(shape, input.values, weights, biases, rows),
      bounds: carried.map((bound, i) => bound + sumBound(patchOf(shape) + 1, magnitudes[i])),
    };
  },
  gradients: ({ layer, input: image, slices }, delta, input, rows) => {
    const shape = convShape(layer, image);
    const mean = (d: Float64Array, x: Float64Array) => {
      const [weights, biases] = slices.map(({ length }) => new Float64Array(length));
      convBackwardWeights(shape, d, x, rows, weights, biases);
      return [weights, biases];
    };
    const terms = rows * positionsOf(shape);
    const magnitudes = mean(delta.map(Math.abs), input.map(Math.abs));
    return mean(delta, input).map((values, slice): Approximate => {
      const bounds = magnitudes[slice].map(
        (m, i) => sumBound(terms, m) + 2 * EPSILON * Math.abs(values[i]) + 1e-38,
      );
      return { values, bounds };
    });
  },
  backwardInput: ({ layer, input: image }, [weights], delta, _input, rows) => {
    const shape = convShape(layer, image);
    const terms = shape.filters * shape.kernelHeight * shape.kernelWidth;
    const sizes = weights.map(Math.abs);
    const magnitudes = convBackwardInput(shape, delta.map(Math.abs), sizes, rows);
    return {
      values: convBackwardInput(shape, delta, weights, rows),
      bounds: magnitudes.map((magnitude) => sumBound(terms, magnitude)),
    };
  },
};
