/**
 * Networks whose first layers are frozen, and the same run by a backend that knows of no freezing: all
 * layers are trained, and the first ones put back as they were after every batch.
 */
import { trainedPart } from '../../src/model/trained-part';
import type { Backend, Problem, TrainingState } from '../../src/training/backend';
import type { Configuration } from '../../src/training/configuration/fields';
import { type SmallProblem, smallProblem } from './problems';

export interface FrozenCase {
  readonly name: string;
  readonly freeze: number;
  readonly values: Partial<Configuration>;
  readonly shape: Partial<SmallProblem>;
}

const CONVOLUTIONS = {
  input: [2, 7, 6],
  layers: 'conv 3 3x3 same tanh; max_pool 2; conv 5 2x2 sigmoid; dense 6 tanh',
  classes: 3,
} as const;

/** Sizes are awkward: what is frozen ends amid a block of values. The first two are those of `npm test`. */
export const FROZEN_CASES: readonly FrozenCase[] = [
  {
    name: 'dense layers, Adam, dropout and L2',
    freeze: 2,
    values: {
      ...{ optimizer: 'adam', learningRate: 0.01, batchSize: 5 },
      ...{ dropout: 0.3, weightDecay: 0.02, norms: true },
    },
    shape: { hidden: [9, 7, 6], classes: 3, activation: ['tanh', 'sigmoid'] },
  },
  {
    name: 'a convolution and its pooling, SGD with momentum',
    freeze: 1,
    values: { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, norms: true },
    shape: CONVOLUTIONS,
  },
  {
    name: 'both convolutions, AdamW',
    freeze: 3,
    values: { optimizer: 'adamw', learningRate: 0.01, weightDecay: 0.1, batchSize: 6 },
    shape: CONVOLUTIONS,
  },
  {
    name: 'all but the output, Nesterov’s momentum',
    freeze: 2,
    values: { learningRate: 0.2, momentum: 0.8, nesterov: true, batchSize: 4, norms: true },
    shape: { hidden: [4, 3], classes: 2 },
  },
  {
    name: 'one layer, RMSprop',
    freeze: 1,
    values: { optimizer: 'rmsprop', learningRate: 0.01, weightDecay: 0.05 },
    shape: { hidden: [3, 8], classes: 4, activation: 'sigmoid' },
  },
  {
    name: 'one layer, plain SGD',
    freeze: 1,
    values: { learningRate: 0.3, norms: true },
    shape: { hidden: [7, 5] },
  },
];

/** A case with its layers frozen, and with all of them trained. */
export function frozenProblems({ freeze, values, shape }: FrozenCase) {
  const trained = smallProblem(values, shape);
  const { hyperparameters, spec } = trained;
  const frozen: Problem = { ...trained, hyperparameters: { ...hyperparameters, freeze } };
  return { trained, frozen, part: trainedPart(spec, freeze) };
}

/**
 * Trains all layers, and puts the first values of the parameters back after every batch.
 *
 * @param start - so many
 * @returns the state in the end, with the moments of the others only
 */
export async function putBack(
  backend: Backend,
  start: number,
  batches: number,
): Promise<TrainingState> {
  const kept = (await backend.parameters()).subarray(0, start);
  for (let batch = 0; batch < batches; batch++) {
    await backend.trainBatches(1);
    const state = await backend.state();
    const parameters = state.parameters.slice();
    parameters.set(kept);
    await backend.load({ ...state, parameters });
  }
  const state = await backend.state();
  return { ...state, optimizer: state.optimizer.map((moment) => moment.slice(start)) };
}
