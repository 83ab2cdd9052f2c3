/** Presets on MNIST at full size: work that shows what a good backend is for, and what convolutions are. */
import type { Configuration } from './configuration/fields';
import type { Preset } from './preset';

/** What all have in common. An epoch of all digits is 469 updates. */
const MNIST: Partial<Configuration> = {
  dataset: 'mnist',
  classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  scaling: 'unit',
  init: 'he_normal',
  optimizer: 'adam',
  learningRate: 0.001,
  batchSize: 128,
  epochs: 5,
};

/** Two convolutions that the image is halved behind, each, and a dense layer. */
const CONVOLUTIONS =
  'conv 16 3x3 same relu; max_pool 2; conv 32 3x3 same relu; max_pool 2; dense 64 relu';

export const MNIST_PRESETS: readonly Preset[] = [
  {
    name: 'mnist-mlp',
    challenge: 'MNIST: 60,000 images',
    question: 'How far does one hidden layer get with all of MNIST?',
    configuration: { ...MNIST, activation: 'relu', hidden: [128] },
    finding:
      'To more than 97.5 % of the 10,000 test images in five epochs, with 101,770 parameters.',
  },
  {
    name: 'mnist-wide',
    challenge: 'MNIST: a wide network, for a GPU',
    question: 'What does a network gain that has five times as many parameters?',
    configuration: { ...MNIST, activation: 'relu', hidden: [512, 256] },
    finding:
      'Speed to lose, on a processor: 535,818 parameters are five times the arithmetic. Of the 10,000 test images it gets more than 97.5 % right in five epochs, hardly more than the small one, and of the training images more than 99 %: it begins to learn them by heart.',
  },
  {
    name: 'mnist-conv',
    challenge: 'MNIST: convolutions',
    question: 'What do filters find that look at every place of the image alike?',
    configuration: {
      ...MNIST,
      layers: CONVOLUTIONS,
      learningRate: 0.002,
      schedule: 'cosine',
      epochs: 10,
    },
    finding:
      'More than 99.0 % of the 10,000 test images in ten epochs, with 105,866 parameters, of which the convolutions have 4,800.',
  },
  {
    name: 'transfer-source',
    challenge: 'Transfer, first part: the digits 0 to 4',
    question: 'What does a network learn of five digits that is good for others, too?',
    configuration: { ...MNIST, classes: [0, 1, 2, 3, 4], layers: CONVOLUTIONS, epochs: 3 },
    finding:
      'Filters: strokes are strokes in all digits. The second part begins with them. It has 105,541 parameters.',
  },
  {
    name: 'transfer',
    challenge: 'Transfer, second part: 5 to 9 from 100 images',
    question: 'How far do 100 images get, where the filters need not be learned any more?',
    configuration: {
      ...MNIST,
      classes: [5, 6, 7, 8, 9],
      layers: CONVOLUTIONS,
      from: 'preset:transfer-source',
      fromLayers: 4,
      freeze: 4,
      trainSamples: 100,
      batchSize: 20,
      epochs: 30,
    },
    finding:
      'Further than in a network that learns all of its layers anew; the README has both accuracies. Of 105,541 parameters the 100,741 of the two dense layers are trained.',
  },
];
