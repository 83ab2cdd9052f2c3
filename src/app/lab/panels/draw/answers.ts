/** What the run's backend says of the drawing and of one's own test set, all in one prediction. */
import { imageOfDrawing, sheetOf } from '../../../../data/bitmap';
import { datasetOf } from '../../../../data/registry';
import { scaleRows } from '../../../../data/scaler';
import { nearestDistance } from '../../../../evaluation/likeness';
import { classProbabilities, predictedClasses } from '../../../../evaluation/predictions';
import type { Moment } from '../../../state/moment';
import type { Run } from '../../../state/run';
import { isSameConfiguration } from '../../../state/settings';
import type { Store } from '../../../state/store';
import type { OwnDrawing } from './drawings';
import { bitmapOf, type Drawing } from './pen';

/** What the network takes one image for. */
export interface Prediction {
  /** Index of the class. */
  readonly predicted: number;
  /** Of every class. */
  readonly probabilities: Float64Array;
}

/** When that was, as far as the page had heard. */
export interface Answers extends Moment {
  readonly drawing?: Prediction;
  /** How far the drawing is from the nearest training image, where they are nearer to each other. */
  readonly distance?: number;
  readonly own: ReadonlyMap<OwnDrawing, Prediction>;
}

/** Answers for all that is drawn; `undefined` where nothing is, or the data are not the run's. */
export async function answersOf(
  store: Store,
  run: Run,
  pad: Drawing | undefined,
  own: readonly OwnDrawing[],
): Promise<Answers | undefined> {
  const lesson = store.lesson.peek();
  if (lesson === undefined || !isSameConfiguration(lesson.configuration, run.configuration)) {
    return undefined;
  }
  const { dataset } = run.configuration;
  const sheet = sheetOf(datasetOf(dataset));
  if (sheet === undefined) return undefined;
  const drawn = imageOfDrawing(sheet, bitmapOf(pad, dataset, sheet));
  const ofOwn = own.flatMap((drawing) => {
    if (drawing.dataset !== dataset) return [];
    const image = imageOfDrawing(sheet, drawing.bitmap);
    return image === undefined ? [] : [{ drawing, image }];
  });
  const images = ofOwn.map(({ image }) => image);
  if (drawn !== undefined) images.push(drawn);
  const { moment } = run;
  if (images.length === 0) return { ...moment, own: new Map() };

  const pixels = new Uint8Array(images.length * lesson.features);
  for (const [index, image] of images.entries()) pixels.set(image, index * lesson.features);
  const features = scaleRows(lesson.scaler, pixels);
  const outputs = await store.service.predict(run.id, features, images.length);
  const output = lesson.classNames.length === 2 ? 'sigmoid' : 'softmax';
  const classes = lesson.classNames.length;
  const probabilities = classProbabilities(outputs, output);
  const predicted = predictedClasses(outputs, images.length);
  const predictionOf = (index: number): Prediction => ({
    predicted: predicted[index],
    probabilities: probabilities.slice(index * classes, (index + 1) * classes),
  });
  const answers = {
    ...moment,
    own: new Map(ofOwn.map(({ drawing }, index) => [drawing, predictionOf(index)])),
  };
  if (drawn === undefined) return answers;
  const { likeness } = lesson;
  const distance = nearestDistance(drawn, likeness.images);
  return {
    ...answers,
    drawing: predictionOf(images.length - 1),
    ...(distance > likeness.usual && { distance }),
  };
}
