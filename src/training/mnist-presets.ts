/** Presets on MNIST at full size: work that shows what a good backend is for. */
import type { Configuration } from './configuration/fields';
import type { Preset } from './preset';

/** What both have in common. An epoch is 469 updates. */
const MNIST: Partial<Configuration> = {
  dataset: 'mnist',
  classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  scaling: 'unit',
  activation: 'relu',
  init: 'he_normal',
  optimizer: 'adam',
  learningRate: 0.001,
  batchSize: 128,
  epochs: 5,
};

export const MNIST_PRESETS: readonly Preset[] = [
  {
    name: 'mnist-mlp',
    challenge: 'MNIST: 60,000 images',
    question: 'How far does one hidden layer get with all of MNIST?',
    configuration: { ...MNIST, hidden: [128] },
    finding:
      'To more than 97.5 % of the 10,000 test images in five epochs, with 101,770 parameters.',
  },
  {
    name: 'mnist-wide',
    challenge: 'MNIST: a wide network, for a GPU',
    question: 'What does a network gain that has five times as many parameters?',
    configuration: { ...MNIST, hidden: [512, 256] },
    finding:
      'Speed to lose, on a processor: 535,818 parameters are five times the arithmetic. Of the 10,000 test images it gets more than 97.5 % right in five epochs, hardly more than the small one, and of the training images more than 99 %: it begins to learn them by heart.',
  },
];
