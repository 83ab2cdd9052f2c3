/** The plan that a network gets without measuring. */
import type { ScheduleChoice, ScheduleKind } from '../plan/choices';
import type { Plan, ProblemShape } from '../plan/plan';
import type { Declined } from '../plan/sample-network';
import { type Candidate, candidatesFor } from './candidates';

/** A network's plan by the schedule asked for, or why that one does not take it; `auto` always has one. */
export function planBy(schedule: ScheduleChoice, shape: ProblemShape): Plan | Declined {
  return fixedCandidate(schedule, shape).plan();
}

/**
 * The choice without measuring: sample-parallel where it takes the network, since two dispatches a step
 * beat 3L + 1 wherever dispatches count; layered for all others. It is the same for all devices of a
 * kind, so it asks for no feature.
 */
export function fixedCandidate(schedule: ScheduleChoice, shape: ProblemShape): Candidate {
  const candidates = candidatesFor(shape, undefined, schedule);
  const takes = (kind: ScheduleKind) =>
    candidates.find(
      (candidate) => candidate.schedule === kind && !('declined' in candidate.plan()),
    );
  return takes('sample-parallel') ?? takes('layered') ?? candidates[0];
}
