/** RMSprop as torch.optim.RMSprop has it: alpha 0.99, epsilon 1e-8 outside the root. */
import { wgsl } from 'wgsl-preprocessor';
import { RMSPROP } from '../src/training/hyperparameters';
import { type UpdateRule, type UpdateShape, updateKernel } from './parts/optimizer-update';

/** A running mean of squares, and a step along the gradient divided by its root. */
export const RMSPROP_RULE: UpdateRule = {
  moments: ['square_average'],
  decay: 'gradient',
  statements: wgsl`
  let v = ${RMSPROP.alpha} * square_average[i] + ${1 - RMSPROP.alpha} * (g * g);
  square_average[i] = v;
  w -= step.learning_rate * g / (sqrt(v) + ${RMSPROP.epsilon});`,
};

export const rmspropUpdate = updateKernel<UpdateShape>(
  {
    name: 'rmsprop-update',
    summary: 'A step of RMSprop for every parameter',
    numpy: 'v = alpha * v + (1 - alpha) * dW**2; W -= learning_rate * dW / (sqrt(v) + eps)',
  },
  () => RMSPROP_RULE,
);
