/** The plan that a network gets without measuring. */

import type { ScheduleChoice, ScheduleKind } from '../plan/choices';
import type { Plan, ProblemShape } from '../plan/plan';
import type { Declined } from '../plan/sample-network';
import { type Candidate, candidatesFor } from './candidates';

/** A network's plan by the schedule asked for, or why that one does not take it; `auto` always has one. */
export function planBy(schedule: ScheduleChoice, shape: ProblemShape): Plan | Declined {
  return fixedCandidate(candidatesFor(shape), schedule).plan();
}

/**
 * The choice without measuring: sample-parallel where it takes the network, since two dispatches a step
 * beat 3L + 1 wherever dispatches count; layered for all others.
 */
export function fixedCandidate(
  candidates: readonly Candidate[],
  schedule: ScheduleChoice = 'auto',
): Candidate {
  const asked = candidates.filter((candidate) => isAsked(candidate, schedule));
  const takes = (kind: ScheduleKind) =>
    asked.find((candidate) => candidate.schedule === kind && !('declined' in candidate.plan()));
  return takes('sample-parallel') ?? takes('layered') ?? asked[0];
}

/** Whether a candidate is of the schedule asked for. */
export function isAsked(candidate: Candidate, schedule: ScheduleChoice): boolean {
  return schedule === 'auto' || candidate.schedule === schedule;
}
