/**
 * From a configuration and the rows of its data set to a problem that a backend can train on, with the
 * notebook's draws in the notebook's order (Parts 1, 3 and 10).
 */
import { type AddedPoint, parsePoints, withPoints } from '../data/added-points';
import { augmentationOf } from '../data/augmentation';
import {
  countOf,
  type Dataset,
  featuresOf,
  hasImages,
  isPlane,
  type Rows,
  rowsOfClasses,
  takeRows,
  type Values,
} from '../data/dataset';
import { datasetOf } from '../data/registry';
import { fitScaler, overflowOf, type Scaler } from '../data/scaler';
import { type Split, stratifiedSplit } from '../data/split';
import { drawParameters } from '../model/initializers';
import { layersSetting, type NetworkSpec } from '../model/network-spec';
import { parameterLayout } from '../model/parameter-layout';
import { RandomState } from '../numpy/random-state';
import type { Problem, Samples } from './backend';
import { checkConfiguration } from './configuration/check';
import type { Configuration } from './configuration/fields';
import { withCourse } from './course';
import { InvalidInputError } from './errors';
import type { Start } from './files/start-run';
import { networkOf } from './network-of';

/**
 * While a run is opened, the host holds each parameter twice in float64, drawn and handed over: 1 GiB.
 * More would end a tab, and no device's limits on buffers would take it with the optimizer's state.
 */
const MOST_PARAMETERS = 2 ** 26;

/** Number of test samples that the notebook's Part 10 looks at. */
const SAMPLE_COUNT = 10;

/** The problem, and all that the page and the report need beside it. */
export interface Prepared {
  readonly problem: Problem;
  readonly dataset: Dataset;
  /** The data set's index of each class, ascending. */
  readonly classes: readonly number[];
  /** Rows of the data set filtered to `classes`; points that were added are none of them. */
  readonly split: Split;
  readonly scaler: Scaler;
  /** Indices into the test set of the samples that Part 10 shows: ten, or all where there are fewer. */
  readonly sampleIndices: Uint32Array;
  /** Training samples before scaling, (count × features). */
  readonly rawTrain: Values;
  /** Test samples before scaling, (count × features). */
  readonly rawTest: Values;
}

/** A configuration that can be trained on its data set, as far as that is known without a number of either. */
interface Selected {
  readonly configuration: Configuration;
  readonly spec: NetworkSpec;
  readonly dataset: Dataset;
  /** Rows of the data set that belong to one of the chosen classes. */
  readonly positions: Uint32Array;
  /** Of those rows: the position of their class among the chosen ones. */
  readonly labels: Uint8Array;
  /** Positions within `positions`. */
  readonly split: Split;
  /** What joins the training set at its end: those of the added points whose class is chosen. */
  readonly points: readonly AddedPoint[];
}

/**
 * Checks a configuration against its data set and splits that; nothing of the network's size is allocated.
 *
 * @param rows - all rows of the configuration's data set
 * @throws InvalidInputError for a configuration that is not allowed, a class that the data lack, a
 *   network of too many parameters, or settings of the split that leave a class without a sample in
 *   the training or the test set
 */
export function selectSamples(unchecked: Configuration, rows: Rows): Selected {
  const configuration = checkConfiguration(unchecked);
  const { classes } = configuration;
  const dataset = datasetOf(configuration.dataset);
  const spec = networkOf(configuration);
  checkSize(spec);
  const positions = rowsOfClasses(rows, classes);
  const labels = new Uint8Array(positions.length);
  for (let i = 0; i < labels.length; i++) labels[i] = classes.indexOf(rows.labels[positions[i]]);
  const missing = classes.find((_, index) => !labels.includes(index));
  if (missing !== undefined) {
    const name = dataset.classNames[missing];
    throw new InvalidInputError('classes', classes, `the data have no sample of ${name}`);
  }
  // The split has a generator of its own; the global stream starts with the parameters.
  const split = splitRows(configuration, dataset, positions, labels);
  const added = isPlane(dataset) ? (parsePoints(configuration.points) ?? []) : [];
  const points = added.filter(({ label }) => classes.includes(label));
  return { configuration, spec, dataset, positions, labels, split, points };
}

/**
 * Filters, splits, scales and draws the initial parameters. Nothing depends on the backend.
 *
 * @param start - the run that the configuration begins with, where it names one (`loadStart`). All parameters
 *   are drawn, and then its layers take the place of theirs: the others are the same without it.
 * @throws InvalidInputError as `selectSamples` does, before anything is scaled or drawn; where a value is
 *   too large for float32; and where a layer of `start` does not fit
 */
