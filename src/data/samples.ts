/**
 * Samples as the backends take them: the values stay as the data set has them, bytes where these are
 * bytes, and are scaled where they are read.
 */
import { type Augmentation, noiseOf, offsetOf, sourceOf } from './augmentation';
import type { Values } from './dataset';
import type { Scaler } from './scaler';

/** Samples; whoever trains on them copies what it needs. */
export interface Samples {
  /** (count × features), row-major, before scaling. */
  readonly values: Values;
  /** What `values` are scaled with where they are read; null where a network sees them as they are. */
  readonly scaler: Scaler | null;
  /** Class of each sample: 0, 1, … in the order of the network's outputs. */
  readonly labels: Uint8Array;
  readonly count: number;
  /** What training makes of them each time it sees them; absent where it sees them as they are. */
  readonly augmentation?: Augmentation | undefined;
}

/** What of samples their features depend on. */
export type Unscaled = Pick<Samples, 'values' | 'scaler' | 'count' | 'augmentation'>;

/** Values of one sample. */
export function widthOf({ values, count }: Unscaled): number {
  return values.length / count;
}

/**
 * The features of samples `first` to `first + count` as a network sees them, in float64, (count × features);
 * by default of all.
 *
 * @param features - what they are written to and given as; by default new
 */
export function scaledFeatures(
  samples: Unscaled,
  first = 0,
  count = samples.count - first,
  features = new Float64Array(count * widthOf(samples)),
): Float64Array {
  const width = widthOf(samples);
  for (let row = 0; row < count; row++) scaleRow(samples, width, first + row, features, row);
  return features;
}

/** The features of the samples at `rows`, in that order, in float64, (rows × features). */
export function gatherFeatures(samples: Unscaled, rows: Uint32Array): Float64Array {
  const width = widthOf(samples);
  const features = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    scaleRow(samples, width, row, features, i);
  });
  return features;
}

/**
 * The features of the samples at `rows` as training sees them in an epoch, augmented where they are.
 *
 * @param epoch - from 0
 * @param to - (rows × features); what is scaled, and its sum with the noise, are rounded to float32 where
 *   this is, and so to the bits of every backend that computes in float32
 */
export function trainingFeatures<To extends Float64Array | Float32Array>(
  samples: Unscaled,
  rows: Uint32Array,
  epoch: number,
  to: To,
): To {
  const width = widthOf(samples);
  rows.forEach((row, i) => {
    augmentRow(samples, width, row, epoch, to, i);
  });
  return to;
}

/** All features, scaled in float64 and rounded to float32, (count × features). */
export function float32Features(samples: Unscaled): Float32Array<ArrayBuffer> {
  const width = widthOf(samples);
  const features = new Float32Array(samples.count * width);
  for (let row = 0; row < samples.count; row++) scaleRow(samples, width, row, features, row);
  return features;
}

function scaleRow(
  { values, scaler }: Unscaled,
  width: number,
  row: number,
  to: Float64Array | Float32Array,
  position: number,
): void {
  const from = row * width;
  const start = position * width;
  if (scaler === null) {
    to.set(values.subarray(from, from + width), start);
    return;
  }
  const { mean, scale } = scaler;
  for (let i = 0; i < width; i++) to[start + i] = (values[from + i] - mean[i]) / scale[i];
}

/** A sample as training sees it in an epoch: first its image is moved, then it is scaled, then comes the noise. */
function augmentRow(
  samples: Unscaled,
  width: number,
  row: number,
  epoch: number,
  to: Float64Array | Float32Array,
  position: number,
): void {
  const { values, scaler, augmentation } = samples;
  if (augmentation === undefined) {
    scaleRow(samples, width, row, to, position);
    return;
  }
  const { image, shift, hasNoise, noiseSteps } = augmentation;
  const moved = values.slice(row * width, (row + 1) * width);
  if (shift > 0) {
    const offset = offsetOf(augmentation, epoch, row);
    moved.forEach((_, pixel) => {
      const source = sourceOf(image, offset, pixel);
      moved[pixel] = source < 0 ? 0 : values[row * width + source];
    });
  }
  scaleRow({ values: moved, scaler, count: 1 }, width, 0, to, position);
  if (!hasNoise) return;
  for (let pixel = 0; pixel < width; pixel += 4) {
    for (const [i, whole] of noiseOf(augmentation, epoch, row, pixel).entries()) {
      if (pixel + i < width) to[position * width + pixel + i] += whole * noiseSteps[pixel + i];
    }
  }
}

/** Bytes that samples must have before they are kept as bytes: smaller data are float32, which takes no table to read. */
const LEAST_BYTES = 2 ** 20;

/** Whether values of this kind are kept as bytes where training and test set have so many together. */
export function staysBytes(values: Values, length: number): boolean {
  return values instanceof Uint8Array && length >= LEAST_BYTES;
}

/** Values that a byte has. */
export const BYTE_VALUES = 256;

/**
 * How many tables of 256 values turn bytes into features where training and test set are kept as bytes:
 * one where all columns are scaled alike, or one a column. 0 where they are kept as float32. Images that
 * are augmented are bytes, however few there are: they are moved before they are scaled.
 */
export function byteTables({ train, test }: Readonly<Record<'train' | 'test', Samples>>): number {
  const { values, scaler, augmentation } = train;
  const length = values.length + test.values.length;
  if (augmentation === undefined && !staysBytes(values, length)) return 0;
  return isUniform(scaler) ? 1 : widthOf(train);
}

/** Whether every column has the same mean and the same scale. */
function isUniform(scaler: Scaler | null): boolean {
  if (scaler === null) return true;
  const { mean, scale } = scaler;
  return mean.every((value) => value === mean[0]) && scale.every((value) => value === scale[0]);
}

/**
 * What each byte stands for: scaled in float64 and rounded to float32, so that a network sees the same
 * bits as from `float32Features`.
 *
 * @param tables - 1, or the number of columns
 * @returns (tables × 256)
 */
export function scaledBytes(scaler: Scaler | null, tables: number): Float32Array<ArrayBuffer> {
  const scaled = new Float32Array(tables * BYTE_VALUES);
  for (let i = 0; i < scaled.length; i++) {
    const column = Math.floor(i / BYTE_VALUES);
    const byte = i % BYTE_VALUES;
    scaled[i] = scaler === null ? byte : (byte - scaler.mean[column]) / scaler.scale[column];
  }
  return scaled;
}
