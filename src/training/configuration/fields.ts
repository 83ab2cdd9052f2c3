/**
 * The configuration's fields, in one table: what each is called, what it does, what is allowed and its
 * default, which is the notebook's. Page, URL, command line and files follow from it: `learningRate`
 * here is `learning_rate` in JSON and in the URL, `--learning-rate` on the command line.
 */
import { MOST_CLASSES } from '../../data/dataset';
import { type BuiltInName, DATASET_NAMES, type DatasetName } from '../../data/registry';
import { SCALINGS, type Scaling } from '../../data/scaler';
import { ACTIVATIONS, type Activation } from '../../layers/activation';
import { INITIALIZERS, type Initializer } from '../../model/initializers';
import { type Hyperparameters, LEARNING_RATE_SCHEDULES, OPTIMIZERS } from '../hyperparameters';
import { JUDGED_METRICS, type JudgedName } from '../metrics';

export const MONITORS = JUDGED_METRICS.map(({ name }) => name);
export type Monitor = JudgedName;

/** Everything that decides a run, whichever backend runs it. */
export interface Configuration extends Hyperparameters {
  readonly dataset: DatasetName;
  /** Indices into the data set's class names, ascending. */
  readonly classes: readonly number[];
  /** Share of the samples that is kept for testing, between 0 and 1. */
  readonly testSize: number;
  /** Of the generator that shares the samples out, and draws those that are drawn by lot. */
  readonly splitSeed: number;
  /**
   * Standard deviation of what is added at random: of points in the plane to their coordinates, when they are
   * drawn; of images to each pixel, which goes from 0 to 1, anew whenever training sees it.
   */
  readonly noise: number;
  /** Most pixels that a training image moves by, up or down and to the left or right, anew in each epoch. */
  readonly shift: number;
  /** What is added to the training set in the plane, as `parsePoints` reads it; empty where nothing is. */
  readonly points: string;
  /** The first so many samples of the training set, after the split; 0 for all. */
  readonly trainSamples: number;
  /** The first so many samples of the test set, after the split; 0 for all. */
  readonly testSamples: number;
  readonly scaling: Scaling;
  /** Units of each hidden layer, with `activation`: the short form for dense layers of one activation. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** The hidden layers as `parseLayers` reads them, in place of `hidden` and `activation`; empty where those hold. */
  readonly layers: string;
  /** The run whose first layers this one begins with, as `parseStart` reads it; empty for none. */
  readonly from: string;
  /** So many of its layers are taken over; 0 where there is no such run. */
  readonly fromLayers: number;
  /** Share of hidden units dropped in training, 0 for none. */
  readonly dropout: number;
  /** What changes on the way, as `parseChanges` reads it; empty where nothing does. */
  readonly changes: string;
  readonly init: Initializer;
  /** Factor on the draws of `init: normal`. */
  readonly initScale: number;
  /** Epochs without improvement of `monitor` before training stops; 0 trains to the end. */
  readonly patience: number;
  readonly monitor: Monitor;
  /** The least change of `monitor` that counts as an improvement. */
  readonly minDelta: number;
  /** Return to the best epoch's parameters when training ends, where there is a patience. */
  readonly restoreBest: boolean;
}

export type ConfigurationKey = keyof Configuration;
export type FieldGroup =
  | 'data'
  | 'network'
  | 'transfer'
  | 'optimizer'
  | 'schedule'
  | 'regularization'
  | 'run';

