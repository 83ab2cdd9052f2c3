/** The kernels that train a network, as the run's plan has them; shown when they are nearly in view. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { StepDescription } from '../../training/plan-description';
import { followVisibility } from '../components/visibility';
import { useStore } from '../state/store-context';
import type { Lesson } from '../worker/lesson';
import type { PartId } from './part';

/** A window's height ahead of the reader, so that nothing moves under the eyes. */
const NEARLY_IN_VIEW = '100% 0px';

/**
 * The kernels of a step: of the run's plan, or of the one that WebGPU would take without measuring
 * where the run has none; nothing until they are known.
 *
 * @param part - the part that shows them
 */
export function useKernels(lesson: Lesson, part: PartId): readonly StepDescription[] {
  const run = useStore().run.value;
  const isNear = useSignal(false);
  const kernels = useSignal<readonly StepDescription[]>([]);
  useEffect(() => {
    const element = document.getElementById(part);
    if (element === null) return undefined;
    const come = (isThere: boolean) => {
      // Once is enough: what has been shown stays.
      if (isThere) isNear.value = true;
    };
    return followVisibility(element, come, NEARLY_IN_VIEW);
  }, [isNear, part]);
  const isWanted = isNear.value && run !== undefined;
  useEffect(() => {
    if (!isWanted) return undefined;
    let isCurrent = true;
    const show = async () => {
      const plan = run.plan ?? (await planWithoutRun(lesson));
      if (isCurrent && 'step' in plan) kernels.value = plan.step;
    };
    show();
    return () => {
      isCurrent = false;
    };
  }, [isWanted, run, lesson, kernels]);
  return kernels.value;
}

async function planWithoutRun({ shape }: Lesson) {
  const [{ describePlanBy }, { loadSteps }] = await Promise.all([
    import('../../gpu/describe'),
    import('../../gpu/plan/late-steps'),
  ]);
  await loadSteps(shape);
  return describePlanBy('auto', shape);
}
