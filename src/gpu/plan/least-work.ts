/** What an epoch cannot do without, whatever the plan: the floor that its time is held against. */
import { planOf } from '../../layers/plan';
import { layersOf } from '../../model/network-spec';
import { parameterLayout } from '../../model/parameter-layout';
import { momentsOf } from '../../training/hyperparameters';
import { StepSequence } from '../../training/steps';
import { productOf } from './choose-variant';
import { FLOAT_BYTES, type ProblemShape, planBytes } from './plan';
import { dataInRows } from './plan-buffers';

export interface LeastWork {
  /** Floating-point operations of the matrix products, two for each multiply-add. */
  readonly operations: number;
  /** Of the samples, read once, and of parameters and the optimizer's arrays, read and written once a step. */
  readonly bytes: number;
}

/** The least work of an epoch: all training samples forward and backward, the test set forward. */
export function leastWork(shape: ProblemShape): LeastWork {
  const { spec, hyperparameters, trainSamples, testSamples } = shape;
  const operations = layersOf(spec)
    .flatMap((place) => [
      ...planOf(place.layer).products(place, trainSamples),
      ...planOf(place.layer)
        .products(place, testSamples)
        .filter(({ form }) => form === 'forward'),
    ])
    .map((product) => productOf(product.form, product.shape))
    .reduce((sum, { m, n, k }) => sum + 2 * m * n * k, 0);
  const { batchesPerEpoch } = new StepSequence(hyperparameters, trainSamples);
  const state = parameterLayout(spec).length * (1 + momentsOf(hyperparameters));
  const samples = dataInRows(shape).filter(({ name }) => /^(train|test)-/.test(name));
  const bytes = planBytes({ buffers: samples }) + 2 * FLOAT_BYTES * batchesPerEpoch * state;
  return { operations, bytes };
}
