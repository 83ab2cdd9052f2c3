/**
 * What each field of the configuration does, in a sentence: for whoever is shown it. Apart from the fields
 * themselves, which a worker needs, too.
 */
import type { ConfigurationKey } from './fields';

export const FIELD_HELP = {
  dataset: 'The samples that the network learns from and is tested on.',
  classes: 'Which classes to tell apart: two give one sigmoid output, three and more a softmax.',
  testSize: 'Share of the samples that the network never trains on.',
  splitSeed:
    'Decides which samples are kept for testing and, in the plane, where the points lie; nothing else.',
  noise:
    'Standard deviation of what is added at random: to points of the plane when they are drawn; to pixels, which go from 0 to 1, whenever training sees an image, and never in a test.',
  shift:
    'Moves each training image by up to this many pixels, up or down and left or right, anew in every epoch; never in a test. At most a quarter of its side.',
  points:
    'Points of your own for the training set, each its x, its y and the number of its class, such as “1.5 -2 0; 3 2 1”; a click in the panel Boundary adds one.',
  trainSamples:
    'Trains on only this many samples of the training set, the first ones; 0 is all of them.',
  testSamples: 'Tests on only this many samples of the test set, the first ones; 0 is all of them.',
  scaling:
    'What happens to the values first: Standard subtracts each feature’s mean and divides by its deviation, Global takes one mean and one deviation for all, Unit divides by the largest possible value.',
  seed: 'Decides the initial parameters, the shuffles, dropout, and how images are moved and made noisy: same seed, same run.',
  hidden: 'Units of each hidden layer; empty for none.',
  activation: 'What a hidden unit makes of its weighted sum.',
  layers:
    'The hidden layers one by one, such as “dense 16 sigmoid; dense 8 tanh”, in place of Hidden layers and Activation.',
  init: 'The distribution that the initial weights are drawn from; biases start at zero.',
  initScale: 'Standard deviation of the initial weights, with the initializer Normal.',
  from: 'Begins with the first layers of a run that has been trained, which lie in a file.',
  fromLayers:
    'The first so many layers, pooling counted as well, are taken from that run; the others are drawn as ever.',
  freeze:
    'The first so many hidden layers, pooling counted as well, are kept as they are: they are not trained.',
  optimizer: 'How a gradient becomes a change of the parameters.',
  learningRate: 'How far each update goes along the gradient.',
  momentum: 'Share of the last update that goes on in the next one, with the optimizer SGD.',
  nesterov: 'Look ahead along the momentum; needs a momentum above 0.',
  batchSize: 'Samples that each update sees; 0 is the whole training set.',
  schedule: 'How the learning rate changes from epoch to epoch.',
  decayRate: 'The factor k of the learning-rate schedules Step, Exponential and Inverse time.',
  decaySteps: 'Epochs between two steps of the learning-rate schedule Step.',
  minLearningRate: 'Where the learning-rate schedule Cosine ends.',
  warmupEpochs: 'Epochs in which the learning rate grows linearly to its schedule; 0 for none.',
  weightDecay:
    'Pulls weights towards zero: L2 in the gradient, decoupled with AdamW. Biases are left alone.',
  dropout: 'Share of the hidden units that each training sample does without.',
  epochs: 'Passes over the training set.',
  changes:
    'Settings that change between two epochs, such as “401 learning_rate 0.1”: epoch 401 and all after it learn at 0.1.',
  patience: 'Stops early after this many epochs without improvement; 0 trains to the end.',
  monitor: 'The metric that early stopping watches.',
  minDelta: 'The smallest change that early stopping takes for an improvement.',
  restoreBest:
    'Return to the best epoch’s parameters when training ends, early or not; needs a patience.',
  norms: 'Record the L2 norm of the gradient and of the parameters after each epoch.',
} as const satisfies Readonly<Record<ConfigurationKey, string>>;
