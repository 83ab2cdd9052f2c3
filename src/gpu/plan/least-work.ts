/** What an epoch cannot do without, whatever the plan: the floor that its time is held against. */
import { layersOf, multiplyAddsOf } from '../../model/network-spec';
import { parameterLayout } from '../../model/parameter-layout';
import { momentsOf } from '../../training/hyperparameters';
import { StepSequence } from '../../training/steps';
import { FLOAT_BYTES, type ProblemShape, planBytes } from './plan';
import { dataInRows } from './plan-buffers';

export interface LeastWork {
  /** Floating-point operations of products with weights, two for each multiply-add. */
  readonly operations: number;
  /** Of the samples, read once, and of parameters and the optimizer's arrays, read and written once a step. */
  readonly bytes: number;
}

/** The least work of an epoch: all training samples forward and backward, the test set forward. */
export function leastWork(shape: ProblemShape): LeastWork {
  const { spec, hyperparameters, trainSamples, testSamples } = shape;
  const multiplyAdds = layersOf(spec).reduce((sum, place) => {
    const once = multiplyAddsOf(place);
    // Backward as many for the weights' gradients and, but for the first layer, for the delta before it.
    return sum + trainSamples * once * (place.index > 1 ? 3 : 2) + testSamples * once;
  }, 0);
  const { batchesPerEpoch } = new StepSequence(hyperparameters, trainSamples);
  const state = parameterLayout(spec).length * (1 + momentsOf(hyperparameters));
  const samples = dataInRows(shape).filter(({ name }) => /^(train|test)-/.test(name));
  const bytes = planBytes({ buffers: samples }) + 2 * FLOAT_BYTES * batchesPerEpoch * state;
  return { operations: 2 * multiplyAdds, bytes };
}
