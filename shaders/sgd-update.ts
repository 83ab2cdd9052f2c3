/** Gradient descent, with momentum and Nesterov's look-ahead where asked for, as torch.optim.SGD has them. */
import { wgsl } from 'wgsl-preprocessor';
import type { Kernel } from './kernel';
import {
  fromBits,
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

export const sgdUpdate: Kernel<SgdShape> = {
  name: 'sgd-update',
  summary: 'A step of gradient descent for every parameter',
  numpy: 'W -= learning_rate * dW',
  bindings: ({ momentumBits }) => updateBindings(momentumBits === 0 ? [] : ['velocity']),
  source: (shape) =>
    updateSource(
      shape,
      'gradient',
      wgsl`
#if ${shape.momentumBits === 0}
  w -= step.learning_rate * g;
#else
  let v = ${fromBits(shape.momentumBits)} * velocity[i] + g;
  velocity[i] = v;
  #if ${shape.nesterov}
  w -= step.learning_rate * (g + ${fromBits(shape.momentumBits)} * v);
  #else
  w -= step.learning_rate * v;
  #endif
#endif`,
    ),
  workgroups: updateGrid,
};
