/** From the optimizer's settings to its kernel, and to the rule that fused kernels take from it. */
import { adamRule, adamUpdate } from '../../../shaders/adam-update';
import { instantiate, type KernelInstance } from '../../../shaders/kernel';
import type { UpdateRule, UpdateShape } from '../../../shaders/parts/optimizer-update';
import { RMSPROP_RULE, rmspropUpdate } from '../../../shaders/rmsprop-update';
import { sgdRule, sgdUpdate } from '../../../shaders/sgd-update';
import { trainedPart } from '../../model/trained-part';
import type { ProblemShape } from './plan';

/** Where an update applies, and whether weights decay. */
export function updateShape({ spec, hyperparameters }: ProblemShape): UpdateShape {
  const { slices, length, start } = trainedPart(spec, hyperparameters.freeze);
  return {
    length,
    ...(start > 0 && { start }),
    weights: slices
      .filter(({ kind }) => kind === 'weights')
      .map(({ offset, length }) => ({ from: offset, to: offset + length })),
    hasDecay: hyperparameters.weightDecay > 0,
  };
}

/** The optimizer's kernel over all parameters, and its rule for one of them. */
export function optimizerOf(shape: ProblemShape): {
  readonly kernel: KernelInstance;
  readonly rule: UpdateRule;
} {
  const { optimizer, momentum, nesterov } = shape.hyperparameters;
  const update = updateShape(shape);
  switch (optimizer) {
    case 'sgd': {
      const sgd = { ...update, hasMomentum: momentum > 0, nesterov };
      return { kernel: instantiate(sgdUpdate, sgd), rule: sgdRule(sgd) };
    }
    case 'rmsprop':
      return { kernel: instantiate(rmspropUpdate, update), rule: RMSPROP_RULE };
    case 'adam':
    case 'adamw': {
      const adam = { ...update, decoupled: optimizer === 'adamw' };
      return { kernel: instantiate(adamUpdate, adam), rule: adamRule(adam) };
    }
    default:
      return optimizer satisfies never;
  }
}
