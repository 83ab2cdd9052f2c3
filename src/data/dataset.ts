/**
 * What a data set is: the shape of its samples, its classes, and where its rows come from. One file of
 * this folder describes one, and `registry.ts` lists them; nothing else knows a data set by its name.
 */

/** Shape of a sample: an image of one or more channels. Values lie channel by channel, row-major. */
export interface InputShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Values before scaling: bytes where they are pixels, real numbers in tables and in the plane. */
export type Values = Uint8Array | Float64Array;

/** Samples, with the class of each. */
export interface Rows<Kind extends Values = Values> {
  /** (count × features), row-major. */
  readonly values: Kind;
  /** Index of each row's class in the data set's `classNames`. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly features: number;
}

/**
 * How training and test set come about: `stratified` draws them with a seed, class by class; where they
 * are `given`, the first `trainRows` rows train and the others test, in their order.
 */
type SplitRule =
  | { readonly kind: 'stratified' }
  | { readonly kind: 'given'; readonly trainRows: number };

/**
 * How a drawing in black and white is made to look like the data: a block of `block` × `block` pixels
 * becomes one value. Without a frame, a drawing is counted as it stands.
 */
export interface DrawingRule {
  readonly block: number;
  /** What a drawing is scaled to, in pixels; the height in any case, the width at most. */
  readonly frame?: { readonly width: number; readonly height: number };
  /** Inked pixels of the data's median image, which strokes are thickened or thinned to. */
  readonly typicalInk?: number;
  /**
   * In place of a frame, in the data's pixels: the side of the box that a drawing is scaled to, with greys
   * at its edges, before its centre of mass is put into the image's centre.
   */
  readonly box?: number;
  /** Half the width of a stroke, in pixels. */
  readonly penRadius: number;
  /** One sentence on the above, for people. */
  readonly help: string;
}

/** What of a configuration the rows of a data set may depend on. */
export interface DataSettings {
  readonly splitSeed: number;
  /** Standard deviation of what is added at random to values that are drawn, in their units. */
  readonly noise: number;
}

/** A data set has at most so many classes: their labels are bytes, and a page shows them all. */
export const MOST_CLASSES = 100;

/** Is told which share of a data set's bytes is there, from 0 to 1. */
export type Progress = (share: number) => void;

export interface Dataset {
  /** Its key in the registry, as settings, links and files have it. */
  readonly name: string;
  /** A few words for a heading. */
  readonly title: string;
  /** A sentence on what the samples are. */
  readonly description: string;
  /** Who made it, and what may be done with it. */
  readonly source: string;
  /** Features that are no pixels are 1 × 1 × their number. */
  readonly input: InputShape;
  /** What each feature is; absent where a sample is an image. */
  readonly featureNames?: readonly string[];
  /** The field `classes` counts them from 0. */
  readonly classNames: readonly string[];
  /** What one sample is, in the singular and in small letters. */
  readonly noun: string;
  /** Least and largest value of each feature, where they differ as those of a table do. */
  readonly featureRanges?: readonly (readonly [least: number, most: number])[];
  /** Least and largest value of all features. */
  readonly range: readonly [number, number];
  readonly split: SplitRule;
  /** Absent where no drawing can look like the data. */
  readonly drawing?: DrawingRule;
  /** The settings that its rows depend on, where they are drawn by lot. */
  readonly drawnFrom?: readonly (keyof DataSettings)[];
  /**
   * Reads or draws all rows, in a page and in Node.
   *
   * @param settings - of which it reads no others than `drawnFrom`
   * @param onProgress - called on the way by a data set that takes its time
   * @throws DataFormatError where a file does not hold what it should
   */
  load(settings: DataSettings, onProgress?: Progress): Promise<Rows>;
}

/** A file does not hold what it should; the message names the line and what was expected. */
export class DataFormatError extends Error {
  override readonly name = 'DataFormatError';
}

/** Values of a sample. */
export function featuresOf({ input }: Pick<Dataset, 'input'>): number {
  return input.channels * input.height * input.width;
}

/** True where a sample is an image, and its values are pixels. */
export function hasImages({ featureNames }: Dataset): boolean {
  return featureNames === undefined;
}

/** True where a sample is a point in the plane: two features that are no pixels. */
export function isPlane(dataset: Dataset): boolean {
  return !hasImages(dataset) && featuresOf(dataset) === 2;
}

/** What the setting `noise` is added to: points when they are drawn, or pixels whenever training sees them. */
export function noiseMoves(dataset: Dataset): 'points' | 'pixels' | undefined {
  if (hasImages(dataset)) return 'pixels';
  return dataset.drawnFrom?.includes('noise') ? 'points' : undefined;
}

/** What one value of a sample is called. */
export function featureNoun(dataset: Dataset): 'pixel' | 'feature' {
  return hasImages(dataset) ? 'pixel' : 'feature';
}

/** How a sample is drawn: an image as it is, other features as cells one under the other. */
export function pictureShape(dataset: Dataset): InputShape {
  const { input } = dataset;
  return hasImages(dataset) ? input : { channels: 1, height: featuresOf(dataset), width: 1 };
}

/** How far up its range a value is, 0 to 1. */
export function shareOfRange({ featureRanges, range }: Dataset, feature: number, value: number) {
  const [least, most] = featureRanges?.[feature] ?? range;
  return most > least ? (value - least) / (most - least) : 0;
}

/** `count` values of zero, of the kind of `values`. */
export function emptyLike<Kind extends Values>(values: Kind, count: number): Kind {
  const empty = values instanceof Uint8Array ? new Uint8Array(count) : new Float64Array(count);
  return empty as Kind;
}

/** What its classes are, in the singular: a digit is its own class, a point or a flower has one. */
export function classNoun({ noun }: Dataset): 'digit' | 'class' {
  return noun === 'digit' ? 'digit' : 'class';
}

/** A sample by its class, within a sentence: `digit 8`, `class setosa`. */
export function classPhrase(dataset: Dataset, name: string): string {
  return `${classNoun(dataset)} ${name}`;
}

/** A class as a heading has it: `Digit 0`, `Class 0`; a name that is no number by itself: `setosa`. */
export function classTitle(dataset: Dataset, index: number): string {
  const name = dataset.classNames[index];
  return /^[\d.+-]/.test(name) ? capitalized(classPhrase(dataset, name)) : name;
}

/** `1 byte`, `2,048 bytes`. */
export function countOf(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** As a heading or a sentence begins. */
export function capitalized(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}`;
}

/** Positions of the rows that belong to one of `classes`, in their order. */
export function rowsOfClasses({ labels }: Rows, classes: readonly number[]): Uint32Array {
  const isWanted = Array.from({ length: 256 }, (_, label) => classes.includes(label));
  const rows = new Uint32Array(labels.length);
  let count = 0;
  for (let row = 0; row < labels.length; row++) if (isWanted[labels[row]]) rows[count++] = row;
  return rows.slice(0, count);
}

/** The rows at `positions`, in that order; where they lie one behind the other, a view of the same memory. */
export function takeRows<Kind extends Values>(
  rows: Rows<Kind>,
  positions: ArrayLike<number>,
): Rows<Kind> {
  const { features } = rows;
  const count = positions.length;
  const start = count === 0 ? 0 : positions[0];
  if (Array.prototype.every.call(positions, (position, i) => position === start + i)) {
    const values = rows.values.subarray(start * features, (start + count) * features) as Kind;
    return { values, labels: rows.labels.subarray(start, start + count), count, features };
  }
  const values = emptyLike(rows.values, count * features);
  const labels = new Uint8Array(count);
  for (let i = 0; i < positions.length; i++) {
    const from = positions[i] * features;
    values.set(rows.values.subarray(from, from + features), i * features);
    labels[i] = rows.labels[positions[i]];
  }
  return { values, labels, count, features };
}
