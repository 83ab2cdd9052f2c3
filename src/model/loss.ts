/** What every backend's loss and accuracy rest on: the loss of clipped probabilities, and the class they speak for. */

/** Probabilities are kept this far from 0 and 1 before their logarithm is taken. */
const CLIP = 1e-7;

/** The least and the largest loss of a sample that clipped probabilities allow. */
export const LEAST_LOSS = -Math.log(1 - CLIP);
export const MOST_LOSS = -Math.log(CLIP);

/**
 * The loss of one sample, the notebook's Part 5: binary cross-entropy -(y ln p + (1 - y) ln(1 - p)) of a
 * single output, cross-entropy -ln p_label of several; p clipped to [1e-7, 1 - 1e-7].
 *
 * @param outputs - probabilities; those of the sample are the `width` ones from `first` on
 */
export function sampleLoss(
  outputs: ArrayLike<number>,
  label: number,
  first = 0,
  width = outputs.length,
): number {
  const output = outputs[first + (width === 1 ? 0 : label)];
  const p = Math.min(Math.max(output, CLIP), 1 - CLIP);
  return width === 1 && label === 0 ? -Math.log(1 - p) : -Math.log(p);
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
