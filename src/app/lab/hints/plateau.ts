/** The plateau: a loss that stays where guessing puts it, as in the notebook's first 500 epochs. */

import type { Configuration } from '../../../training/configuration/fields';
import { hiddenLayers } from '../../../training/network-of';
import { integer, printedNumber } from '../../state/format';
import { guessingLoss, type Hint, type Observed, type Remedy } from './hint';

/** The loss is taken to stand still this near to ln K. */
const DISTANCE = 1e-3;
/** So many epochs in a row make a plateau. */
const LEAST_EPOCHS = 50;
/** Initial weights smaller than this hardly let a gradient through. */
const LARGE_SCALE = 0.1;
/** Adam's steps are about as long as its learning rate, whatever the gradient. */
const ADAM_RATE = 0.003;

/** The longest stretch of epochs with a loss near ln K, if it is long enough. */
export function findPlateau({ configuration, history }: Observed): Hint | undefined {
  const guessing = guessingLoss(configuration);
  const { loss: losses } = history.columns;
  const stretch = longestStretch(losses, guessing);
  if (stretch === undefined) return undefined;
  const { first, last } = stretch;
  const loss = printedNumber(losses[last - 1]);
  const isOver = last < losses.length;
  const classes = configuration.classes.length;
  return {
    kind: 'plateau',
    title: isOver ? 'The loss stood still at first' : 'The loss stands still',
    evidence:
      `From epoch ${integer(first)} to ${integer(last)} the training loss stayed within ${DISTANCE} of ` +
      `ln ${classes} = ${printedNumber(guessing)}, which is what guessing costs; it was ${loss} in the end.`,
    why: whyOf(configuration),
    remedy: remedyOf(configuration),
  };
}

/** Epochs from 1, both of them on the plateau. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** The longest stretch near `guessing`, the first of equal ones; nothing where none is long enough. */
function longestStretch(losses: readonly number[], guessing: number): Stretch | undefined {
  let longest = { first: 1, last: 0 };
  let from = 0;
  for (const [epoch, loss] of losses.entries()) {
    if (!(Math.abs(loss - guessing) < DISTANCE)) from = epoch + 1;
    const length = epoch + 1 - from;
    if (length > longest.last - longest.first + 1) longest = { first: from + 1, last: epoch + 1 };
  }
  return longest.last - longest.first + 1 >= LEAST_EPOCHS ? longest : undefined;
}

function isSmallInit({ init, initScale }: Configuration): boolean {
  return init === 'normal' && initScale < LARGE_SCALE;
}

function whyOf(configuration: Configuration): string {
  const { initScale, learningRate } = configuration;
  const hasSigmoid = hiddenLayers(configuration).some(({ activation }) => activation === 'sigmoid');
  const sigmoid = hasSigmoid ? ', and each sigmoid lets through a quarter of it at most' : '';
  if (isSmallInit(configuration)) {
    return `On its way back the error is multiplied by weights of about ${initScale}${sigmoid}. The first layers get almost no gradient until the last ones have grown.`;
  }
  if (isTooFast(configuration)) {
    return `Every step is about ${learningRate} long, so the weights soon were so large that the units no longer answer to their inputs.`;
  }
  return `The gradients are too small for a learning rate of ${learningRate} to move the weights away from where every answer is about equally probable${sigmoid === '' ? '' : '; each sigmoid on the way back lets through a quarter of the error at most'}.`;
}

function remedyOf(configuration: Configuration): Remedy {
  const { optimizer, learningRate } = configuration;
  if (isSmallInit(configuration)) {
    return {
      label: `initial weights of ${LARGE_SCALE}`,
      changes: { initScale: LARGE_SCALE },
    };
  }
  if (optimizer === 'sgd') {
    return {
      label: 'the optimizer Adam',
      changes: {
        optimizer: 'adam',
        momentum: 0,
        nesterov: false,
        learningRate: ADAM_RATE,
        minLearningRate: 0,
      },
    };
  }
  const rate = isTooFast(configuration) ? ADAM_RATE : Number((3 * learningRate).toPrecision(12));
  return {
    label: `a learning rate of ${rate}`,
    changes: { learningRate: rate, minLearningRate: 0 },
  };
}

/** Adaptive optimizers step by about the learning rate, and weights are of about 1 at most. */
function isTooFast({ optimizer, learningRate }: Configuration): boolean {
  return optimizer !== 'sgd' && learningRate > 0.1;
}
