/** Part 1: what the data set holds, how it is split, and a few of its images. */

import { listOf } from '../../comparison/list-of';
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
  standard:
    'Each pixel is standardized: its mean over the training set is subtracted, and the rest divided by its standard deviation.',
  unit: 'Each pixel is divided by the largest value that it can have.',
  global:
    'From every pixel the mean of all pixels of the training set is subtracted, and the rest divided by their standard deviation.',
} as const satisfies Record<Scaling, string>;

export function DataPart({ lesson }: { readonly lesson: Lesson }) {
  const { counts, classNames, features, configuration } = lesson;
  const { description, noun, split } = datasetOf(configuration.dataset);
  const train = counts.reduce((sum, count) => sum + count.train, 0);
  const test = counts.reduce((sum, count) => sum + count.test, 0);
  return (
    <Part id="data">
      <p>
        {description} The network will tell {listOf(classNames, 'and')} apart.{' '}
        {split.kind === 'given'
          ? 'The data set says which samples are kept aside for testing'
          : `${Math.round(100 * configuration.testSize)} % of the samples are kept aside for testing, with the same mix of ${noun}s`}
        ; the network never trains on them.
      </p>
      <Facts
        facts={[
          ['Samples', integer(train + test)],
          ['Features', integer(features), 'pixels'],
          ['Training', integer(train), 'samples'],
          ['Test', integer(test), 'samples'],
        ]}
      />
      <div class="gallery">
        {classNames.map((name) => (
          <div class="gallery-row" key={name}>
            <span class="gallery-class">{name}</span>
            {lesson.gallery.names.map((shown, index) =>
              shown === name ? (
                <SampleImage
                  dataset={configuration.dataset}
                  key={index}
                  pixels={imageAt(lesson.gallery, index)}
                  label={`A ${noun} ${name}`}
                />
              ) : null,
            )}
          </div>
        ))}
      </div>
      <DataTable
        label={`Samples of each ${noun}`}
        columns={[
          `${noun[0].toUpperCase()}${noun.slice(1)}`,
          'Class',
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
        {SCALING[configuration.scaling]}{' '}
        {configuration.scaling === 'standard' &&
          `${integer(lesson.constantFeatures)} pixels are the same in every training image; they are divided by 1.`}
      </p>
    </Part>
  );
}
