/** Part 7: what a gradient does to the parameters. */
import type { Configuration } from '../../training/configuration/fields';
import { Formula } from '../components/formula';
import { updateFormulas } from '../components/formulas';
import { choiceName } from '../state/choice-names';
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
  const { configuration } = lesson;
  const { optimizer } = configuration;
  const kernels = useKernels(lesson, 'update');
  return (
    <Part id="update">
      <p>
        The gradient points uphill, so every parameter takes a step against it. The learning rate α
        decides how long the step is: too small, and nothing happens for a long time; too large, and
        it overshoots.
      </p>
      <KernelPanel
        title={TITLES[optimizer]}
        formula="update"
        before={['output-delta', 'dense-delta', 'dense-gradient']}
        kernels={kernels}
      >
        <p>Every parameter is updated by itself; {numbersOf(configuration)}.</p>
        <Formula label="Formulas of the update" formulas={updateFormulas(configuration)} />
      </KernelPanel>
    </Part>
  );
}

/** The letters of the formulas, with what they are here. */
function numbersOf({ learningRate, momentum, weightDecay, schedule }: Configuration): string {
  const rate =
    schedule === 'constant'
      ? `here α = ${learningRate}`
      : `here α begins at ${learningRate} and follows the schedule ${choiceName('schedule', schedule)}`;
  return [
    rate,
    ...(momentum > 0 ? [`the momentum μ = ${momentum}`] : []),
    ...(weightDecay > 0 ? [`the weight decay λ = ${weightDecay}, of weights only`] : []),
  ].join(', ');
}
