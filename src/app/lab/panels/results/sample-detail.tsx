/** One test sample: its image, or what it has of each feature, and the probability of every class. */
import {
  capitalized,
  classNoun,
  classPhrase,
  type Dataset,
  hasImages,
  isPlane,
  shareOfRange,
  type Values,
} from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import { SampleImage } from '../../../components/sample-image';
import { count } from '../../../state/format';
import { testSampleOf } from '../../../state/images';
import { Bars } from '../common/bars';
import { chosenSampleOf, SampleChoice } from '../common/sample-choice';
import type { Judged } from './sample-grid';

/** Features of a table that are listed. */
const MOST_FEATURES = 16;

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
      {hasImages(dataset) || isPlane(dataset) ? (
        <div class="sample-detail-image">
          <SampleImage dataset={configuration.dataset} pixels={pixels} label={what} />
        </div>
      ) : (
        <Features dataset={dataset} values={pixels} />
      )}
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

interface FeaturesProps {
  readonly dataset: Dataset;
  /** Before scaling. */
  readonly values: Values;
}

/** What the sample has of each feature; a bar has its place in the feature's range. */
function Features({ dataset, values }: FeaturesProps) {
  const names = dataset.featureNames ?? [];
  return (
    <ul class="bars sample-features" aria-label="Its features">
      {names.slice(0, MOST_FEATURES).map((name, feature) => (
        <li key={name}>
          <span class="bars-label">{name}</span>
          <span class="bars-track" aria-hidden="true">
            <span
              class="bars-fill"
              style={{ '--share': shareOfRange(dataset, feature, values[feature]) }}
            />
          </span>
          <span class="sample-feature">{dataNumber(values[feature])}</span>
        </li>
      ))}
      {names.length > MOST_FEATURES && (
        <li>
          <span class="bars-note">{count(names.length - MOST_FEATURES, 'feature')} more</span>
        </li>
      )}
    </ul>
  );
}

/** A value of the data, with as many digits as somebody reads: six. */
function dataNumber(value: number): string {
  return String(Number(value.toPrecision(6))).replaceAll('-', '−');
}
