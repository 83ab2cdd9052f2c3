/** A network's plan by the name of the schedule. */
import type { ScheduleKind } from './choices';
import { planLayered } from './layered';
import { planPersistent } from './persistent';
import type { Plan, ProblemShape } from './plan';
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