interface FieldBase {
  readonly group: FieldGroup;
  /** Short name for a control. */
  readonly label: string;
}
export interface NumberField extends FieldBase {
  readonly kind: 'number' | 'integer';
  readonly minimum: number;
  readonly maximum: number;
  /** True where `minimum` itself is not allowed. */
  readonly aboveMinimum?: boolean;
  readonly belowMaximum?: boolean;
  readonly unit?: string;
}
interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly choices: readonly string[];
}
/** One of the data sets that come with the program, or a file by its name there. */
interface DatasetField extends FieldBase {
  readonly kind: 'dataset';
  readonly choices: readonly BuiltInName[];
}
interface BooleanField extends FieldBase {
  readonly kind: 'boolean';
}
/** A list of integers, written `16,8`. */
interface IntegersField extends FieldBase {
  readonly kind: 'integers';
  readonly minimum: number;
  readonly maximum: number;
  readonly leastCount: number;
  readonly mostCount: number;
  readonly distinct: boolean;
}
/** Layers, written `dense 16 sigmoid; dense 8 tanh`. */
interface LayersField extends FieldBase {
  readonly kind: 'layers';
  readonly mostCount: number;
}
/** Changes on the way, written `401 learning_rate 0.1; 601 dropout 0.2`. */
interface ChangesField extends FieldBase {
  readonly kind: 'changes';
  readonly mostCount: number;
}
/** Points in the plane, written `1.5 -2 0; 3 2 1`. */
interface PointsField extends FieldBase {
  readonly kind: 'points';
  readonly mostCount: number;
}
/** A run that has been trained, by the file that its parameters are in. */
interface StartField extends FieldBase {
  readonly kind: 'start';
}
export type Field =
  | NumberField
  | ChoiceField
  | DatasetField
  | BooleanField
  | IntegersField
  | LayersField
  | PointsField
  | StartField
  | ChangesField;

const NUMBER = { kind: 'number' } as const;
const INTEGER = { kind: 'integer' } as const;
const SEED = { ...INTEGER, minimum: 0, maximum: 4_294_967_295 } as const;
const SAMPLES = { ...INTEGER, minimum: 0, maximum: 1_000_000, unit: 'samples' } as const;
const EPOCHS = { ...INTEGER, minimum: 0, maximum: 1_000_000, unit: 'epochs' } as const;

