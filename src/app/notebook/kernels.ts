/** The kernels that train a network, as its plan on the GPU has them; loaded when they are shown. */
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { KernelInstance } from '../../gpu/plan';
import type { Lesson } from '../worker/lesson';

/** One kernel of each name, in the order of the plan; nothing until they are loaded. */
export function useKernels(lesson: Lesson): readonly KernelInstance[] {
  const kernels = useMemo(() => signal<readonly KernelInstance[]>([]), []);
  useEffect(() => {
    let isCurrent = true;
    import('../../gpu/layered').then(({ planLayered }) => {
      if (!isCurrent) return;
      const instances = planLayered(lesson.shape).step.map((step) => step.kernel);
      const names = instances.map(({ name }) => name);
      kernels.value = instances.filter(({ name }, index) => names.indexOf(name) === index);
    });
    return () => {
      isCurrent = false;
    };
  }, [lesson, kernels]);
  return kernels.value;
}
