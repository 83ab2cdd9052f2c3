/** Test samples as small images with what the network takes them for; one can be chosen. */
import { useState } from 'preact/hooks';
import { classPhrase, pictureShape } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import type { FinalReport } from '../../../../session/final-report';
import { Button } from '../../../components/button';
import { SampleImage } from '../../../components/sample-image';
import { integer, printedNumber } from '../../../state/format';
import { testSampleOf } from '../../../state/images';
import { chooseSample, chosenSampleOf } from '../common/sample-choice';
import type { Subject } from '../common/subject';

/** Shown until all are asked for. */
const FIRST = 12;

/** A run with a report on the test set. */
export interface Judged {
  readonly subject: Subject;
  readonly report: FinalReport;
}

interface Props extends Judged {
  /** Tells this grid from the others. */
  readonly name: string;
  /** Indices into the test set. */
  readonly samples: readonly number[];
  /** Said where there is no sample. */
  readonly nothing: string;
}

export function SampleGrid({ name, samples, subject, report, nothing }: Props) {
  const [isWhole, setWhole] = useState(false);
  if (samples.length === 0) return <p class="source">{nothing}</p>;
  const { width } = pictureShape(datasetOf(subject.run.configuration.dataset));
  const shown = isWhole ? samples : samples.slice(0, FIRST);
  return (
    <>
      <ul class="sample-grid" style={{ '--columns': width }}>
        {shown.map((sample) => (
          <li key={sample}>
            <SampleCard name={name} sample={sample} subject={subject} report={report} />
          </li>
        ))}
      </ul>
      {samples.length > FIRST && (
        <Button onPress={() => setWhole(!isWhole)}>
          {isWhole ? `Show ${FIRST}` : `Show all ${integer(samples.length)}`}
        </Button>
      )}
    </>
  );
}

interface CardProps extends Judged {
  readonly name: string;
  readonly sample: number;
}

function SampleCard({ name, sample, subject: { lesson }, report }: CardProps) {
  const { pixels, truth, predicted, probability } = testSampleOf(lesson, report, sample);
  const isRight = predicted === truth;
  return (
    <label class="sample-card">
      <input
        type="radio"
        name={`sample-${name}`}
        checked={chosenSampleOf(report.labels.length) === sample}
        onChange={() => chooseSample(sample)}
      />
      <SampleImage
        dataset={lesson.configuration.dataset}
        pixels={pixels}
        label={`Test sample ${sample}, ${classPhrase(datasetOf(lesson.configuration.dataset), truth)}`}
      />
      <span class={isRight ? 'is-right' : 'is-wrong'}>
        {isRight ? `✓ ${truth}` : `✗ ${truth} as ${predicted}`}
      </span>
      <span class="sample-card-number">{printedNumber(probability)}</span>
    </label>
  );
}
