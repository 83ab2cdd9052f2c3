/**
 * The update rules in plain float64, the notebook's Part 7 and what comes after it. Formulas and the
 * order of operations are PyTorch's (torch.optim.SGD, RMSprop, Adam, AdamW).
 */
import type { ParameterLayout } from '../model/parameter-layout';
import { ADAM, type Hyperparameters, RMSPROP } from '../training/hyperparameters';
import type { Step } from '../training/steps';

/**
 * One update of `parameters` in place.
 *
 * @param gradients - of the mean loss, flat like the parameters; changed by weight decay
 * @param moments - the optimizer's flat arrays (see `momentsOf`), changed in place
 */
export function update(
  hyperparameters: Hyperparameters,
  step: Step,
  layout: ParameterLayout,
  parameters: Float64Array,
  gradients: Float64Array,
  moments: readonly Float64Array[],
): void {
  applyWeightDecay(hyperparameters, step, layout, parameters, gradients);
  const { learningRate } = step;
  switch (hyperparameters.optimizer) {
    case 'sgd': {
      const { momentum, nesterov } = hyperparameters;
      const velocity = moments[0];
      for (let i = 0; i < parameters.length; i++) {
        let direction = gradients[i];
        if (momentum > 0) {
          velocity[i] = momentum * velocity[i] + gradients[i];
          direction = nesterov ? gradients[i] + momentum * velocity[i] : velocity[i];
        }
        parameters[i] -= learningRate * direction;
      }
      break;
    }
    case 'rmsprop': {
      const squareAverage = moments[0];
      for (let i = 0; i < parameters.length; i++) {
        const g = gradients[i];
        squareAverage[i] = RMSPROP.alpha * squareAverage[i] + (1 - RMSPROP.alpha) * g * g;
        parameters[i] -= (learningRate * g) / (Math.sqrt(squareAverage[i]) + RMSPROP.epsilon);
      }
      break;
    }
    case 'adam':
    case 'adamw': {
      const [first, second] = moments;
      for (let i = 0; i < parameters.length; i++) {
        const g = gradients[i];
        first[i] = ADAM.beta1 * first[i] + (1 - ADAM.beta1) * g;
        second[i] = ADAM.beta2 * second[i] + (1 - ADAM.beta2) * g * g;
        const root = Math.sqrt(second[i]) * step.inverseRootCorrection;
        parameters[i] -= (step.stepSize * first[i]) / (root + ADAM.epsilon);
      }
      break;
    }
    default:
      hyperparameters.optimizer satisfies never;
  }
}

/** L2 goes into the gradient; AdamW shrinks the weights themselves. Biases are left alone. */
function applyWeightDecay(
  { weightDecay, optimizer }: Hyperparameters,
  { learningRate }: Step,
  layout: ParameterLayout,
  parameters: Float64Array,
  gradients: Float64Array,
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
