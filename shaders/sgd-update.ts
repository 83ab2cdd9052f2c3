/** Gradient descent, with momentum and Nesterov's look-ahead where asked for, as torch.optim.SGD has them. */
import { wgsl } from 'wgsl-preprocessor';
import type { Kernel } from './kernel';
import {
  fromBits,
  type UpdateRule,
  type UpdateShape,
  updateBindings,
  updateGrid,
  updateSource,
} from './optimizer-update';

export interface SgdShape extends UpdateShape {
  /** Momentum as the bits of a float32; 0 for none. */
  readonly momentumBits: number;
  readonly nesterov: boolean;
}

/** w -= learning rate · g, or the velocity instead of g. */
export function sgdRule({ momentumBits, nesterov }: SgdShape): UpdateRule {
  return {
    moments: momentumBits === 0 ? [] : ['velocity'],
    decay: 'gradient',
    statements: wgsl`
#if ${momentumBits === 0}
  w -= step.learning_rate * g;
#else
  let v = ${fromBits(momentumBits)} * velocity[i] + g;
  velocity[i] = v;
  #if ${nesterov}
  w -= step.learning_rate * (g + ${fromBits(momentumBits)} * v);
  #else
  w -= step.learning_rate * v;
  #endif
#endif`,
  };
}

export const sgdUpdate: Kernel<SgdShape> = {
  name: 'sgd-update',
  summary: 'A step of gradient descent for every parameter',
  numpy: 'W -= learning_rate * dW',
  bindings: (shape) => updateBindings(sgdRule(shape)),
  source: (shape) => updateSource(shape, sgdRule(shape)),
  workgroups: updateGrid,
};
