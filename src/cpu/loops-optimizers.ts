/** The update rules in plain float32 loops, each over the flat parameters at once. */
import type { ParameterLayout } from '../model/parameter-layout';
import { ADAM, type Hyperparameters, RMSPROP } from '../training/hyperparameters';
import type { Step } from '../training/steps';

/**
 * One update of `parameters` in place.
 *
 * @param gradients - of the mean loss; changed by weight decay
 * @param moments - the optimizer's flat arrays (see `momentsOf`), changed in place
 */
export function update(
  hyperparameters: Hyperparameters,
  step: Step,
  layout: ParameterLayout,
  parameters: Float32Array,
  gradients: Float32Array,
  moments: readonly Float32Array[],
): void {
  decayWeights(hyperparameters, step, layout, parameters, gradients);
  const { learningRate } = step;
  const { optimizer, momentum, nesterov } = hyperparameters;
  switch (optimizer) {
    case 'sgd':
      if (momentum === 0) {
        for (let i = 0; i < parameters.length; i++) parameters[i] -= learningRate * gradients[i];
      } else {
        const [velocity] = moments;
        for (let i = 0; i < parameters.length; i++) {
          const g = gradients[i];
          const v = momentum * velocity[i] + g;
          velocity[i] = v;
          parameters[i] -= learningRate * (nesterov ? g + momentum * v : v);
        }
      }
      break;
    case 'rmsprop': {
      const { alpha, epsilon } = RMSPROP;
      const [squareAverage] = moments;
      for (let i = 0; i < parameters.length; i++) {
        const g = gradients[i];
        const v = alpha * squareAverage[i] + (1 - alpha) * g * g;
        squareAverage[i] = v;
        parameters[i] -= (learningRate * g) / (Math.sqrt(v) + epsilon);
      }
      break;
    }
    case 'adam':
    case 'adamw': {
      const { beta1, beta2, epsilon } = ADAM;
      const { stepSize, inverseRootCorrection } = step;
      const [first, second] = moments;
      for (let i = 0; i < parameters.length; i++) {
        const g = gradients[i];
        const m = beta1 * first[i] + (1 - beta1) * g;
        const v = beta2 * second[i] + (1 - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        parameters[i] -= (stepSize * m) / (Math.sqrt(v) * inverseRootCorrection + epsilon);
      }
      break;
    }
    default:
      optimizer satisfies never;
  }
}

/** L2 goes into the gradient; AdamW shrinks the weights themselves. Biases are left alone. */
function decayWeights(
  { weightDecay, optimizer }: Hyperparameters,
  { learningRate }: Step,
  layout: ParameterLayout,
  parameters: Float32Array,
  gradients: Float32Array,
): void {
  if (weightDecay === 0) return;
  for (const { kind, offset, length } of layout.slices) {
    if (kind === 'biases') continue;
    for (let i = offset; i < offset + length; i++) {
      if (optimizer === 'adamw') parameters[i] -= learningRate * weightDecay * parameters[i];
      else gradients[i] += weightDecay * parameters[i];
    }
  }
}
