/** Gradient descent, with momentum and Nesterov's look-ahead where asked for, as torch.optim.SGD has them. */
import { wgsl } from 'wgsl-preprocessor';
import { type UpdateRule, type UpdateShape, updateKernel } from './parts/optimizer-update';

export interface SgdShape extends UpdateShape {
  /** Whether there is any momentum; the step says how much. */
  readonly hasMomentum: boolean;
  readonly nesterov: boolean;
}

/** w -= learning rate · g, or the velocity instead of g. */
export function sgdRule({ hasMomentum, nesterov }: SgdShape): UpdateRule {
  return {
    moments: hasMomentum ? ['velocity'] : [],
    decay: 'gradient',
    statements: wgsl`
#if ${!hasMomentum}
  w -= step.learning_rate * g;
#else
  let v = step.momentum * velocity[i] + g;
  velocity[i] = v;
  #if ${nesterov}
  w -= step.learning_rate * (g + step.momentum * v);
  #else
  w -= step.learning_rate * v;
  #endif
#endif`,
  };
}

export const sgdUpdate = updateKernel<SgdShape>(
  {
    name: 'sgd-update',
    summary: 'A step of gradient descent for every parameter',
    numpy: 'W -= learning_rate * dW',
  },
  sgdRule,
);
