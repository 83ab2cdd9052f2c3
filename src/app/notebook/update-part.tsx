/** Part 7: what a gradient does to the parameters. */
import { Formula, UpdateFormula } from '../components/formulas';
import type { Lesson } from '../worker/lesson';
import { KernelPanel } from './kernel-panel';
import { useKernels } from './kernels';
import { Part } from './part';

export function UpdatePart({ lesson }: { readonly lesson: Lesson }) {
  const { learningRate } = lesson.configuration;
  const kernels = useKernels(lesson, 'update');
  return (
    <Part id="update">
      <p>
        The gradient points uphill, so every parameter takes a step against it. How long a step is
        decided by the learning rate α: too small, and nothing happens for a long time; too large,
        and it overshoots.
      </p>
      <KernelPanel title="Gradient descent" kernel={/-update$/} kernels={kernels}>
        <p>One invocation for each parameter; here α = {learningRate}.</p>
        <Formula label="Formulas of the update">
          <UpdateFormula />
        </Formula>
      </KernelPanel>
    </Part>
  );
}
