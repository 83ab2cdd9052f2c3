/**
 * From a configuration and the digits to a problem that a backend can train on, with the notebook's
 * draws in the notebook's order (Parts 1, 3 and 10).
 */
import { type DigitsDataset, filterDigits, PIXELS, takeRows } from '../data/digits';
import { fitScaler, type StandardScaler, standardize } from '../data/scaler';
import { stratifiedSplit } from '../data/split';
import { drawParameters } from '../model/initializers';
import { type NetworkSpec, networkFor } from '../model/network-spec';
import { parameterLayout } from '../model/parameter-layout';
import { RandomState } from '../numpy/random-state';
import type { Problem, Samples } from './backend';
import { checkConfiguration } from './configuration/check';
import type { Configuration } from './configuration/fields';
import { InvalidInputError } from './errors';

/** More would not fit into one buffer of any device, and drawing them would take minutes: 1 GiB of float32. */
const MOST_PARAMETERS = 2 ** 28;

/** Number of test samples that the notebook's Part 10 looks at. */
const SAMPLE_COUNT = 10;

/** The problem, and all that the page and the report need beside it. */
export interface Prepared {
  readonly problem: Problem;
  /** The digit of each class, ascending. */
  readonly classes: readonly number[];
  /** Rows of the data set filtered to `classes`. */
  readonly trainIndex: Uint32Array;
  /** Rows of the data set filtered to `classes`. */
  readonly testIndex: Uint32Array;
  readonly scaler: StandardScaler;
  /** The notebook's first draw, which its Parts 4 and 5 use; `problem.parameters` is the second. */
  readonly firstParameters: Float64Array;
  /** Indices into the test set of the samples that Part 10 shows: ten, or all where there are fewer. */
  readonly sampleIndices: Uint32Array;
  /** Training images, 0 to 16, (count × 64). */
  readonly rawTrain: Uint8Array;
  /** Test images, 0 to 16, (count × 64). */
  readonly rawTest: Uint8Array;
}

/**
 * Filters, splits, standardizes and draws the initial parameters. Nothing depends on the backend.
 *
 * @throws InvalidInputError for a configuration that is not allowed, a digit that the data lack, a
 *   network of too many parameters, or a `test_size` that leaves a class without a sample in the
 *   training or the test set
 */
export function prepare(configuration: Configuration, dataset: DigitsDataset): Prepared {
  const checked = checkConfiguration(configuration);
  const classes = checked.digits;
  const spec = networkFor(PIXELS, checked.hidden, classes.length, checked.activation);
  checkSize(spec);
  const filtered = filterDigits(dataset, classes);
  const labels = filtered.labels.map((digit) => classes.indexOf(digit));
  const missing = classes.find((digit) => !filtered.labels.includes(digit));
  if (missing !== undefined) {
    throw new InvalidInputError('digits', classes, `the data have no image of ${missing}`);
  }

  // The split has a generator of its own; the global stream starts with the parameters.
  const split = stratifiedSplit(labels, classes.length, checked.testSize, checked.seed);
  checkSplit(checked, split.train, split.test, labels);
  const rawTrain = takeRows(filtered, split.train).images;
  const rawTest = takeRows(filtered, split.test).images;
  const scaler = fitScaler(rawTrain, split.train.length, PIXELS);

  const random = new RandomState(checked.seed);
  const firstParameters = drawParameters(spec, checked.init, checked.initScale, random);
  const parameters = drawParameters(spec, checked.init, checked.initScale, random);
  const testCount = split.test.length;
  const sampleIndices = random.choice(testCount, Math.min(SAMPLE_COUNT, testCount));

  const samplesOf = (rows: Uint32Array, images: Uint8Array): Samples => ({
    features: standardize(scaler, images),
    labels: Uint8Array.from(rows, (row) => labels[row]),
    count: rows.length,
  });
  return {
    problem: {
      spec,
      hyperparameters: checked,
      parameters,
      train: samplesOf(split.train, rawTrain),
      test: samplesOf(split.test, rawTest),
    },
    classes,
    trainIndex: split.train,
    testIndex: split.test,
    scaler,
    firstParameters,
    sampleIndices,
    rawTrain,
    rawTest,
  };
}

/** Refuses a split in which a class is missing from a side. */
function checkSplit(
  { digits, testSize }: Configuration,
  train: Uint32Array,
  test: Uint32Array,
  labels: Uint8Array,
): void {
  const isPresent = (rows: Uint32Array, index: number) => rows.some((row) => labels[row] === index);
  for (const [index, digit] of digits.entries()) {
    for (const [name, rows] of [
      ['training', train],
      ['test', test],
    ] as const) {
      if (isPresent(rows, index)) continue;
      throw new InvalidInputError(
        'test_size',
        testSize,
        `the ${name} set of ${rows.length} samples must have one of each class, and has no ${digit}`,
      );
    }
  }
}

/**
 * Refuses a network before anything of its size is allocated; devices have limits of their own.
 *
 * @throws InvalidInputError where it has more than 2^28 parameters
 */
export function checkSize(spec: NetworkSpec): void {
  const { length } = parameterLayout(spec);
  if (length <= MOST_PARAMETERS) return;
  const most = MOST_PARAMETERS.toLocaleString('en');
  const excess = (length - MOST_PARAMETERS).toLocaleString('en');
  throw new InvalidInputError(
    'hidden',
    spec.widths.slice(1, -1).join(','),
    `${length.toLocaleString('en')} parameters are ${excess} more than the ${most} that are allowed`,
  );
}
