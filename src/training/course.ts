/**
 * What a run trains with from epoch to epoch. A problem whose settings change on the way is a problem for
 * each stretch of epochs, and a state that is carried over from one to the next.
 */
import { withDropout } from '../model/network-spec';
import { trainedPart } from '../model/trained-part';
import type { Problem, TrainingState } from './backend';
import { changedEpochs, settingsAt } from './configuration/changes';
import type { Configuration } from './configuration/fields';
import { momentsOf } from './hyperparameters';

/**
 * The problem with the settings of a configuration, at the beginning and from each change on; data,
 * initial parameters and what the network is made of stay.
 */
export function withCourse(
  { changes: _, ...problem }: Problem,
  configuration: Configuration,
): Problem {
  const changes = changedEpochs(configuration).map((epoch) => {
    const hyperparameters = settingsAt(configuration, epoch);
    return { epoch, spec: withDropout(problem.spec, hyperparameters.dropout), hyperparameters };
  });
  const hyperparameters = settingsAt(configuration, 0);
  return { ...problem, hyperparameters, ...(changes.length > 0 && { changes }) };
}

/** A problem as it is in epoch `epoch`, counted from 0; nothing changes in it any more. */
export function problemAt(problem: Problem, epoch: number): Problem {
  const { changes, ...first } = problem;
  if (changes === undefined) return problem;
  const now = changes.findLast((change) => change.epoch <= epoch);
  if (now === undefined) return first;
  const { spec, hyperparameters } = now;
  return { ...first, spec, hyperparameters };
}

/** The first epoch of the stretch that epoch `epoch` is in, and that of the next one, both counted from 0. */
export function stretchAt({ changes = [] }: Problem, epoch: number): readonly [number, number] {
  const from = changes.findLast((change) => change.epoch <= epoch)?.epoch ?? 0;
  const to = changes.find((change) => change.epoch > epoch)?.epoch ?? Number.POSITIVE_INFINITY;
  return [from, to];
}

/**
 * A state at a change, as the epochs behind it need it: where SGD's momentum sets in, its velocity begins
 * at zero, and where it ends the velocity is dropped. Every other state is given back as it is.
 */
export function carriedOver(state: TrainingState, problem: Problem): TrainingState {
  const { epoch, batch, optimizer } = state;
  if (epoch === 0 || batch > 0 || stretchAt(problem, epoch)[0] !== epoch) return state;
  const [before, after] = [epoch - 1, epoch].map((each) =>
    momentsOf(problemAt(problem, each).hyperparameters),
  );
  if (before === after || optimizer.length !== before) return state;
  const { length } = trainedPart(problem.spec, problem.hyperparameters.freeze);
  const velocities = Array.from({ length: after }, () => new Float64Array(length));
  return { ...state, optimizer: velocities };
}
