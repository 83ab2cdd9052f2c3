/** How often each class was taken for each: scikit-learn's `confusion_matrix`. */

/**
 * Counts samples by true and predicted class.
 *
 * @param labels - true class of each sample, 0 to `classes` - 1
 * @param predictions - predicted class of each sample
 * @returns (classes × classes): a row a true class, a column a predicted one
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) matrix[labels[i]][predictions[i]] += 1;
  return matrix;
}
