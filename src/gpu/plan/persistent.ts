/**
 * The persistent schedule: one workgroup trains up to 256 steps in one dispatch, the weights in
 * workgroup memory. It saves every dispatch, and uses one compute unit: measure where it pays.
 */
import { instantiate, STEPS_AT_ONCE } from '../../../shaders/kernel';
import { packedLayout } from '../../../shaders/parts/packed-layout';
import {
  type PersistentShape,
  persistentTraining,
  turnsPerStep,
} from '../../../shaders/persistent-training';
import { widthsOf } from '../../model/network-spec';
import { optimizerOf, updateShape } from './optimizer';
import { type Plan, type ProblemShape, planStep } from './plan';
import { type Declined, declineOf, sampleNetworkShape, samplePlan } from './sample-network';

export interface PersistentForm {
  /** Invocations of the one workgroup. */
  readonly invocations: 64 | 256;
}

export const PERSISTENT_FORMS: readonly PersistentForm[] = [
  { invocations: 64 },
  { invocations: 256 },
];

/** Workgroup memory that every device has, less what the sums of the losses take. */
const MOST_WEIGHT_BYTES = 16_384 - 3 * 4 * 256;

/**
 * Turns of loops that an invocation may take in one dispatch: half of what Mesa's lavapipe allows before
 * it leaves every loop at once, so that losses and weights come out wrong and finite.
 */
const MOST_TURNS = 32_768;

/** The persistent plan of a network, or why the schedule declines it. */
export function planPersistent(
  shape: ProblemShape,
  { invocations }: PersistentForm = PERSISTENT_FORMS[0],
): Plan | Declined {
  const declined = declineOf(shape) ?? declineMore(shape);
  if (declined !== null) return { declined };
  const training: PersistentShape = {
    network: sampleNetworkShape(shape),
    update: updateShape(shape),
    rule: optimizerOf(shape).rule,
    split: 1,
    quads: false,
    invocations,
    keepsGradients: false,
  };
  const turns = turnsPerStep(training);
  if (turns > MOST_TURNS) {
    return {
      declined: `a step takes up to ${turns} turns of loops in one invocation; ${MOST_TURNS} are safe on every driver`,
    };
  }
  return {
    ...samplePlan(shape, 'workgroup'),
    schedule: 'persistent',
    title: `persistent, ${invocations} invocations`,
    stepsAtOnce: Math.min(STEPS_AT_ONCE, Math.floor(MOST_TURNS / turns)),
    chunk: [],
    step: [planStep('train', 0, instantiate(persistentTraining, training))],
    epoch: [],
  };
}

function declineMore({ spec, hyperparameters }: ProblemShape): string | null {
  const bytes = 16 * packedLayout(widthsOf(spec)).length;
  if (bytes > MOST_WEIGHT_BYTES) {
    return `${bytes} bytes of weights do not fit into workgroup memory; ${MOST_WEIGHT_BYTES} do`;
  }
  if (hyperparameters.norms) {
    return 'norms need the gradients between two dispatches, and there is only one';
  }
  return null;
}
