/** Part 6: the chain rule from the loss back to every weight, beside the kernels that do it. */
import { Formula } from '../components/formula';
import { OUTPUT_DELTA } from '../components/formulas';
import { useStore } from '../state/store-context';
import type { Lesson } from '../worker/lesson';
import { KernelPanel } from './kernel-panel';
import { useKernels } from './kernels';
import { useFormulasIn } from './layer-formulas';
import { Part } from './part';

export function BackpropagationPart({ lesson }: { readonly lesson: Lesson }) {
  const kernels = useKernels(lesson, 'backpropagation');
  const isOnGpu = useStore().run.value?.info.name === 'webgpu';
  const { layers } = lesson.shape.spec;
  const formulasIn = useFormulasIn(layers);
  return (
    <Part id="backpropagation">
      <p>
        How much does each weight add to the loss? Backpropagation answers for all of them in one
        sweep from the output to the input. At each layer it keeps δ, the gradient of the loss at
        that layer’s weighted sums, and makes from it the gradients of the weights and the δ of the
        layer before. Beside each formula stands the very code that{' '}
        {isOnGpu ? 'the GPU runs for this network' : 'a GPU would run for this network'}.
      </p>
      <KernelPanel title="The output’s delta" formula="output-delta" kernels={kernels}>
        <p>
          With cross-entropy behind a sigmoid or a softmax, all derivatives cancel but one
          difference: what the network said minus what is true.
        </p>
        <Formula label="Formula of the output’s delta" formulas={OUTPUT_DELTA} />
      </KernelPanel>
      <KernelPanel
        title="The delta of a hidden layer"
        formula="dense-delta"
        before={['output-delta']}
        kernels={kernels}
      >
        <p>
          Each unit’s share of the blame: the deltas it fed, through the weights it fed them with,
          times the slope of its own activation.
        </p>
        <Formula
          label="Formula of a hidden layer’s delta"
          formulas={formulasIn(layers.slice(1), 'delta')}
        />
      </KernelPanel>
      <KernelPanel
        title="The gradients of weights and biases"
        formula="dense-gradient"
        before={['output-delta', 'dense-delta']}
        kernels={kernels}
      >
        <p>
          A weight joins an input and a delta, so its gradient is their product, averaged over the
          samples. A bias sees a constant input of 1.
        </p>
        <Formula label="Formulas of the gradients" formulas={formulasIn(layers, 'gradient')} />
      </KernelPanel>
    </Part>
  );
}
