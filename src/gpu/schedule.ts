/** Which schedule lays a network out: the one that was asked for, or the one of the fixed table. */
import { BackendUnavailableError } from '../training/errors';
import { planLayered } from './layered';
import { planPersistent } from './persistent';
import type { Plan, ProblemShape, ScheduleKind } from './plan';
import type { Declined } from './sample-network';
import { planSampleParallel } from './sample-parallel';

/** A network's plan by one schedule, or why that schedule does not take it. */
export function planBy(kind: ScheduleKind, shape: ProblemShape): Plan | Declined {
  switch (kind) {
    case 'layered':
      return planLayered(shape);
    case 'sample-parallel':
      return planSampleParallel(shape);
    case 'persistent':
      return planPersistent(shape);
    default:
      return kind satisfies never;
  }
}

/**
 * The plan without tuning: sample-parallel where it takes the network, since two dispatches a step beat
 * 3L + 1 wherever dispatches count; layered for all others.
 *
 * @throws BackendUnavailableError where the schedule asked for declines the network
 */
export function fixedPlan(shape: ProblemShape, kind: ScheduleKind | 'auto'): Plan {
  const plan = planBy(kind === 'auto' ? 'sample-parallel' : kind, shape);
  if (!('declined' in plan)) return plan;
  if (kind === 'auto') return planLayered(shape);
  throw new BackendUnavailableError(
    'unsupported',
    `The schedule ${kind} does not take this network: ${plan.declined}. Another schedule does.`,
  );
}
