/** How like the training images an image is: how far from the nearest of them, beside what is usual among themselves. */

import { takeRows, type Values } from '../data/dataset';

/** Training images, and how far apart neighbours among them are. */
export interface Likeness {
  /** (count × features), row-major, as they are before scaling. */
  readonly images: ArrayLike<number>;
  /** The largest distance of one of them to the nearest other. */
  readonly usual: number;
}

/** Images of a large training set that stand for it, evenly spread. */
const MOST_KEPT = 2000;
/** Images that the usual distance is found from, evenly spread: each is held against all. */
const MOST_TRIED = 200;

/**
 * The likeness of a training set.
 *
 * @param all - (count × features), row-major
 */
export function likenessOf(all: Values, features: number): Likeness {
  const images = spread(all, features);
  const count = images.length / features;
  const tried = Math.min(count, MOST_TRIED);
  let usual = 0;
  for (let i = 0; i < tried; i++) {
    const row = Math.floor((i * count) / tried);
    const image = images.subarray(row * features, (row + 1) * features);
    usual = Math.max(usual, nearestDistance(image, images, row));
  }
  return { images, usual };
}

/** All rows, or so many, evenly spread, as stand for them. */
function spread(all: Values, features: number): Values {
  const count = all.length / features;
  if (count <= MOST_KEPT) return all;
  const positions = Array.from({ length: MOST_KEPT }, (_, i) =>
    Math.floor((i * count) / MOST_KEPT),
  );
  const rows = { values: all, labels: new Uint8Array(count), count, features };
  return takeRows(rows, positions).values;
}

/**
 * The Euclidean distance from an image to the nearest of `images`, before scaling: scaled, a pixel that
 * hardly any of them inks would count for more than all others.
 *
 * @param images - (count × features), row-major
 * @param except - a row that does not count
 */
export function nearestDistance(
  image: ArrayLike<number>,
  images: ArrayLike<number>,
  except?: number,
): number {
  const features = image.length;
  let nearest = Number.POSITIVE_INFINITY;
  for (let row = 0; row * features < images.length; row++) {
    if (row === except) continue;
    let sum = 0;
    for (let i = 0; i < features && sum < nearest; i++) {
      sum += (image[i] - images[row * features + i]) ** 2;
    }
    nearest = Math.min(nearest, sum);
  }
  return Math.sqrt(nearest);
}
