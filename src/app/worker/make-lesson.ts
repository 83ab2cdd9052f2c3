/** Makes the lesson: everything that can be said about a configuration before it trains. */
import { type Dataset, emptyLike, featuresOf, type Values } from '../../data/dataset';
import { isFileDataset } from '../../data/file-dataset';
import { scaledFeatures } from '../../data/samples';
import { likenessOf } from '../../evaluation/likeness';
import { meanLoss } from '../../evaluation/predictions';
import { shapeOf } from '../../gpu/plan/plan';
import { sampleLoss } from '../../model/loss';
import { inputsOf, widthsOf } from '../../model/network-spec';
import { summarize } from '../../model/summary';
import { forward } from '../../reference/network';
import type { Problem } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import { firstParameters, type Prepared } from '../../training/prepare';
import type { ClassCount, FirstPass, Lesson, NamedImages } from './lesson';
import { stageViewOf } from './make-stage-view';
import { passOf } from './pass';

/** Samples that the notebook's Parts 4 and 5 look at. */
const FIRST_SAMPLES = 5;
/** Images of each class in the gallery. */
const GALLERY_IMAGES = 8;

export function makeLesson(configuration: Configuration, prepared: Prepared): Lesson {
  const { problem, dataset, classes, rawTrain, rawTest } = prepared;
  const classNames = classes.map((index) => dataset.classNames[index]);
  const features = featuresOf(dataset);
  const namesOf = (labels: Uint8Array) => Array.from(labels, (label) => classNames[label]);
  const trainImages: NamedImages = { pixels: rawTrain, names: namesOf(problem.train.labels) };
  return {
    configuration,
    ...fileOf(dataset),
    classNames,
    features,
    counts: countsOf(classNames, problem),
    constantFeatures: constantFeatures(rawTrain, features),
    gallery: galleryOf(trainImages, classNames),
    summary: summarize(problem.spec),
    shape: shapeOf(problem),
    firstPass: firstPassOf(configuration, problem, trainImages),
    stage: stageViewOf(
      prepared,
      passOf(prepared, { epoch: 0, batch: 0, parameters: problem.parameters }),
      { before: [], unit: undefined },
    ),
    scaler: prepared.scaler,
    likeness: likenessOf(rawTrain, features),
    // A view would take the whole data set along to the page.
    testImages: { pixels: rawTest.slice(), names: namesOf(problem.test.labels) },
  };
}

/** What a file holds, without what reads it. */
function fileOf({ load: _, name, ...dataset }: Dataset): Pick<Lesson, 'file'> {
  return isFileDataset(name) ? { file: { ...dataset, name } } : {};
}

function countsOf(classNames: readonly string[], problem: Problem): ClassCount[] {
  const count = (labels: Uint8Array, wanted: number) =>
    labels.reduce((sum, label) => sum + (label === wanted ? 1 : 0), 0);
  return classNames.map((name, index) => ({
    name,
    train: count(problem.train.labels, index),
    test: count(problem.test.labels, index),
  }));
}

function constantFeatures(values: Values, features: number): number {
  return Array.from({ length: features }, (_, pixel) => pixel).filter((pixel) => {
    for (let i = pixel; i < values.length; i += features) {
      if (values[i] !== values[pixel]) return false;
    }
    return true;
  }).length;
}

/** The first images of each class. */
function galleryOf({ pixels, names }: NamedImages, classNames: readonly string[]): NamedImages {
  const features = pixels.length / names.length;
  const rows = classNames.flatMap((name) =>
    names.flatMap((shown, row) => (shown === name ? [row] : [])).slice(0, GALLERY_IMAGES),
  );
  const images = emptyLike(pixels, rows.length * features);
  for (const [position, row] of rows.entries()) {
    images.set(pixels.subarray(row * features, (row + 1) * features), position * features);
  }
  return { pixels: images, names: rows.map((row) => names[row]) };
}

/** The first training samples with the first draw of parameters, as the notebook has it. */
function firstPassOf(
  configuration: Configuration,
  { spec, train }: Problem,
  images: NamedImages,
): FirstPass {
  const inputs = inputsOf(spec);
  const count = Math.min(FIRST_SAMPLES, train.count);
  const features = scaledFeatures(train, 0, count);
  const labels = train.labels.subarray(0, count);
  const activations = forward(spec, firstParameters(configuration), features, count);
  const outputs = activations[activations.length - 1];
  const width = outputs.length / count;
  return {
    images: {
      pixels: images.pixels.slice(0, count * inputs),
      names: images.names.slice(0, count),
    },
    labels: Array.from(labels),
    activations,
    widths: widthsOf(spec).slice(1),
    losses: Array.from(labels, (label, sample) =>
      sampleLoss(outputs, label, sample * width, width),
    ),
    loss: meanLoss(outputs, labels, count),
  };
}
