/** Checks and copies of a training state, the same for every backend. */
import { parameterLayout } from '../model/parameter-layout';
import { trainedPart } from '../model/trained-part';
import type { BackendInfo, Problem, TrainingState, Underway } from './backend';
import { problemAt } from './course';
import { InvalidInputError } from './errors';
import { momentsOf } from './hyperparameters';
import { StepSequence } from './steps';

/** The state before the first epoch. */
export function initialState({
  spec,
  hyperparameters,
  parameters,
}: Pick<Problem, 'spec' | 'hyperparameters' | 'parameters'>): TrainingState {
  const { length } = trainedPart(spec, hyperparameters.freeze);
  return {
    epoch: 0,
    batch: 0,
    parameters: parameters.slice(),
    optimizer: Array.from({ length: momentsOf(hyperparameters) }, () => new Float64Array(length)),
    running: { loss: 0, correct: 0 },
  };
}

/**
 * Refuses a state that does not fit the problem.
 *
 * @param precision - of the backend that it is for: what float32 does not hold would be infinite there
 * @throws InvalidInputError that names the part of the state, its size and the size that fits, or the
 * slice of the parameters and the place of a number in it
 */
export function checkState(
  state: TrainingState,
  problem: Problem,
  precision: BackendInfo['precision'],
): void {
  const { spec, hyperparameters, train } = problemAt(problem, state.epoch);
  const whole = parameterLayout(spec);
  const trained = trainedPart(spec, hyperparameters.freeze);
  const moments = momentsOf(hyperparameters);
  const arrays = [state.parameters, ...state.optimizer];
  if (state.optimizer.length !== moments) {
    const allowed = `this optimizer keeps ${moments} arrays`;
    throw new InvalidInputError('optimizer state', state.optimizer.length, allowed);
  }
  for (const array of arrays) {
    const { length, slices } = array === state.parameters ? whole : trained;
    if (array.length !== length) {
      const verb = length === whole.length ? 'has' : 'trains';
      const allowed = `this network ${verb} ${length} parameters`;
      throw new InvalidInputError('parameters', array.length, allowed);
    }
    const isHeld = (value: number) =>
      Number.isFinite(precision === 'float32' ? Math.fround(value) : value);
    const place = array.findIndex((value) => !isHeld(value));
    if (place >= 0) {
      const slice = slices.findLast(({ offset }) => offset <= place);
      const where = `${slice?.name}, number ${place - (slice?.offset ?? 0) + 1}`;
      const field = array === state.parameters ? where : `optimizer state of ${where}`;
      const allowed = Number.isFinite(array[place])
        ? 'this backend computes in float32, whose numbers end at 3.4e38'
        : 'finite numbers only';
      throw new InvalidInputError(field, String(array[place]), allowed);
    }
  }
  if (!Number.isSafeInteger(state.epoch) || state.epoch < 0) {
    throw new InvalidInputError('epoch', state.epoch, 'an integer from 0');
  }
  const { batchesPerEpoch } = new StepSequence(hyperparameters, train.count);
  if (!Number.isInteger(state.batch) || state.batch < 0 || state.batch >= batchesPerEpoch) {
    const allowed = `an integer from 0 below the ${batchesPerEpoch} batches of an epoch`;
    throw new InvalidInputError('batch', state.batch, allowed);
  }
  const { loss, correct } = state.running;
  if (!Number.isFinite(loss)) {
    throw new InvalidInputError('running loss', String(loss), 'a finite number');
  }
  if (!Number.isInteger(correct) || correct < 0 || correct > train.count) {
    const allowed = `an integer from 0 to the ${train.count} training samples`;
    throw new InvalidInputError('running correct', correct, allowed);
  }
}

/** What the running sums say of an epoch of which `batch` batches are done; null between epochs. */
export function underwayOf(
  { batchRows }: StepSequence,
  samples: number,
  batch: number,
  { loss, correct }: TrainingState['running'],
): Underway | null {
  if (batch === 0) return null;
  const seen = batch * batchRows; // only an epoch's last batch may be smaller
  return { batch, loss: (loss * samples) / seen, accuracy: correct / seen };
}
