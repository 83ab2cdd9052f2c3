/** Images that lie one after the other in one array, and what a run makes of those of the test set. */
import type { Values } from '../../data/dataset';
import type { FinalReport } from '../../session/final-report';
import type { Lesson, NamedImages } from '../worker/lesson';

const cut = new WeakMap<NamedImages, Values[]>();

/** The values of image `index`, without a copy, and the same array each time: who paints it paints it once. */
export function imageAt(images: NamedImages, index: number): Values {
  const known = cut.get(images) ?? [];
  cut.set(images, known);
  const { pixels, names } = images;
  const features = pixels.length / names.length;
  known[index] ??= pixels.subarray(index * features, (index + 1) * features);
  return known[index];
}

/** A test sample, its class and what a run takes it for, with the probability of that. */
export function testSampleOf(
  { classNames, testImages }: Lesson,
  { labels, document, probabilities }: FinalReport,
  sample: number,
) {
  const predicted = document.predictions[sample];
  return {
    sample,
    pixels: imageAt(testImages, sample),
    truth: classNames[labels[sample]],
    predicted: classNames[predicted],
    probability: probabilities[sample * classNames.length + predicted],
  };
}
