/** From output probabilities to classes, loss and accuracy: the notebook's Part 5 and Part 9. */
import { predictedClass, sampleLoss } from '../model/loss';
import type { Output } from '../model/network-spec';

/**
 * The class of each sample: output > 0.5 with one sigmoid output, the largest output with softmax,
 * the first of equals.
 *
 * @param outputs - probabilities (count × outputs), row-major
 * @returns class indices, 0 to the number of classes - 1
 */
export function predictedClasses(outputs: ArrayLike<number>, count: number): Uint8Array {
  const width = outputs.length / count;
  return Uint8Array.from({ length: count }, (_, sample) =>
    predictedClass(outputs, sample * width, width),
  );
}

/**
 * The mean of the samples' losses.
 *
 * @param outputs - probabilities (count × outputs), row-major
 * @param labels - class of each sample
 * @param count - number of samples, at least 1
 */
export function meanLoss(
  outputs: ArrayLike<number>,
  labels: ArrayLike<number>,
  count: number,
): number {
  const width = outputs.length / count;
  let sum = 0;
  for (let sample = 0; sample < count; sample++) {
    sum += sampleLoss(outputs, labels[sample], sample * width, width);
  }
  return sum / count;
}

/** Share of the samples whose predicted class is their label. */
export function accuracyOf(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  let correct = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) correct += 1;
  return correct / labels.length;
}

/**
 * The probability of each class: (count × classes), row-major; `[1 - p, p]` with one sigmoid output.
 *
 * @param outputs - probabilities (count × outputs), row-major
 */
export function classProbabilities(outputs: ArrayLike<number>, output: Output): Float64Array {
  switch (output) {
    case 'sigmoid':
      return Float64Array.from(Array.from(outputs).flatMap((p) => [1 - p, p]));
    case 'softmax':
      return Float64Array.from(outputs);
    default:
      return output satisfies never;
  }
}
