/** The plan of a network as the panel shows it: its parts in order, each with its steps. */
import { describePlan, type StepDescription } from '../../../../gpu/describe';
import type { Plan, PlanStep } from '../../../../gpu/plan';
import { type PartName, partTitle } from '../../../state/names';

export interface ShownStep {
  /** Names the step among all of the plan: `step-3`. */
  readonly id: string;
  readonly part: PartName;
  /** Position in its part, from 0. */
  readonly index: number;
  readonly description: StepDescription;
  /** Names of the buffers that it reads, and of those that it writes. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

export interface ShownPart {
  readonly name: PartName;
  readonly title: string;
  readonly steps: readonly ShownStep[];
}

/** The parts that have steps. */
export function partsOf(plan: Plan): readonly ShownPart[] {
  const description = describePlan(plan);
  return (['chunk', 'step', 'epoch', 'prediction'] as const)
    .map((name) => ({
      name,
      title: partTitle(name),
      steps: plan[name].map(
        (step, index): ShownStep => ({
          id: `${name}-${index}`,
          part: name,
          index,
          description: description[name][index],
          reads: buffersOf(step, 'read'),
          writes: buffersOf(step, 'read_write'),
        }),
      ),
    }))
    .filter(({ steps }) => steps.length > 0);
}

function buffersOf({ kernel, buffers }: PlanStep, access: 'read' | 'read_write'): string[] {
  const names = kernel.bindings
    .filter((binding) => binding.access === access)
    .map(({ name }) => buffers[name])
    .filter((name) => name !== undefined);
  return [...new Set(names)];
}
