/** Part 5: how wrong the untrained network is about the same five samples. */

import { classPhrase } from '../../data/dataset';
import { datasetOf } from '../../data/registry';
import { DataTable } from '../components/data-table';
import { Formula } from '../components/formula';
import { BINARY_CROSS_ENTROPY, CROSS_ENTROPY } from '../components/formulas';
import { SampleImage } from '../components/sample-image';
import { printedNumber } from '../state/format';
import { imageAt } from '../state/images';
import type { Lesson } from '../worker/lesson';
import { Part } from './part';

export function LossPart({ lesson }: { readonly lesson: Lesson }) {
  const { firstPass, classNames: classes, configuration } = lesson;
  const { activations, widths, labels, losses, images } = firstPass;
  const outputs = activations[widths.length - 1];
  const width = widths[widths.length - 1];
  const dataset = datasetOf(configuration.dataset);
  return (
    <Part id="loss">
      <p>
        Cross-entropy is the surprise at the true answer: the negative logarithm of the probability
        that the network gave it. Guessing among {classes.length} classes costs ln {classes.length}{' '}
        ≈ {printedNumber(Math.log(classes.length))}. Certainty costs nothing where the answer is
        right, and without limit where it is wrong.{' '}
        {width > 1 &&
          'The probabilities are the softmax of the outputs: their exponentials, divided by the sum of all of them.'}
      </p>
      <Formula
        label="Formula of the loss"
        formulas={width === 1 ? BINARY_CROSS_ENTROPY : CROSS_ENTROPY}
      />
      <DataTable
        label="Loss of five samples"
        columns={[
          { title: 'Sample', class: 'sample-cell' },
          'Class y',
          {
            title: (
              <>
                Probability
                <br />
                of class y
              </>
            ),
          },
          'Loss',
        ]}
        rows={labels.map((label, sample) => [
          <SampleImage
            dataset={configuration.dataset}
            pixels={imageAt(images, sample)}
            label={`Training sample ${sample + 1}, ${classPhrase(dataset, classes[label])}`}
          />,
          label,
          printedNumber(probabilityOf(outputs, sample, width, label)),
          printedNumber(losses[sample]),
        ])}
        total={['Mean loss of the five', printedNumber(firstPass.loss)]}
      />
    </Part>
  );
}

/** The probability that the network gives to a sample's true class. */
function probabilityOf(outputs: Float64Array, sample: number, width: number, label: number) {
  if (width > 1) return outputs[sample * width + label];
  return label === 1 ? outputs[sample] : 1 - outputs[sample];
}
