/** What an epoch cannot do without, whatever the plan: the floor that its time is held against. */
import { planOf } from '../../layers/plan';
import { inputsOf, layersOf } from '../../model/network-spec';
import { parameterLayout } from '../../model/parameter-layout';
import { momentsOf } from '../../training/hyperparameters';
import { StepSequence } from '../../training/steps';
import { productOf } from './choose-variant';
import { FLOAT_BYTES, type ProblemShape } from './plan';

export interface LeastWork {
  /** Floating-point operations of the matrix products, two for each multiply-add. */
  readonly operations: number;
  /** Of the samples, read once, and of parameters and the optimizer's arrays, read and written once a step. */
  readonly bytes: number;
}

/** The least work of an epoch: all training samples forward and backward, the test set forward. */
export function leastWork({
  spec,
  hyperparameters,
  trainSamples,
  testSamples,
}: ProblemShape): LeastWork {
  const operations = layersOf(spec)
    .flatMap((place) => [
      ...planOf(place.layer).products(place, trainSamples),
      ...planOf(place.layer)
        .products(place, testSamples)
        .filter(({ form }) => form === 'forward'),
    ])
    .map(({ form, shape }) => productOf(form, shape))
    .reduce((sum, { m, n, k }) => sum + 2 * m * n * k, 0);
  const { batchesPerEpoch } = new StepSequence(hyperparameters, trainSamples);
  const state = parameterLayout(spec).length * (1 + momentsOf(hyperparameters));
  // A sample is its features and its label.
  const samples = (trainSamples + testSamples) * (inputsOf(spec) + 1);
  return { operations, bytes: FLOAT_BYTES * (samples + 2 * batchesPerEpoch * state) };
}
