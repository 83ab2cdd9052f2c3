/** Part 7: what a gradient does to the parameters. */
import type { Configuration } from '../../training/configuration/fields';
import { Formula } from '../components/formula';
import { UPDATES } from '../components/formulas';
import type { Lesson } from '../worker/lesson';
import { KernelPanel } from './kernel-panel';
import { useKernels } from './kernels';
import { Part } from './part';

const TITLES = {
  sgd: 'Gradient descent',
  rmsprop: 'RMSprop',
  adam: 'Adam',
  adamw: 'AdamW',
} as const satisfies Record<Configuration['optimizer'], string>;

export function UpdatePart({ lesson }: { readonly lesson: Lesson }) {
  const { learningRate, momentum, optimizer } = lesson.configuration;
  const kernels = useKernels(lesson, 'update');
  return (
    <Part id="update">
      <p>
        The gradient points uphill, so every parameter takes a step against it. How long a step is
        decided by the learning rate α: too small, and nothing happens for a long time; too large,
        and it overshoots.
      </p>
      <KernelPanel
        title={TITLES[optimizer]}
        formula="update"
        before={['output-delta', 'dense-delta', 'dense-gradient']}
        kernels={kernels}
      >
        <p>
          Every parameter is updated by itself; here α = {learningRate}.{' '}
          {momentum > 0 &&
            `With a momentum of ${momentum} the step follows a velocity v ← ${momentum} v + gradient in the gradient’s place.`}
        </p>
        <Formula label="Formulas of the update" formulas={UPDATES[optimizer]} />
      </KernelPanel>
    </Part>
  );
}
