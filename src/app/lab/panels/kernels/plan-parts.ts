/** The plan of a network as the panel shows it: its parts in order, each with its steps. */
import type { PlanDescription, StepDescription } from '../../../../training/plan-description';
import { PART_TITLES } from '../../../state/names';

export interface ShownStep {
  /** Names the step among all of the plan: `step-3`. */
  readonly id: string;
  readonly description: StepDescription;
}

export interface ShownPart {
  readonly title: string;
  readonly steps: readonly ShownStep[];
}

/** The parts that have steps. */
export function partsOf(plan: PlanDescription): readonly ShownPart[] {
  return (Object.keys(PART_TITLES) as (keyof typeof PART_TITLES)[])
    .map((name) => ({
      title: PART_TITLES[name],
      steps: plan[name].map((description, index) => ({ id: `${name}-${index}`, description })),
    }))
    .filter(({ steps }) => steps.length > 0);
}
