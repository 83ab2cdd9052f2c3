/** What every backend's loss and accuracy rest on: where probabilities are clipped, and which class they speak for. */

/** Probabilities are kept this far from 0 and 1 before their logarithm is taken. */
const CLIP = 1e-7;

/** The least and the largest loss of a sample that clipped probabilities allow. */
export const LEAST_LOSS = -Math.log(1 - CLIP);
export const MOST_LOSS = -Math.log(CLIP);

/** A probability, kept within [1e-7, 1 - 1e-7]. */
export function clipProbability(p: number): number {
  return Math.min(Math.max(p, CLIP), 1 - CLIP);
}

/**
 * The class that the outputs of one sample speak for: output > 0.5 of a single one, or the first
 * largest of several.
 *
 * @param outputs - probabilities; those of the sample are the `width` ones from `first` on
 */
export function predictedClass(
  outputs: ArrayLike<number>,
  first = 0,
  width = outputs.length,
): number {
  if (width === 1) return outputs[first] > 0.5 ? 1 : 0;
  let best = 0;
  for (let k = 1; k < width; k++) {
    if (outputs[first + k] > outputs[first + best]) best = k;
  }
  return best;
}
