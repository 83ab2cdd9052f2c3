/** Early stopping: where it came too early, on a plateau, and where it is not asked for though nothing gets better. */
import { count, integer, printedNumber } from '../../state/format';
import { guessingLoss, type Hint, type Observed } from './hint';

/** The loss is taken to be that of guessing this near to ln K. */
const DISTANCE = 0.01;
/** A run is looked at from so many epochs on. */
const LEAST_EPOCHS = 100;
/** The last part of a run, in which the test loss would have to fall. */
const WINDOW_SHARE = 0.25;
/** The share of itself by which it would have to. */
const LEAST_FALL = 0.001;

/**
 * A run that early stopping ended before it had learned anything: on a plateau there is no improvement.
 *
 * @param isOver - whether training has come to its end
 */
export function findStoppedOnPlateau(
  { configuration, history }: Observed,
  isOver: boolean,
): Hint | undefined {
  const { patience, epochs } = configuration;
  const { length } = history;
  if (!isOver || patience === 0 || length === 0 || length >= epochs) return undefined;
  const loss = history.columns.loss[length - 1];
  const guessing = guessingLoss(configuration);
  if (!(Math.abs(loss - guessing) < DISTANCE)) return undefined;
  return {
    kind: 'stopped-on-plateau',
    title: 'Training was stopped before it had begun to learn',
    evidence: `After ${count(length, 'epoch')} the training loss is ${printedNumber(loss)}, and guessing costs ${printedNumber(guessing)}.`,
    why: `On a plateau nothing improves, so the patience of ${count(patience, 'epoch')} came to its end there. Many runs leave it later: the notebook’s after 500 epochs.`,
    remedy: { label: 'without early stopping', changes: { patience: 0 } },
  };
}

/** A test loss that has stopped falling, below that of guessing, in a run that goes on all the same. */
export function findSettled({ configuration, history }: Observed): Hint | undefined {
  const { valLoss } = history.columns;
  const { length } = valLoss;
  if (configuration.patience > 0 || length < LEAST_EPOCHS) return undefined;
  const window = Math.round(WINDOW_SHARE * length);
  const least = (from: number, to: number) =>
    valLoss.slice(from, to).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const before = least(0, length - window);
  const now = least(length - window, length);
  if (now < (1 - LEAST_FALL) * before) return undefined;
  if (!(before < guessingLoss(configuration) - DISTANCE)) return undefined;
  return {
    kind: 'settled',
    title: 'The test loss no longer falls',
    evidence: `Its least value was ${printedNumber(before)} up to epoch ${integer(length - window)}; in the ${integer(window)} epochs since, it was ${printedNumber(now)} at best.`,
    why: 'What is left to learn from the training samples does not carry over to the test samples. Early stopping would have ended the run, with the parameters of its best epoch.',
    remedy: {
      label: 'stopping early',
      changes: { patience: window, monitor: 'val_loss', restoreBest: true },
    },
  };
}
