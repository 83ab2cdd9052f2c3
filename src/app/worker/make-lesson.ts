/** Makes the lesson: everything that can be said about a configuration before it trains. */
import { PIXELS } from '../../data/digits';
import { shapeOf } from '../../gpu/plan';
import { summarize } from '../../model/summary';
import { forward, loss, sampleLoss } from '../../reference/network';
import type { Configuration } from '../../training/configuration/fields';
import type { Prepared } from '../../training/prepare';
import type { ClassCount, DigitImages, FirstPass, Lesson } from './lesson';

/** Samples that the notebook's Parts 4 and 5 look at. */
const FIRST_SAMPLES = 5;
/** Images of each digit in the gallery. */
const GALLERY_IMAGES = 8;

export function makeLesson(configuration: Configuration, prepared: Prepared): Lesson {
  const { problem, classes, rawTrain, rawTest } = prepared;
  const digitsOf = (labels: Uint8Array) => Array.from(labels, (label) => classes[label]);
  const trainImages: DigitImages = { pixels: rawTrain, digits: digitsOf(problem.train.labels) };
  return {
    configuration,
    classes,
    features: PIXELS,
    counts: countsOf(prepared),
    constantFeatures: constantFeatures(rawTrain),
    gallery: galleryOf(trainImages, classes),
    summary: summarize(problem.spec),
    shape: shapeOf(problem),
    firstPass: firstPassOf(prepared, trainImages),
    scaler: prepared.scaler,
    testImages: { pixels: rawTest, digits: digitsOf(problem.test.labels) },
  };
}

function countsOf({ classes, problem }: Prepared): ClassCount[] {
  const count = (labels: Uint8Array, wanted: number) =>
    labels.reduce((sum, label) => sum + (label === wanted ? 1 : 0), 0);
  return classes.map((digit, index) => ({
    digit,
    train: count(problem.train.labels, index),
    test: count(problem.test.labels, index),
  }));
}

function constantFeatures(images: Uint8Array): number {
  return Array.from({ length: PIXELS }, (_, pixel) => pixel).filter((pixel) => {
    for (let i = pixel; i < images.length; i += PIXELS) {
      if (images[i] !== images[pixel]) return false;
    }
    return true;
  }).length;
}

/** The first images of each digit. */
function galleryOf({ pixels, digits }: DigitImages, classes: readonly number[]): DigitImages {
  const rows = classes.flatMap((digit) =>
    digits.flatMap((shown, row) => (shown === digit ? [row] : [])).slice(0, GALLERY_IMAGES),
  );
  const images = new Uint8Array(rows.length * PIXELS);
  for (const [position, row] of rows.entries()) {
    images.set(pixels.subarray(row * PIXELS, (row + 1) * PIXELS), position * PIXELS);
  }
  return { pixels: images, digits: rows.map((row) => digits[row]) };
}

/** The first training samples with the first draw of parameters, as the notebook has it. */
function firstPassOf({ problem, firstParameters }: Prepared, images: DigitImages): FirstPass {
  const { spec, train } = problem;
  const count = Math.min(FIRST_SAMPLES, train.count);
  const features = train.features.subarray(0, count * PIXELS);
  const labels = train.labels.subarray(0, count);
  const activations = forward(spec, firstParameters, features, count);
  const outputs = activations[activations.length - 1];
  const width = outputs.length / count;
  return {
    images: {
      pixels: images.pixels.slice(0, count * PIXELS),
      digits: images.digits.slice(0, count),
    },
    labels: Array.from(labels),
    activations,
    widths: spec.widths.slice(1),
    losses: Array.from(labels, (label, sample) =>
      sampleLoss(outputs.subarray(sample * width, (sample + 1) * width), label),
    ),
    loss: loss(spec, outputs, labels, count),
  };
}
