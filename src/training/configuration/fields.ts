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
  /** One sentence that says what it does. */
  readonly help: string;
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
    help: 'The samples that the network learns from and is tested on.',
    kind: 'dataset',
    choices: DATASET_NAMES,
  },
  classes: {
    group: 'data',
    label: 'Classes',
    help: 'Which classes to tell apart: two give one sigmoid output, three and more a softmax.',
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
    help: 'Share of the samples that the network never trains on.',
    minimum: 0,
    maximum: 1,
    aboveMinimum: true,
    belowMaximum: true,
  },
  splitSeed: {
    ...SEED,
    group: 'data',
    label: 'Split seed',
    help: 'Decides which samples are kept for testing and, in the plane, where the points lie; nothing else.',
  },
  noise: {
    ...NUMBER,
    group: 'data',
    label: 'Noise',
    help: 'Standard deviation of what is added at random: to points of the plane when they are drawn; to pixels, which go from 0 to 1, whenever training sees an image, and never in a test.',
    minimum: 0,
    maximum: 100,
  },
  shift: {
    ...INTEGER,
    group: 'data',
    label: 'Shift',
    help: 'Moves each training image by up to this many pixels, up or down and left or right, anew in every epoch; never in a test. At most a quarter of its side.',
    minimum: 0,
    maximum: 16,
    unit: 'pixels',
  },
  points: {
    group: 'data',
    label: 'Added points',
    help: 'Points of your own for the training set, each its x, its y and the number of its class, such as “1.5 -2 0; 3 2 1”; a click in the panel Boundary adds one.',
    kind: 'points',
    mostCount: 200,
  },
  trainSamples: {
    ...SAMPLES,
    group: 'data',
    label: 'Training samples',
    help: 'Trains on only this many samples of the training set, the first ones; 0 is all of them.',
  },
  testSamples: {
    ...SAMPLES,
    group: 'data',
    label: 'Test samples',
    help: 'Tests on only this many samples of the test set, the first ones; 0 is all of them.',
  },
  scaling: {
    group: 'data',
    label: 'Scaling',
    help: 'What happens to the values first: Standard subtracts each feature’s mean and divides by its deviation, Global takes one mean and one deviation for all, Unit divides by the largest possible value.',
    kind: 'choice',
    choices: SCALINGS,
  },
  seed: {
    ...SEED,
    group: 'data',
    label: 'Seed',
    help: 'Decides the initial parameters, the shuffles, dropout, and how images are moved and made noisy: same seed, same run.',
  },
  hidden: {
    group: 'network',
    label: 'Hidden layers',
    help: 'Units of each hidden layer; empty for none.',
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
    help: 'What a hidden unit makes of its weighted sum.',
    kind: 'choice',
    choices: ACTIVATIONS,
  },
  layers: {
    group: 'network',
    label: 'Layers',
    help: 'The hidden layers one by one, such as “dense 16 sigmoid; dense 8 tanh”, in place of Hidden layers and Activation.',
    kind: 'layers',
    mostCount: 32,
  },
  init: {
    group: 'network',
    label: 'Initializer',
    help: 'The distribution that the initial weights are drawn from; biases start at zero.',
    kind: 'choice',
    choices: INITIALIZERS,
  },
  initScale: {
    ...NUMBER,
    group: 'network',
    label: 'Initial scale',
    help: 'Standard deviation of the initial weights, with the initializer Normal.',
    minimum: 0,
    maximum: 100,
    aboveMinimum: true,
  },
  from: {
    group: 'transfer',
    label: 'Start from a run',
    help: 'Begins with the first layers of a run that has been trained, which lie in a file.',
    kind: 'start',
  },
  fromLayers: {
    ...INTEGER,
    group: 'transfer',
    label: 'Layers from that run',
    help: 'The first so many layers, pooling counted as well, are taken from that run; the others are drawn as ever.',
    minimum: 0,
    maximum: 33,
    unit: 'layers',
  },
  freeze: {
    ...INTEGER,
    group: 'transfer',
    label: 'Frozen layers',
    help: 'The first so many hidden layers, pooling counted as well, are kept as they are: they are not trained.',
    minimum: 0,
    maximum: 32,
    unit: 'layers',
  },
  optimizer: {
    group: 'optimizer',
    label: 'Optimizer',
    help: 'How a gradient becomes a change of the parameters.',
    kind: 'choice',
    choices: OPTIMIZERS,
  },
  learningRate: {
    ...NUMBER,
    group: 'optimizer',
    label: 'Learning rate',
    help: 'How far each update goes along the gradient.',
    minimum: 0,
    maximum: 1000,
    aboveMinimum: true,
  },
  momentum: {
    ...NUMBER,
    group: 'optimizer',
    label: 'Momentum',
    help: 'Share of the last update that goes on in the next one, with the optimizer SGD.',
    minimum: 0,
    maximum: 1,
    belowMaximum: true,
  },
  nesterov: {
    group: 'optimizer',
    label: 'Nesterov',
    help: 'Look ahead along the momentum; needs a momentum above 0.',
    kind: 'boolean',
  },
  batchSize: {
    ...SAMPLES,
    group: 'optimizer',
    label: 'Batch size',
    help: 'Samples that each update sees; 0 is the whole training set.',
  },
  schedule: {
    group: 'schedule',
    label: 'Schedule',
    help: 'How the learning rate changes from epoch to epoch.',
    kind: 'choice',
    choices: LEARNING_RATE_SCHEDULES,
  },
  decayRate: {
    ...NUMBER,
    group: 'schedule',
    label: 'Decay rate',
    help: 'The factor k of the learning-rate schedules Step, Exponential and Inverse time.',
    minimum: 0,
    maximum: 1000,
  },
  decaySteps: {
    ...EPOCHS,
    group: 'schedule',
    label: 'Decay steps',
    help: 'Epochs between two steps of the learning-rate schedule Step.',
    minimum: 1,
  },
  minLearningRate: {
    ...NUMBER,
    group: 'schedule',
    label: 'Least learning rate',
    help: 'Where the learning-rate schedule Cosine ends.',
    minimum: 0,
    maximum: 1000,
  },
  warmupEpochs: {
    ...EPOCHS,
    group: 'schedule',
    label: 'Warm-up',
    help: 'Epochs in which the learning rate grows linearly to its schedule; 0 for none.',
  },
  weightDecay: {
    ...NUMBER,
    group: 'regularization',
    label: 'Weight decay',
    help: 'Pulls weights towards zero: L2 in the gradient, decoupled with AdamW. Biases are left alone.',
    minimum: 0,
    maximum: 10,
  },
  dropout: {
    ...NUMBER,
    group: 'regularization',
    label: 'Dropout',
    help: 'Share of the hidden units that each training sample does without.',
    minimum: 0,
    maximum: 1,
    belowMaximum: true,
  },
  epochs: {
    ...EPOCHS,
    group: 'run',
    label: 'Epochs',
    help: 'Passes over the training set.',
    minimum: 1,
  },
  changes: {
    group: 'run',
    label: 'Changes on the way',
    help: 'Settings that change between two epochs, such as “401 learning_rate 0.1”: epoch 401 and all after it learn at 0.1.',
    kind: 'changes',
    mostCount: 100,
  },
  patience: {
    ...EPOCHS,
    group: 'run',
    label: 'Patience',
    help: 'Stops early after this many epochs without improvement; 0 trains to the end.',
  },
  monitor: {
    group: 'run',
    label: 'Monitor',
    help: 'The metric that early stopping watches.',
    kind: 'choice',
    choices: MONITORS,
  },
  minDelta: {
    ...NUMBER,
    group: 'run',
    label: 'Least change',
    help: 'The smallest change that early stopping takes for an improvement.',
    minimum: 0,
    maximum: 1000,
  },
  restoreBest: {
    group: 'run',
    label: 'Restore best',
    help: 'Return to the best epoch’s parameters when training ends, early or not; needs a patience.',
    kind: 'boolean',
  },
  norms: {
    group: 'run',
    label: 'Norms',
    help: 'Record the L2 norm of the gradient and of the parameters after each epoch.',
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
