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
import { defaultsFor } from './device-class';
import { optimizerOf, updateShape } from './optimizer';
import { type Plan, type ProblemShape, planStep } from './plan';
import { type Declined, declineOf, sampleNetworkShape, samplePlan } from './sample-network';

export interface PersistentForm {
  /** Invocations of the one workgroup. */
  readonly invocations: 64 | 256;
  /** Invocations that share the sum over the batch of one block of parameters. */
  readonly split: 1 | 8;
}

/** The one without tuning: every network that the schedule takes fits it. */
const PLAIN: PersistentForm = { invocations: 64, split: 1 };
const WIDE: PersistentForm = { invocations: 256, split: 1 };
/** A small network has 80 blocks: alone with one, an invocation waits for the loads of each sample in turn. */
const SHARED: PersistentForm = { invocations: 256, split: 8 };

/** In the order in which they are tried; a software adapter's few lanes are busy without sharing. */
export function persistentForms(shape: ProblemShape): readonly PersistentForm[] {
  return defaultsFor(shape).savesLoads ? [PLAIN, WIDE] : [PLAIN, SHARED, WIDE];
}

/** A form's short name: invocations, and how many of them share a block. */
export function persistentName({ invocations, split }: PersistentForm): string {
  return `persistent-${invocations}${split === 1 ? '' : `-${split}`}`;
}

/** Workgroup memory that every device has, less what the sums of the losses take. */
const MOST_WEIGHT_BYTES = 16_384 - 3 * 4 * 256;
/** And what each of the invocations that share blocks leaves there for the others. */
const PART_BYTES = 16;

/**
 * Turns of loops that an invocation may take in one dispatch: half of what Mesa's lavapipe allows before
 * it leaves every loop at once, so that losses and weights come out wrong and finite.
 */
const MOST_TURNS = 32_768;

/** The persistent plan of a network, or why the schedule declines it. */
export function planPersistent(shape: ProblemShape, form: PersistentForm = PLAIN): Plan | Declined {
  const declined = declineOf(shape) ?? declineMore(shape, form);
  if (declined !== null) return { declined };
  const { invocations, split } = form;
  const training: PersistentShape = {
    network: sampleNetworkShape(shape),
    update: updateShape(shape),
    rule: optimizerOf(shape).rule,
    ...form,
    finishes: 'input',
    quads: false,
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
    title: `persistent, ${invocations} invocations${split === 1 ? '' : `, ${split} to a block`}`,
    stepsAtOnce: Math.min(STEPS_AT_ONCE, Math.floor(MOST_TURNS / turns)),
    chunk: [],
    step: [planStep('train', 0, instantiate(persistentTraining, training))],
    epoch: [],
  };
}

function declineMore(
  { spec, hyperparameters }: ProblemShape,
  { invocations, split }: PersistentForm,
): string | null {
  const bytes = 16 * packedLayout(widthsOf(spec)).length;
  const most = MOST_WEIGHT_BYTES - (split === 1 ? 0 : PART_BYTES * invocations);
  if (bytes > most) {
    return `${bytes} bytes of weights do not fit into workgroup memory; ${most} do`;
  }
  if (hyperparameters.norms) {
    return 'norms need the gradients between two dispatches, and there is only one';
  }
  return null;
}
