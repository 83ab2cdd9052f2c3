/** The steps in which the samples of a batch or of a portion of the test set become features, where they are bytes. */
import { augmentFeatures } from '../../../shaders/augment-features';
import { instantiate } from '../../../shaders/kernel';
import { unpackFeatures } from '../../../shaders/unpack-features';
import { inputsOf } from '../../model/network-spec';
import { StepSequence } from '../../training/steps';
import { type LayerContext, rowsOf } from './layer-plan';
import { type PlanStep, planStep } from './plan';

/**
 * The samples of a batch, augmented where they are, or of a portion of the test set, from bytes to features.
 */
export function unpackSteps(
  context: LayerContext,
  phase: 'forward' | 'evaluation',
): readonly PlanStep[] {
  const { shape, gather } = context;
  const { byteTables = 0, augmentation } = shape;
  const isTraining = phase === 'forward';
  const unpacking = {
    rows: rowsOf(context, phase),
    tables: byteTables,
    gather: isTraining && gather,
  };
  const buffers = { scaled: 'scaled-bytes', features: 'batch-features' };
  if (isTraining && augmentation !== undefined) {
    const { image, shift, hasNoise } = augmentation;
    const { channels, height, width } = image;
    const { batchesPerEpoch } = new StepSequence(shape.hyperparameters, shape.trainSamples);
    const kernel = instantiate(augmentFeatures, {
      ...unpacking,
      ...{ channels, height, width, shift, noise: hasNoise, batches: batchesPerEpoch },
    });
    const noise = { noise_steps: 'noise-steps' };
    return [planStep(phase, 1, kernel, { ...buffers, ...noise, bytes: 'train-bytes' })];
  }
  const kernel = instantiate(unpackFeatures, { ...unpacking, inputs: inputsOf(shape.spec) });
  const bytes = isTraining ? 'train-bytes' : 'test-bytes';
  return [planStep(phase, 1, kernel, { ...buffers, bytes })];
}
