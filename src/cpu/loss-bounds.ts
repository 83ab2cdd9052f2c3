/** Probabilities are clipped to [1e-7, 1 - 1e-7] in the loss, which bounds a sample's loss on both sides. */
export const LEAST_LOSS = -Math.log(1 - 1e-7);
export const MOST_LOSS = -Math.log(1e-7);
