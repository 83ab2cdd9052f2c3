/** One test sample: its image and the probability of every class. */
import { capitalized, classNoun, classPhrase } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import { SampleImage } from '../../../components/sample-image';
import { testSampleOf } from '../../../state/images';
import { Bars } from '../common/bars';
import { chosenSampleOf, SampleChoice } from '../common/sample-choice';
import type { Judged } from './sample-grid';

export function SampleDetail({ subject: { lesson }, report }: Judged) {
  const { classNames: classes, configuration } = lesson;
  const { labels, probabilities } = report;
  const sample = chosenSampleOf(labels.length);
  const { pixels, truth, predicted } = testSampleOf(lesson, report, sample);
  const dataset = datasetOf(configuration.dataset);
  const what = capitalized(classPhrase(dataset, truth));
  const isRight = predicted === truth;
  return (
    <section class="panel-aside" aria-labelledby="sample-detail">
      <h2 id="sample-detail">One sample</h2>
      <SampleChoice count={labels.length} />
      <div class="sample-detail-image">
        <SampleImage dataset={configuration.dataset} pixels={pixels} label={what} />
      </div>
      <p class={isRight ? 'verdict is-right' : 'verdict is-wrong'}>
        {isRight ? `✓ ${what}, classified correctly` : `✗ ${what}, classified as ${predicted}`}
      </p>
      <Bars
        label={`Probability of each ${classNoun(dataset)} for test sample ${sample}`}
        rows={classes.map((name, index) => ({
          label: name,
          share: probabilities[sample * classes.length + index],
          isStrong: name === predicted,
          note: name === truth ? 'true' : undefined,
        }))}
      />
    </section>
  );
}
