/** Small IDX files, as MNIST comes in. */
import type { NamedBytes } from '../../src/data/idx-files';

/** A file of values of one type, by default bytes. */
export function idxFile(
  shape: readonly number[],
  values: readonly number[],
  type = 8,
): Uint8Array<ArrayBuffer> {
  const sizes = shape.flatMap((size) => [24, 16, 8, 0].map((shift) => (size >>> shift) & 255));
  return Uint8Array.of(0, 0, type, shape.length, ...sizes, ...values);
}

/**
 * Images of 2 × 3 pixels and their labels, which take turns: training images and labels, test images and
 * labels. Pixels count up, those of the test set from 200.
 */
export function idxSet(train: number, test: number, classes = 2): readonly NamedBytes[] {
  const images = (count: number, first: number) =>
    idxFile(
      [count, 2, 3],
      Array.from({ length: 6 * count }, (_, i) => (first + i) % 256),
    );
  const labels = (count: number) =>
    idxFile(
      [count],
      Array.from({ length: count }, (_, i) => i % classes),
    );
  return [
    { name: 'train-images-idx3-ubyte', bytes: images(train, 0) },
    { name: 'train-labels-idx1-ubyte', bytes: labels(train) },
    { name: 't10k-images-idx3-ubyte', bytes: images(test, 200) },
    { name: 't10k-labels-idx1-ubyte', bytes: labels(test) },
  ];
}
