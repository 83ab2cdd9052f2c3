/** One test sample: its image and the probability of every digit. */
import type { FinalReport } from '../../../../session/final-report';
import { DigitImage } from '../../../components/digit-image';
import { imageAt } from '../../../state/images';
import { Bars } from '../common/bars';
import { chosenSampleOf, SampleChoice } from '../common/sample-choice';
import type { Subject } from '../common/subject';

interface Props {
  readonly subject: Subject;
  readonly report: FinalReport;
}

export function SampleDetail({ subject: { lesson }, report }: Props) {
  const { classes, testImages } = lesson;
  const { labels, document, probabilities } = report;
  const sample = chosenSampleOf(labels.length);
  const predicted = document.predictions[sample];
  const isRight = predicted === labels[sample];
  const truth = classes[labels[sample]];
  return (
    <section class="panel-aside" aria-labelledby="sample-detail">
      <h2 id="sample-detail">One sample</h2>
      <SampleChoice count={labels.length} />
      <div class="sample-detail-image">
        <DigitImage pixels={imageAt(testImages, sample)} label={`A handwritten ${truth}`} />
      </div>
      <p class={isRight ? 'verdict is-right' : 'verdict is-wrong'}>
        {isRight
          ? `✓ A ${truth}, classified correctly`
          : `✗ A ${truth}, classified as ${classes[predicted]}`}
      </p>
      <Bars
        label={`Probability of each digit for test sample ${sample}`}
        rows={classes.map((digit, index) => ({
          label: `${digit}`,
          share: probabilities[sample * classes.length + index],
          isStrong: index === predicted,
          note: index === labels[sample] ? 'true' : undefined,
        }))}
      />
    </section>
  );
}
