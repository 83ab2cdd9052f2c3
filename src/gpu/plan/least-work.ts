/** What an epoch cannot do without, whatever the plan: the floor that its time is held against. */
import { layersOf, multiplyAddsOf } from '../../model/network-spec';
import { trainedPart } from '../../model/trained-part';
import { momentsOf } from '../../training/hyperparameters';
import { StepSequence } from '../../training/steps';
import { FLOAT_BYTES, type ProblemShape, planBytes } from './plan';
import { dataInRows } from './plan-buffers';

export interface LeastWork {
  /** Floating-point operations of products with weights, two for each multiply-add. */
  readonly operations: number;
  /**
   * Of the samples, read once, of trained parameters and the optimizer's arrays, read and written once a
   * step, and of frozen ones, read.
   */
  readonly bytes: number;
}

/** The least work of an epoch: all training samples forward and backward, the test set forward. */
export function leastWork(shape: ProblemShape): LeastWork {
  const { spec, hyperparameters, trainSamples, testSamples } = shape;
  const trained = trainedPart(spec, hyperparameters.freeze);
  const multiplyAdds = layersOf(spec).reduce((sum, place) => {
    const once = multiplyAddsOf(place);
    // Backward as many for the weights' gradients and, but for the first layer that is trained, for the
    // delta before it.
    const times = 1 + Math.min(2, Math.max(0, place.index - trained.layersBefore));
    return sum + trainSamples * once * times + testSamples * once;
  }, 0);
  const { batchesPerEpoch } = new StepSequence(hyperparameters, trainSamples);
  const state = trained.length * (1 + momentsOf(hyperparameters));
  const samples = dataInRows(shape).filter(({ name }) => /^(train|test)-/.test(name));
  const moved = FLOAT_BYTES * batchesPerEpoch * (2 * state + trained.start);
  const bytes = planBytes({ buffers: samples }) + moved;
  return { operations: 2 * multiplyAdds, bytes };
}
