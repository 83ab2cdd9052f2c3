/** Part 4: five samples go through the untrained network. */

import { classNoun, classPhrase } from '../../data/dataset';
import { datasetOf } from '../../data/registry';
import { hiddenLayers } from '../../training/network-of';
import { DataTable } from '../components/data-table';
import { Formula } from '../components/formula';
import { SampleImage } from '../components/sample-image';
import { printedNumber } from '../state/format';
import { imageAt } from '../state/images';
import type { Lesson } from '../worker/lesson';
import { useFormulasIn } from './layer-formulas';
import { Part } from './part';

export function ForwardPart({ lesson }: { readonly lesson: Lesson }) {
  const { firstPass, classNames: classes, summary, configuration } = lesson;
  const { activations, widths, labels, images } = firstPass;
  const last = widths.length - 1;
  const { layers } = lesson.shape.spec;
  const formulasIn = useFormulasIn(layers);
  const dataset = datasetOf(configuration.dataset);
  const { init, initScale, dropout } = lesson.configuration;
  const isSigmoid = hiddenLayers(lesson.configuration).every(
    ({ activation }) => activation === 'sigmoid',
  );
  const isNotebooks = isSigmoid && init === 'normal' && initScale <= 0.01;
  return (
    <Part id="forward">
      <p>
        The first five training samples, through {throughLayers(summary.rows.length)}, before any
        training.{' '}
        {isNotebooks &&
          `The network knows nothing yet: with weights this small every unit sits near a half, and ${
            widths[last] === 1 ? 'so does the output' : `every class gets about 1/${widths[last]}`
          }. `}
        f is the activation of Part 2; the last layer has{' '}
        {widths[last] === 1 ? 'a sigmoid' : 'a softmax'} in its place.
        {dropout > 0 &&
          ` In training each hidden activation is left out with a probability of ${dropout}, and the others are divided by ${Number((1 - dropout).toPrecision(12))}; not here.`}
      </p>
      <Formula label="Formulas of the forward pass" formulas={formulasIn(layers, 'forward')} />
      <DataTable
        label="Activations of five samples"
        caption="Mean activation of each layer, and the output, before any training."
        columns={[
          { title: 'Sample', class: 'sample-cell' },
          `True ${classNoun(dataset)}`,
          ...widths.slice(0, -1).map((width, layer) => ({
            title: (
              <>
                Layer {layer + 1}
                <br />
                mean of {width}
              </>
            ),
          })),
          widths[last] === 1 ? 'Output p' : 'Output of the true class',
        ]}
        rows={labels.map((label, sample) => [
          <SampleImage
            dataset={configuration.dataset}
            pixels={imageAt(images, sample)}
            label={`Training sample ${sample + 1}, ${classPhrase(dataset, classes[label])}`}
          />,
          classes[label],
          ...widths
            .slice(0, -1)
            .map((width, layer) => printedNumber(meanOf(activations[layer], sample, width))),
          printedNumber(
            activations[last][sample * widths[last] + (widths[last] === 1 ? 0 : label)],
          ),
        ])}
      />
    </Part>
  );
}

function throughLayers(layers: number): string {
  return layers === 1 ? 'the one layer' : `all ${layers} layers`;
}

function meanOf(values: Float64Array, sample: number, width: number): number {
  const row = values.subarray(sample * width, (sample + 1) * width);
  return row.reduce((sum, value) => sum + value, 0) / width;
}
