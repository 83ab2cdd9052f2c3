/** Divergence: numbers that are no longer finite, or a network that has become worse than guessing. */
import { integer, printedNumber } from '../../state/format';
import { guessingLoss, type Hint, type Observed } from './hint';

/** So many epochs in a row have to be bad. */
const EPOCHS = 10;
/** Bad is a loss so many times that of guessing, and that of the best epoch. */
const FACTOR = 1.5;
/** The learning rate of the remedy. */
const SLOWER = 10;

/** @param hasDiverged - whether training ended because a number was no longer finite */
export function findDivergence(
  { configuration, history }: Observed,
  hasDiverged: boolean,
): Hint | undefined {
  const evidence = hasDiverged
    ? `In epoch ${integer(history.length + 1)} a loss, a gradient or a parameter was no longer a finite number.`
    : worseThanGuessing({ configuration, history });
  if (evidence === undefined) return undefined;
  const { learningRate, minLearningRate } = configuration;
  const slower = Number((learningRate / SLOWER).toPrecision(12));
  return {
    kind: 'divergence',
    title: 'Training diverges',
    evidence,
    why: `Each update goes ${learningRate} times the gradient. Where that is further than the valley is wide, it lands higher up on the other side, where the gradient is larger still.`,
    remedy: {
      label: `a learning rate of ${slower}`,
      changes: { learningRate: slower, minLearningRate: Math.min(minLearningRate, slower) },
    },
  };
}

function worseThanGuessing({ configuration, history }: Observed): string | undefined {
  const { loss } = history.columns;
  if (loss.length <= EPOCHS) return undefined;
  const best = loss.reduce((least, value, epoch) => (value < loss[least] ? epoch : least), 0);
  const guessing = guessingLoss(configuration);
  const limit = FACTOR * Math.max(guessing, loss[best]);
  if (!loss.slice(-EPOCHS).every((value) => value > limit)) return undefined;
  return (
    `For ${EPOCHS} epochs the training loss has been above ${printedNumber(limit)}; guessing costs ` +
    `${printedNumber(guessing)}, and epoch ${integer(best + 1)} had ${printedNumber(loss[best])}.`
  );
}