/** Every field: what it is called, what it does and what is allowed. The order is that of the page. */
export const FIELDS = {
  dataset: {
    group: 'data',
    label: 'Data set',
    kind: 'dataset',
    choices: DATASET_NAMES,
  },
  classes: {
    group: 'data',
    label: 'Classes',
    kind: 'integers',
    minimum: 0,
    maximum: MOST_CLASSES - 1,
    leastCount: 2,
    mostCount: MOST_CLASSES,
    distinct: true,
  },
  testSize: {
    ...NUMBER,
    group: 'data',
    label: 'Test share',
    minimum: 0,
    maximum: 1,
    aboveMinimum: true,
    belowMaximum: true,
  },
  splitSeed: {
    ...SEED,
    group: 'data',
    label: 'Split seed',
  },
  noise: {
    ...NUMBER,
    group: 'data',
    label: 'Noise',
    minimum: 0,
    maximum: 100,
  },
  shift: {
    ...INTEGER,
    group: 'data',
    label: 'Shift',
    minimum: 0,
    maximum: 16,
    unit: 'pixels',
  },
  points: {
    group: 'data',
    label: 'Added points',
    kind: 'points',
    mostCount: 200,
  },
  trainSamples: {
    ...SAMPLES,
    group: 'data',
    label: 'Training samples',
  },
  testSamples: {
    ...SAMPLES,
    group: 'data',
    label: 'Test samples',
  },
  scaling: {
    group: 'data',
    label: 'Scaling',
    kind: 'choice',
    choices: SCALINGS,
  },
  seed: {
    ...SEED,
    group: 'data',
    label: 'Seed',
  },
  hidden: {
    group: 'network',
    label: 'Hidden layers',
    kind: 'integers',
    minimum: 1,
    maximum: 65_536,
    leastCount: 0,
    mostCount: 32,
    distinct: false,
  },
  activation: {
    group: 'network',
    label: 'Activation',
    kind: 'choice',
    choices: ACTIVATIONS,
  },
  layers: {
    group: 'network',
    label: 'Layers',
    kind: 'layers',
    mostCount: 32,
  },
  init: {
    group: 'network',
    label: 'Initializer',
    kind: 'choice',
    choices: INITIALIZERS,
  },
  initScale: {
    ...NUMBER,
    group: 'network',
    label: 'Initial scale',
    minimum: 0,
    maximum: 100,
    aboveMinimum: true,
  },
  from: {
    group: 'transfer',
    label: 'Start from a run',
    kind: 'start',
  },
  fromLayers: {
    ...INTEGER,
    group: 'transfer',
    label: 'Layers from that run',
    minimum: 0,
    maximum: 33,
    unit: 'layers',
  },
  freeze: {
    ...INTEGER,
    group: 'transfer',
    label: 'Frozen layers',
    minimum: 0,
    maximum: 32,
    unit: 'layers',
  },
  optimizer: {
    group: 'optimizer',
    label: 'Optimizer',
    kind: 'choice',
    choices: OPTIMIZERS,
  },
  learningRate: {
    ...NUMBER,
    group: 'optimizer',
    label: 'Learning rate',
    minimum: 0,
    maximum: 1000,
    aboveMinimum: true,
  },
  momentum: {
    ...NUMBER,
    group: 'optimizer',
    label: 'Momentum',
    minimum: 0,
    maximum: 1,
    belowMaximum: true,
  },
  nesterov: {
    group: 'optimizer',
    label: 'Nesterov',
    kind: 'boolean',
  },
  batchSize: {
    ...SAMPLES,
    group: 'optimizer',
    label: 'Batch size',
  },
  schedule: {
    group: 'schedule',
    label: 'Schedule',
    kind: 'choice',
    choices: LEARNING_RATE_SCHEDULES,
  },
  decayRate: {
    ...NUMBER,
    group: 'schedule',
    label: 'Decay rate',
    minimum: 0,
    maximum: 1000,
  },
  decaySteps: {
    ...EPOCHS,
    group: 'schedule',
    label: 'Decay steps',
    minimum: 1,
  },
  minLearningRate: {
    ...NUMBER,
    group: 'schedule',
    label: 'Least learning rate',
    minimum: 0,
    maximum: 1000,
  },
  warmupEpochs: {
    ...EPOCHS,
    group: 'schedule',
    label: 'Warm-up',
  },
  weightDecay: {
    ...NUMBER,
    group: 'regularization',
    label: 'Weight decay',
    minimum: 0,
    maximum: 10,
  },
  dropout: {
    ...NUMBER,
    group: 'regularization',
    label: 'Dropout',
    minimum: 0,
    maximum: 1,
    belowMaximum: true,
  },
  epochs: {
    ...EPOCHS,
    group: 'run',
    label: 'Epochs',
    minimum: 1,
  },
  changes: {
    group: 'run',
    label: 'Changes on the way',
    kind: 'changes',
    mostCount: 100,
  },
  patience: {
    ...EPOCHS,
    group: 'run',
    label: 'Patience',
  },
  monitor: {
    group: 'run',
    label: 'Monitor',
    kind: 'choice',
    choices: MONITORS,
  },
  minDelta: {
    ...NUMBER,
    group: 'run',
    label: 'Least change',
    minimum: 0,
    maximum: 1000,
  },
  restoreBest: {
    group: 'run',
    label: 'Restore best',
    kind: 'boolean',
  },
  norms: {
    group: 'run',
    label: 'Norms',
    kind: 'boolean',
  },
} as const satisfies Record<ConfigurationKey, Field>;

/** The notebook's configuration. */
export const DEFAULTS: Configuration = {
  dataset: 'digits',
  classes: [0, 1],
  testSize: 0.2,
  splitSeed: 42,
  noise: 0,
  shift: 0,
  points: '',
  trainSamples: 0,
  testSamples: 0,
  scaling: 'standard',
  seed: 42,
  hidden: [16, 8],
  activation: 'sigmoid',
  layers: '',
  init: 'normal',
  initScale: 0.01,
  from: '',
  fromLayers: 0,
  freeze: 0,
  optimizer: 'sgd',
  learningRate: 0.5,
  momentum: 0,
  nesterov: false,
  batchSize: 0,
  schedule: 'constant',
  decayRate: 0,
  decaySteps: 1,
  minLearningRate: 0,
  warmupEpochs: 0,
  weightDecay: 0,
  dropout: 0,
  epochs: 1000,
  changes: '',
  patience: 0,
  monitor: 'val_loss',
  minDelta: 0,
  restoreBest: true,
  norms: false,
};

/** Keys in the order of the page. */
export const CONFIGURATION_KEYS = Object.keys(FIELDS) as readonly ConfigurationKey[];