export function prepare(unchecked: Configuration, rows: Rows, start?: Start): Prepared {
  const selected = selectSamples(unchecked, rows);
  const { configuration, spec, dataset, positions, labels, points } = selected;
  const { train, test } = selected.split;
  const sideOf = (side: Uint32Array) =>
    takeRows(
      rows,
      side.map((row) => positions[row]),
    ).values;
  // Of one kind on both sides: points lie between bytes.
  const valuesOf = (side: Uint32Array, more: readonly AddedPoint[]) =>
    points.length === 0 ? sideOf(side) : withPoints(sideOf(side), more);
  const rawTrain = valuesOf(train, points);
  const rawTest = valuesOf(test, []);
  const top = Math.max(...dataset.range.map(Math.abs)) || 1;
  const scaler = fitScaler(configuration.scaling, rawTrain, featuresOf(dataset), top);
  for (const values of [rawTrain, rawTest]) checkScaled(configuration, dataset, scaler, values);

  const random = new RandomState(configuration.seed);
  const draw = () => drawParameters(spec, configuration.init, configuration.initScale, random);
  draw(); // the notebook's first draw: see firstParameters
  const parameters = draw();
  takeLayers(configuration, spec, parameters, start);
  const sampleIndices = random.choice(test.length, Math.min(SAMPLE_COUNT, test.length));

  const samplesOf = (side: Uint32Array, values: Values, more: readonly AddedPoint[]): Samples => {
    const count = side.length + more.length;
    const own = new Uint8Array(count);
    for (let i = 0; i < side.length; i++) own[i] = labels[side[i]];
    for (const [i, { label }] of more.entries()) {
      own[side.length + i] = configuration.classes.indexOf(label);
    }
    return { values, scaler, labels: own, count };
  };
  // Of points in the plane, noise has moved them when they were drawn.
  const augmentation = hasImages(dataset)
    ? augmentationOf(configuration, dataset.input, scaler, top)
    : undefined;
  return {
    problem: withCourse(
      {
        spec,
        hyperparameters: configuration,
        parameters,
        train: { ...samplesOf(train, rawTrain, points), ...(augmentation && { augmentation }) },
        test: samplesOf(test, rawTest, []),
      },
      configuration,
    ),
    dataset,
    classes: configuration.classes,
    split: selected.split,
    scaler,
    sampleIndices,
    rawTrain,
    rawTest,
  };
}

/** @throws InvalidInputError where float32 does not hold a value as it is scaled */
function checkScaled(
  { scaling }: Configuration,
  { featureNames }: Dataset,
  scaler: Scaler,
  values: Values,
): void {
  // Bytes are never large.
  const overflow = values instanceof Uint8Array ? undefined : overflowOf(scaler, values);
  if (overflow === undefined) return;
  const { column, value } = overflow;
  const name = featureNames?.[column] ?? `feature ${column + 1}`;
  throw new InvalidInputError(
    'scaling',
    scaling,
    `in one sample ${name} is ${value}, which float32 does not hold when it is scaled: leave that sample out, or give ${name} in a larger unit`,
  );
}

/**
 * Has a network begin with the layers of another run, as its configuration says.
 *
 * @throws InvalidInputError where a layer does not fit
 */
export function takeLayers(
  { from, fromLayers }: Configuration,
  spec: NetworkSpec,
  parameters: Float64Array,
  start: Start | undefined,
): void {
  if (from === '') return;
  if (start === undefined) throw new RangeError(`the run to start from is missing: ${from}`);
  start.copyInto(spec, fromLayers, parameters);
}

/**
 * The notebook's first draw, which its Parts 4 and 5 use; a problem's `parameters` are the second.
 * Drawn anew where it is needed, since only few need it and it is as large as the network.
 */
export function firstParameters(configuration: Configuration): Float64Array {
  const { seed, init, initScale } = configuration;
  return drawParameters(networkOf(configuration), init, initScale, new RandomState(seed));
}

/**
 * Training and test set as the data set has them, or by lot, and the first samples of each.
 *
 * @param positions - rows of the data set that belong to one of the configuration's classes
 * @param labels - of those rows: the position of their class among the chosen ones
 * @returns positions within `positions`
 * @throws InvalidInputError where a class is missing from a side
 */
export function splitRows(
  configuration: Configuration,
  { split: rule, classNames }: Dataset,
  positions: Uint32Array,
  labels: Uint8Array,
): Split {
  const { classes, testSize, splitSeed, trainSamples, testSamples } = configuration;
  const whole =
    rule.kind === 'given'
      ? givenSplit(positions, rule.trainRows)
      : stratifiedSplit(labels, classes.length, testSize, splitSeed);
  const first = (rows: Uint32Array, most: number) => (most === 0 ? rows : rows.subarray(0, most));
  const sides = { train: first(whole.train, trainSamples), test: first(whole.test, testSamples) };
  for (const [index, classIndex] of classes.entries()) {
    for (const [side, field, title] of [
      ['train', 'trainSamples', 'training'],
      ['test', 'testSamples', 'test'],
    ] as const) {
      const has = (rows: Uint32Array) => rows.some((row) => labels[row] === index);
      if (has(sides[side])) continue;
      const allowed = `the ${title} set of ${countOf(sides[side].length, 'sample')} must have one of each class, and has no ${classNames[classIndex]}`;
      if (has(whole[side])) {
        const name = side === 'train' ? 'train_samples' : 'test_samples';
        throw new InvalidInputError(name, configuration[field], allowed);
      }
      throw new InvalidInputError('test_size', testSize, allowed);
    }
  }
  return sides;
}

/** The first `trainRows` rows of the data set, and the others. */
function givenSplit(positions: Uint32Array, trainRows: number): Split {
  const order = positions.map((_, i) => i);
  // They ascend, as they come from the data set.
  const after = positions.findIndex((position) => position >= trainRows);
  const trained = after < 0 ? order.length : after;
  return { train: order.subarray(0, trained), test: order.subarray(trained) };
}

/**
 * Refuses a network before anything of its size is allocated; devices have limits of their own.
 *
 * @throws InvalidInputError where it has more than 2^26 parameters
 */
function checkSize(spec: NetworkSpec): void {
  const { length } = parameterLayout(spec);
  if (length <= MOST_PARAMETERS) return;
  const most = MOST_PARAMETERS.toLocaleString('en');
  const excess = (length - MOST_PARAMETERS).toLocaleString('en');
  throw new InvalidInputError(
    ...layersSetting(spec),
    `${length.toLocaleString('en')} parameters are ${excess} more than the ${most} that are allowed`,
  );
}
