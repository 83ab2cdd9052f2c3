/** One test sample: its image and the probability of every class. */
import { datasetOf } from '../../../../data/registry';
import { SampleImage } from '../../../components/sample-image';
import { imageAt } from '../../../state/images';
import { Bars } from '../common/bars';
import { chosenSampleOf, SampleChoice } from '../common/sample-choice';
import type { Judged } from './sample-grid';

export function SampleDetail({ subject: { lesson }, report }: Judged) {
  const { classNames: classes, testImages, configuration } = lesson;
  const { labels, document, probabilities } = report;
  const sample = chosenSampleOf(labels.length);
  const predicted = document.predictions[sample];
  const { noun } = datasetOf(configuration.dataset);
  const isRight = predicted === labels[sample];
  const truth = classes[labels[sample]];
  return (
    <section class="panel-aside" aria-labelledby="sample-detail">
      <h2 id="sample-detail">One sample</h2>
      <SampleChoice count={labels.length} />
      <div class="sample-detail-image">
        <SampleImage
          dataset={configuration.dataset}
          pixels={imageAt(testImages, sample)}
          label={`A ${noun} ${truth}`}
        />
      </div>
      <p class={isRight ? 'verdict is-right' : 'verdict is-wrong'}>
        {isRight
          ? `✓ A ${truth}, classified correctly`
          : `✗ A ${truth}, classified as ${classes[predicted]}`}
      </p>
      <Bars
        label={`Probability of each ${noun} for test sample ${sample}`}
        rows={classes.map((name, index) => ({
          label: name,
          share: probabilities[sample * classes.length + index],
          isStrong: index === predicted,
          note: index === labels[sample] ? 'true' : undefined,
        }))}
      />
    </section>
  );
}
