/**
 * Which hidden units a training step drops. The mask is a function, not a stream: one word of Philox for
 * each (seed, step, layer, row, unit), so every backend draws the same one in any order.
 */
import { philox } from '../data/philox';

/** The rate in units of 2^-32: a unit whose word is below it is dropped. */
export function dropoutThreshold(rate: number): number {
  return Math.floor(rate * 2 ** 32);
}

/**
 * Factor on a hidden unit in training: 0 where it is dropped, else 1 / (1 - rate), so that the
 * expected activation stays what it is in evaluation (inverted dropout, as PyTorch and Keras have it).
 *
 * @param step - batches done before this one, counted over all epochs
 * @param layer - layer from 1; `row` the sample's place in the batch; `unit` the unit in the layer
 */
export function dropoutScale(
  threshold: number,
  seed: number,
  step: number,
  layer: number,
  row: number,
  unit: number,
): number {
  const word = philox([unit >>> 2, row, step, layer], [seed, 0])[unit & 3];
  return word < threshold ? 0 : 2 ** 32 / (2 ** 32 - threshold);
}
