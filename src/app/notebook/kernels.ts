/** The kernels that train a network, as its plan on the GPU has them; loaded when they are nearly in view. */
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { KernelInstance } from '../../gpu/plan';
import type { Lesson } from '../worker/lesson';
import type { PartId } from './part';

/** A window's height ahead of the reader, so that nothing moves under the eyes. */
const NEARLY_IN_VIEW = '100% 0px';

/**
 * One kernel of each name, in the order of the plan; nothing until they are loaded.
 *
 * @param part - the part that shows them
 */
export function useKernels(lesson: Lesson, part: PartId): readonly KernelInstance[] {
  const kernels = useMemo(() => signal<readonly KernelInstance[]>([]), []);
  useEffect(() => {
    const element = document.getElementById(part);
    if (element === null) return undefined;
    let isCurrent = true;
    const load = async () => {
      const { planLayered } = await import('../../gpu/layered');
      if (!isCurrent) return;
      const instances = planLayered(lesson.shape).step.map((step) => step.kernel);
      const names = instances.map(({ name }) => name);
      kernels.value = instances.filter(({ name }, index) => names.indexOf(name) === index);
    };
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        load();
      },
      { rootMargin: NEARLY_IN_VIEW },
    );
    observer.observe(element);
    return () => {
      isCurrent = false;
      observer.disconnect();
    };
  }, [lesson, kernels, part]);
  return kernels.value;
}
