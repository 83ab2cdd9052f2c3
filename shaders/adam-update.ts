/**
 * Adam and AdamW as torch.optim has them: betas 0.9 and 0.999, epsilon 1e-8 outside the root.
 * The corrections of the moments come with the step, computed in float64.
 */
import { wgsl } from 'wgsl-preprocessor';
import { ADAM } from '../src/training/hyperparameters';
import { type UpdateRule, type UpdateShape, updateKernel } from './parts/optimizer-update';

export interface AdamShape extends UpdateShape {
  /** AdamW: weight decay goes straight into the weights. */
  readonly decoupled: boolean;
}

/** Both moments and the step, in one launch. */
export function adamRule({ decoupled }: AdamShape): UpdateRule {
  return {
    moments: ['first_moment', 'second_moment'],
    decay: decoupled ? 'decoupled' : 'gradient',
    statements: wgsl`
  let m = ${ADAM.beta1} * first_moment[i] + ${1 - ADAM.beta1} * g;
  let v = ${ADAM.beta2} * second_moment[i] + ${1 - ADAM.beta2} * (g * g);
  first_moment[i] = m;
  second_moment[i] = v;
  w -= step.step_size * m / (sqrt(v) * step.inverse_root_correction + ${ADAM.epsilon});`,
  };
}

export const adamUpdate = updateKernel<AdamShape>(
  {
    name: 'adam-update',
    summary: 'A step of Adam for every parameter, both moments in one launch',
    numpy:
      'm = b1 * m + (1 - b1) * dW; v = b2 * v + (1 - b2) * dW**2; W -= lr * m_hat / (sqrt(v_hat) + eps)',
  },
  adamRule,
);
