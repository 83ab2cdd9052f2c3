/**
 * The notebook and the challenges that it ends with, each as a configuration: what is asked, what to
 * change, and what was measured. A test recomputes every number that a finding names.
 */
import { InvalidInputError } from './errors';
import { MNIST_PRESETS } from './mnist-presets';
import { PLANE_PRESETS } from './plane-presets';
import type { Preset } from './preset';

export type { Preset } from './preset';

const LEARNING_RATE_QUESTION =
  'How does the learning rate change how fast the network learns, and which one is best?';
const WIDTH_QUESTION = 'Does the network learn faster, or better, with more units in its layers?';

/** The notebook's challenges, in its order. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'notebook',
    challenge: 'The notebook: 0 against 1',
    question: 'Can a network of 1,185 parameters, written from scratch, tell a 0 from a 1?',
    configuration: {},
    finding:
      'Yes: 99 % test accuracy at epoch 594, and a test loss of 0.0072 after 1,000 epochs. But for 500 epochs it stands still: the test loss is 0.6929 then, close to ln 2 = 0.6931, which is what guessing costs. An error that travels back to the first layer passes two sigmoids, each of which lets through a quarter at most, and weights of about 0.01: the first gradient of W1 is 114 times smaller than that of W3. Only when the last weights have grown do the first ones learn.',
  },
  {
    name: 'challenge-1-lr-0.1',
    challenge: 'Challenge 1: learning rate 0.1',
    question: LEARNING_RATE_QUESTION,
    configuration: { learningRate: 0.1 },
    finding:
      'Too small: after 1,000 epochs the network still stands on its first plateau, with a test loss of 0.6932 and a test accuracy of 50 %.',
  },
  {
    name: 'challenge-1-lr-0.3',
    challenge: 'Challenge 1: learning rate 0.3',
    question: LEARNING_RATE_QUESTION,
    configuration: { learningRate: 0.3 },
    finding:
      '99 % test accuracy only at epoch 988. The 1,000 epochs end as the loss begins to fall: it is 0.6417 then, and 0.0072 with the notebook’s rate of 0.5.',
  },
  {
    name: 'challenge-1-lr-0.7',
    challenge: 'Challenge 1: learning rate 0.7',
    question: LEARNING_RATE_QUESTION,
    configuration: { learningRate: 0.7 },
    finding:
      'Faster than the notebook’s 0.5: 99 % test accuracy at epoch 425 instead of 594, and a final test loss of 0.0039 instead of 0.0072.',
  },
  {
    name: 'challenge-1-lr-1.0',
    challenge: 'Challenge 1: learning rate 1.0',
    question: LEARNING_RATE_QUESTION,
    configuration: { learningRate: 1 },
    finding:
      'The best of 0.1, 0.3, 0.5, 0.7 and 1.0: 99 % test accuracy at epoch 299, and the least test loss after 1,000 epochs, 0.0024. Training stays stable.',
  },
  {
    name: 'challenge-2-epochs-2000',
    challenge: 'Challenge 2: twice the epochs',
    question: 'Does training for 2,000 epochs make the result any better?',
    configuration: { epochs: 2000 },
    finding:
      'The test loss falls on, from 0.0072 to 0.0024. The test accuracy has nothing left to gain: it is 100 % from epoch 594 on.',
  },
  {
    name: 'challenge-3-hidden-20-10',
    challenge: 'Challenge 3: hidden layers of 20 and 10 units',
    question: WIDTH_QUESTION,
    configuration: { hidden: [20, 10] },
    finding:
      'A little faster: 99 % test accuracy at epoch 555 instead of 594, and a final test loss of 0.0042 instead of 0.0072, with 1,521 parameters instead of 1,185.',
  },
  {
    name: 'challenge-3-hidden-32-16',
    challenge: 'Challenge 3: hidden layers of 32 and 16 units',
    question: WIDTH_QUESTION,
    configuration: { hidden: [32, 16] },
    finding:
      'Faster: 99 % test accuracy at epoch 454 instead of 594, and a final test loss of 0.0032 instead of 0.0072, with 2,625 parameters instead of 1,185. The plateau stays.',
  },
  {
    name: 'challenge-4-relu',
    challenge: 'Challenge 4: ReLU',
    question: 'What changes when the hidden layers use ReLU instead of sigmoid?',
    configuration: { activation: 'relu', initScale: 0.1, learningRate: 0.1, epochs: 300 },
    finding:
      'An active ReLU passes the error on undiminished: 99 % test accuracy at epoch 71, where sigmoid with the same learning rate of 0.1 and initial scale of 0.1 takes 298. As the only change to the notebook, ReLU gets there at epoch 67 instead of 594.',
  },
  {
    name: 'challenge-5-init-0.1',
    challenge: 'Challenge 5: initial weights ten times larger',
    question: 'What if the initial weights are scaled by 0.1 instead of 0.01?',
    configuration: { initScale: 0.1 },
    finding:
      'The plateau is gone: 99 % test accuracy at epoch 61 instead of 594, and a final test loss of 0.0038 instead of 0.0072. The error meets larger weights on its way back, so the first gradient of W1 is 88 times larger.',
  },
  {
    name: 'challenge-6-batch-32',
    challenge: 'Challenge 6: mini-batches of 32',
    question: 'What if the parameters are updated after every 32 samples instead of after all?',
    configuration: { batchSize: 32, epochs: 200 },
    finding:
      'With 9 updates an epoch, 99 % test accuracy comes at epoch 47 instead of 594. In updates the gain is smaller: 423 instead of 594.',
  },
  {
    name: 'challenge-7-exponential',
    challenge: 'Challenge 7: a learning rate that decays',
    question:
      'Does it help to start with a large learning rate and to make it smaller every epoch?',
    configuration: { learningRate: 1, schedule: 'exponential', decayRate: 0.998 },
    finding:
      'Not here: the rate falls from 1.0 to 0.1353, 99 % test accuracy comes at epoch 451 and the final test loss is 0.0108. A constant 1.0 takes 299 epochs and ends at 0.0024; a constant 0.5 takes 594 and ends at 0.0072.',
  },
  {
    name: 'challenge-8-digits-012',
    challenge: 'Challenge 8: three digits',
    question: 'How does the network tell more than two digits apart, for instance 0, 1 and 2?',
    configuration: { classes: [0, 1, 2], initScale: 0.1 },
    finding:
      'With three outputs and a softmax: 99 % test accuracy at epoch 172, and 107 of 108 test images right at the end. The one mistake keeps the test loss at 0.0338, where the training loss is 0.0027.',
  },
  {
    name: 'next-momentum',
    challenge: 'Looking ahead: momentum',
    question: 'What does it bring to let each update go on in the next one?',
    configuration: { initScale: 0.1, learningRate: 0.1, momentum: 0.9, epochs: 300 },
    finding:
      'With a momentum of 0.9, 99 % test accuracy comes at epoch 50; without it, at the same learning rate of 0.1 and initial scale of 0.1, at epoch 298.',
  },
  {
    name: 'next-rmsprop',
    challenge: 'Looking ahead: RMSprop',
    question:
      'Can an optimizer that adapts its steps to the gradients leave the plateau by itself?',
    configuration: { optimizer: 'rmsprop', learningRate: 0.003, epochs: 200 },
    finding:
      'Yes: it divides each gradient by its usual size, so tiny gradients move the weights as well. 99 % test accuracy comes at epoch 8 instead of 594, from the same initial weights. With its small learning rate of 0.003 the test loss is still falling after 200 epochs, at 0.0509.',
  },
  {
    name: 'next-adam-ten-digits',
    challenge: 'Looking ahead: all ten digits with Adam',
    question: 'Can the same program tell all ten digits apart?',
    configuration: {
      classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      hidden: [64, 32],
      activation: 'relu',
      init: 'he_normal',
      optimizer: 'adam',
      learningRate: 0.003,
      batchSize: 64,
      epochs: 40,
    },
    finding:
      'Yes: 352 of 360 test images are right after 40 epochs. The test loss is least at epoch 27, with 0.0801, and rises to 0.0830 while the training loss falls to 0.0007: the network begins to learn its samples by heart.',
  },
];

/** Every preset that has a name: the notebook's, then those of other data. */
export const NAMED_PRESETS: readonly Preset[] = [...PRESETS, ...MNIST_PRESETS, ...PLANE_PRESETS];

/** What is wrong with a name that no preset has, as one that a link may bring; undefined of a preset’s. */
export function noSuchPreset(name: string): string | undefined {
  const isKnown = NAMED_PRESETS.some((preset) => preset.name === name);
  return isKnown ? undefined : `there is no preset ${name}`;
}

/**
 * The preset called `name`, or the only one whose name starts so.
 *
 * @throws InvalidInputError that lists the presets meant, or all where none is
 */
export function findPreset(name: string): Preset {
  const exact = NAMED_PRESETS.find((preset) => preset.name === name);
  if (exact !== undefined) return exact;
  const meant = NAMED_PRESETS.filter((preset) => preset.name.startsWith(name));
  if (meant.length === 1) return meant[0];
  const names = (meant.length === 0 ? NAMED_PRESETS : meant).map((preset) => preset.name);
  throw new InvalidInputError('preset', name, `one of ${names.join(', ')}`);
}
