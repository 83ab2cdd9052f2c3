/** Part 1: what the data set holds, how it is split, and a few of its images. */

import { DigitImage } from '../components/digit-image';
import { ScrollRegion } from '../components/scroll-region';
import { integer } from '../state/format';
import { imageAt } from '../state/images';
import type { Lesson } from '../worker/lesson';
import { Part } from './part';

export function DataPart({ lesson }: { readonly lesson: Lesson }) {
  const { counts, classes, features } = lesson;
  const { testSize } = lesson.configuration;
  const train = sum(counts.map((count) => count.train));
  const test = sum(counts.map((count) => count.test));
  return (
    <Part id="data">
      <p>
        Handwritten digits, scanned and counted down to 8 × 8 pixels of ink, from 0 to 16 each. The
        network will tell {listOf(classes)} apart. {Math.round(100 * testSize)} % of the samples are
        kept aside for testing, with the same mix of digits; the network never trains on them.
      </p>
      <dl class="facts">
        <Fact name="Samples" value={train + test} />
        <Fact name="Features" value={features} note="pixels" />
        <Fact name="Training" value={train} note="samples" />
        <Fact name="Test" value={test} note="samples" />
      </dl>
      <div class="gallery">
        {classes.map((digit) => (
          <div class="gallery-row" key={digit}>
            <span class="gallery-digit">{digit}</span>
            {lesson.gallery.digits.map((shown, index) =>
              shown === digit ? (
                <DigitImage
                  key={index}
                  pixels={imageAt(lesson.gallery, index)}
                  label={`A handwritten ${digit}`}
                />
              ) : null,
            )}
          </div>
        ))}
      </div>
      <ScrollRegion label="Samples of each digit">
        <table class="data-table">
          <thead>
            <tr>
              <th scope="col">Digit</th>
              <th scope="col">Class</th>
              <th scope="col">Samples</th>
              <th scope="col">Training</th>
              <th scope="col">Test</th>
            </tr>
          </thead>
          <tbody>
            {counts.map((count, index) => (
              <tr key={count.digit}>
                <th scope="row">{count.digit}</th>
                <td>{index}</td>
                <td>{integer(count.train + count.test)}</td>
                <td>{integer(count.train)}</td>
                <td>{integer(count.test)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p>
        Each pixel is standardized: its mean over the training set is subtracted, and the rest
        divided by its standard deviation. {integer(lesson.constantFeatures)} pixels are the same in
        every training image; they are divided by 1.
      </p>
    </Part>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: number;
  readonly note?: string;
}

function Fact({ name, value, note }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {integer(value)} {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}

/** `0 and 1`, `0, 1 and 2`. */
function listOf(classes: readonly number[]): string {
  return `${classes.slice(0, -1).join(', ')} and ${classes.at(-1)}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
