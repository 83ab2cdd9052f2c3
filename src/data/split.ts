/**
 * scikit-learn's `train_test_split(..., stratify=y)`: each class is shared out between training and
 * test set as the whole is, with the same random draws and so with the same rows.
 */
import { RandomState } from '../numpy/random-state';

/** Rows of the data set, in the shuffled order that scikit-learn gives them. */
export interface Split {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Splits rows into a training and a test set.
 *
 * @param labels - class of each row: 0, 1, … `classes` - 1
 * @param testSize - share of the test set, between 0 and 1; its size is rounded up
 * @param seed - of a generator that serves the split alone
 * @returns disjoint rows, together all of them; a class may be missing on a side where there are too
 *   few rows for it
 */
export function stratifiedSplit(
  labels: ArrayLike<number>,
  classes: number,
  testSize: number,
  seed: number,
): Split {
  const random = new RandomState(seed);
  const rowsOfClass: number[][] = Array.from({ length: classes }, () => []);
  for (let row = 0; row < labels.length; row++) rowsOfClass[labels[row]].push(row);

  const testCount = Math.ceil(testSize * labels.length);
  const trainCount = labels.length - testCount;
  const counts = rowsOfClass.map((rows) => rows.length);
  const trainCounts = approximateMode(counts, trainCount, random);
  const remaining = counts.map((count, index) => count - trainCounts[index]);
  const testCounts = approximateMode(remaining, testCount, random);

  const shuffled = rowsOfClass.map((rows) => permuted(rows, random));
  const train = shuffled.flatMap((rows, index) => rows.slice(0, trainCounts[index]));
  const test = shuffled.flatMap((rows, index) =>
    rows.slice(trainCounts[index], trainCounts[index] + testCounts[index]),
  );
  return {
    train: Uint32Array.from(permuted(train, random)),
    test: Uint32Array.from(permuted(test, random)),
  };
}

/** `values` in random order. */
function permuted(values: readonly number[], random: RandomState): number[] {
  return Array.from(random.permutation(values.length), (index) => values[index]);
}

/**
 * Shares `draws` out among classes in proportion to their `counts`: rounded down, then one more for
 * the largest remainders, ties drawn by lot (scikit-learn's `_approximate_mode`).
 *
 * The order of the operations decides the last bits, and so which remainders tie and what is drawn:
 * even where no count is left over, (count / sum) · sum may round below the count.
 */
function approximateMode(
  counts: readonly number[],
  draws: number,
  random: RandomState,
): readonly number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  const continuous = counts.map((count) => (count / sum) * draws);
  const mode = continuous.map(Math.floor);
  let need = draws - mode.reduce((total, count) => total + count, 0);
  if (need <= 0) return mode;
  const remainders = continuous.map((value, index) => value - mode[index]);
  const descending = [...new Set(remainders)].sort((a, b) => b - a);
  for (const remainder of descending) {
    const group = remainders.flatMap((value, index) => (value === remainder ? [index] : []));
    const add = Math.min(group.length, need);
    for (const chosen of random.choice(group.length, add)) mode[group[chosen]] += 1;
    need -= add;
    if (need === 0) break;
  }
  return mode;
}
