/** Part 1: what the data set holds, how it is split, and a few of its images. */

import { listOf } from '../../comparison/list-of';
import { capitalized, classNoun, classPhrase, featureNoun, hasImages } from '../../data/dataset';
import { datasetOf } from '../../data/registry';
import type { Scaling } from '../../data/scaler';
import { DataTable } from '../components/data-table';
import { Facts } from '../components/facts';
import { SampleImage } from '../components/sample-image';
import { integer } from '../state/format';
import { imageAt } from '../state/images';
import type { Lesson } from '../worker/lesson';
import { Part } from './part';

/** What happens to the values before the network sees them. */
const SCALING = {
  standard: (feature) =>
    `Each ${feature} is standardized: its mean over the training set is subtracted, and the rest divided by its standard deviation.`,
  unit: (feature) => `Each ${feature} is divided by the largest value that one can have.`,
  global: (feature) =>
    `From every ${feature} the mean of all ${feature}s of the training set is subtracted, and the rest divided by their standard deviation.`,
} as const satisfies Record<Scaling, (feature: string) => string>;

export function DataPart({ lesson }: { readonly lesson: Lesson }) {
  const { counts, classNames, features, configuration } = lesson;
  const dataset = datasetOf(configuration.dataset);
  const { description, split } = dataset;
  const noun = classNoun(dataset);
  const feature = featureNoun(dataset);
  const isShort = classNames.every((name) => name.length <= 2);
  const train = counts.reduce((sum, count) => sum + count.train, 0);
  const test = counts.reduce((sum, count) => sum + count.test, 0);
  return (
    <Part id="data">
      <p>
        {description} The network will tell {listOf(classNames, 'and')} apart.{' '}
        {split.kind === 'given'
          ? 'The data set says which samples are kept aside for testing'
          : `${Math.round(100 * configuration.testSize)} % of the samples are kept aside for testing, with the same mix of classes`}
        ; the network never trains on them.
      </p>
      <Facts
        facts={[
          ['Samples', integer(train + test)],
          ['Features', integer(features), hasImages(dataset) ? 'pixels' : undefined],
          ['Training', integer(train), 'samples'],
          ['Test', integer(test), 'samples'],
        ]}
      />
      <div class="gallery">
        {classNames.map((name) => (
          <div class={isShort ? 'gallery-row' : 'gallery-row is-named'} key={name}>
            <span class="gallery-class">{name}</span>
            {lesson.gallery.names.map((shown, index) =>
              shown === name ? (
                <SampleImage
                  dataset={configuration.dataset}
                  key={index}
                  pixels={imageAt(lesson.gallery, index)}
                  label={capitalized(classPhrase(dataset, name))}
                />
              ) : null,
            )}
          </div>
        ))}
      </div>
      <DataTable
        label={`Samples of each ${noun}`}
        columns={[
          capitalized(noun),
          noun === 'class' ? 'Number' : 'Class',
          'Samples',
          'Training',
          'Test',
        ]}
        rows={counts.map(({ name, train, test }, index) => [
          name,
          index,
          ...[train + test, train, test].map(integer),
        ])}
      />
      <p>
        {SCALING[configuration.scaling](feature)}{' '}
        {configuration.scaling === 'standard' && constantWords(lesson.constantFeatures, feature)}
      </p>
    </Part>
  );
}

/** What becomes of features whose standard deviation is 0. */
function constantWords(constant: number, feature: string): string | null {
  if (constant === 0) return null;
  return constant === 1
    ? `One ${feature} is the same in every training sample; it is divided by 1.`
    : `${integer(constant)} ${feature}s are the same in every training sample; they are divided by 1.`;
}
