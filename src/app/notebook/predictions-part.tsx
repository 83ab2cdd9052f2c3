/** Part 10: ten test samples, what they are and what the network takes them for. */

import { classPhrase } from '../../data/dataset';
import { type DatasetName, datasetOf } from '../../data/registry';
import { SampleImage } from '../components/sample-image';
import { Source, useSubject } from '../lab/panels/common/subject';
import { printedNumber } from '../state/format';
import { testSampleOf } from '../state/images';
import type { Lesson } from '../worker/lesson';
import { Part } from './part';

export function PredictionsPart({ lesson }: { readonly lesson: Lesson }) {
  // While another backend's data is on its way, its numbers would stand beside the wrong ones.
  const run = useSubject()?.run;
  const evaluation = run?.evaluation.value;
  const report = evaluation?.report;
  return (
    <Part id="predictions">
      <p>
        Test samples drawn at random, the same ones for the same seed. The probability is the one
        that the network gives to its own answer.
      </p>
      {run !== undefined && evaluation !== undefined && report !== undefined && (
        <>
          <Source run={run} epoch={evaluation.epoch} batch={evaluation.batch} />
          <ol class="predictions">
            {report.document.sample_indices.map((sample) => (
              <Prediction
                key={sample}
                dataset={lesson.configuration.dataset}
                {...testSampleOf(lesson, report, sample)}
              />
            ))}
          </ol>
        </>
      )}
    </Part>
  );
}

interface PredictionProps extends ReturnType<typeof testSampleOf> {
  readonly dataset: DatasetName;
}

function Prediction({ sample, dataset, pixels, truth, predicted, probability }: PredictionProps) {
  const isRight = truth === predicted;
  return (
    <li class="prediction">
      <SampleImage
        dataset={dataset}
        pixels={pixels}
        label={`Test sample ${sample}, ${classPhrase(datasetOf(dataset), truth)}`}
      />
      <div class={`prediction-verdict ${isRight ? 'is-right' : 'is-wrong'}`}>
        <span>{isRight ? '✓ right' : '✗ wrong'}</span>
      </div>
      <dl>
        <dt>Sample</dt>
        <dd>{sample}</dd>
        <dt>True</dt>
        <dd>{truth}</dd>
        <dt>Predicted</dt>
        <dd>{predicted}</dd>
        <dt>Probability</dt>
        <dd>{printedNumber(probability)}</dd>
      </dl>
    </li>
  );
}
