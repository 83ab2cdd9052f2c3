/** What only some plans have is loaded for them: the steps of their layers' kinds, and those that make features of bytes. */
import { loadAllPlans, loadPlans } from '../../layers/plan';
import type { LayerContext } from './layer-plan';
import { isInBytes, type PlanStep, type ProblemShape } from './plan';

let unpacking: typeof import('./unpack-steps') | undefined;

async function loadUnpacking(): Promise<void> {
  unpacking = await import('./unpack-steps');
}

/** Loads what the plans of a problem need. */
export async function loadSteps(shape: ProblemShape): Promise<void> {
  await Promise.all([loadPlans(shape.spec.layers), isInBytes(shape) && loadUnpacking()]);
}

/** Loads what any plan needs. */
export async function loadAllSteps(): Promise<void> {
  await Promise.all([loadAllPlans(), loadUnpacking()]);
}

/**
 * The steps that make features of samples in bytes; none where they are features already.
 *
 * @throws RangeError where they have not been loaded
 */
export function featureSteps(
  context: LayerContext,
  phase: 'forward' | 'evaluation',
): readonly PlanStep[] {
  if (!isInBytes(context.shape)) return [];
  if (unpacking === undefined) throw new RangeError('the steps that unpack bytes are not loaded');
  return unpacking.unpackSteps(context, phase);
}
