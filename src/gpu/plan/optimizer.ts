/** From the optimizer's settings to its kernel, and to the rule that fused kernels take from it. */
import { adamRule, adamUpdate } from '../../../shaders/adam-update';
import { instantiate, type KernelInstance } from '../../../shaders/kernel';
import type { UpdateRule, UpdateShape } from '../../../shaders/parts/optimizer-update';
import { RMSPROP_RULE, rmspropUpdate } from '../../../shaders/rmsprop-update';
import { type SgdShape, sgdRule, sgdUpdate } from '../../../shaders/sgd-update';
import { parameterLayout } from '../../model/parameter-layout';
import type { ProblemShape } from './plan';

/** Where an update applies, and whether weights decay. */
export function updateShape({ spec, hyperparameters }: ProblemShape): UpdateShape {
  const layout = parameterLayout(spec);
  return {
    length: layout.length,
    weights: layout.slices
      .filter(({ kind }) => kind === 'weights')
      .map(({ offset, length }) => ({ from: offset, to: offset + length })),
    hasDecay: hyperparameters.weightDecay > 0,
  };
}

function sgdShape(shape: ProblemShape): SgdShape {
  const { momentum, nesterov } = shape.hyperparameters;
  return { ...updateShape(shape), hasMomentum: momentum > 0, nesterov };
}

/** The optimizer's kernel over all parameters. */
export function updateKernel(shape: ProblemShape): KernelInstance {
  const { optimizer } = shape.hyperparameters;
  switch (optimizer) {
    case 'sgd':
      return instantiate(sgdUpdate, sgdShape(shape));
    case 'rmsprop':
      return instantiate(rmspropUpdate, updateShape(shape));
    case 'adam':
    case 'adamw':
      return instantiate(adamUpdate, {
        ...updateShape(shape),
        decoupled: optimizer === 'adamw',
      });
    default:
      return optimizer satisfies never;
  }
}

/** The optimizer's rule for one parameter. */
export function updateRule(shape: ProblemShape): UpdateRule {
  const { optimizer } = shape.hyperparameters;
  switch (optimizer) {
    case 'sgd':
      return sgdRule(sgdShape(shape));
    case 'rmsprop':
      return RMSPROP_RULE;
    case 'adam':
    case 'adamw':
      return adamRule({ decoupled: optimizer === 'adamw' });
    default:
      return optimizer satisfies never;
  }
}
