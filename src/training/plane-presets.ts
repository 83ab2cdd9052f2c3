/** One preset for each set of points in the plane: what a hidden layer is for, to be seen in its boundary. */
import type { Configuration } from './configuration/fields';
import type { Preset } from './preset';

/** What the networks of TensorFlow Playground have in common: tanh, small steps, batches of ten. */
const PLAYGROUND: Partial<Configuration> = {
  activation: 'tanh',
  init: 'glorot_uniform',
  learningRate: 0.03,
  batchSize: 10,
};

export const PLANE_PRESETS: readonly Preset[] = [
  {
    name: 'plane-circle',
    challenge: 'In the plane: a circle',
    question: 'What does a hidden layer do that a straight line cannot?',
    configuration: { ...PLAYGROUND, dataset: 'circle', hidden: [4], epochs: 300 },
    finding:
      'Each hidden unit cuts the plane along a line of its own, and the output closes the four lines to a ring: 97 of 100 test points are right. Without a hidden layer there is one line, and 53 are right, which is guessing.',
  },
  {
    name: 'plane-xor',
    challenge: 'In the plane: exclusive or',
    question: 'Can a network learn that two things must differ?',
    configuration: { ...PLAYGROUND, dataset: 'xor', hidden: [4], epochs: 200 },
    finding:
      'Four units cut the plane along both axes: 95 of 100 test points are right. With two units there are two cuts, and 83 are right.',
  },
  {
    name: 'plane-gauss',
    challenge: 'In the plane: two clouds',
    question: 'When is no hidden layer needed at all?',
    configuration: { ...PLAYGROUND, dataset: 'gauss', hidden: [], epochs: 30 },
    finding: 'Here: one line tells the clouds apart, and 100 of 100 test points are right.',
  },
  {
    name: 'plane-spiral',
    challenge: 'In the plane: a spiral',
    question: 'How many units does it take to follow two arms that are wound into each other?',
    configuration: {
      ...PLAYGROUND,
      dataset: 'spiral',
      hidden: [16, 8],
      optimizer: 'adam',
      learningRate: 0.01,
      batchSize: 32,
      epochs: 300,
    },
    finding:
      'Sixteen and eight do: 95 % of the test points are right at epoch 93, and 99 of 100 after the last one. The first layer can only cut along lines; the second one bends them together.',
  },
];
