/** Overfitting: the training loss goes on falling while the test loss has begun to rise. */

import type { Configuration } from '../../../training/configuration/fields';
import { hiddenLayers } from '../../../training/network-of';
import { integer, printedNumber } from '../../state/format';
import type { Hint, Observed, Remedy } from './hint';

/** Epochs since the best one before anything is said, so that noise is not taken for a trend. */
const LEAST_EPOCHS = 10;
/** Means of so many epochs are compared. */
const WINDOW = 5;
/** The test loss has to rise, and the training loss to fall, by these shares. */
const RISE = 0.02;
const FALL = 0.1;

export function findOverfitting({ configuration, history }: Observed): Hint | undefined {
  const { loss, valLoss } = history.columns;
  const testLoss = (end: number) => meanBefore(valLoss, end);
  const trainLoss = (end: number) => meanBefore(loss, end);
  const now = loss.length;
  /** After which epoch the mean of the test loss was least. */
  let best = WINDOW;
  for (let end = WINDOW + 1; end <= now; end++) {
    if (testLoss(end) < testLoss(best)) best = end;
  }
  if (now - best < LEAST_EPOCHS) return undefined;
  if (!(testLoss(now) > (1 + RISE) * testLoss(best))) return undefined;
  if (!(trainLoss(now) < (1 - FALL) * trainLoss(best))) return undefined;
  const remedy = remedyOf(configuration);
  const change = (value: (end: number) => number) =>
    `from ${printedNumber(value(best))} to ${printedNumber(value(now))}`;
  return {
    kind: 'overfitting',
    title: 'The network begins to learn its samples by heart',
    evidence:
      `Since epoch ${integer(best)} the training loss has fallen ${change(trainLoss)} while the test loss ` +
      `has risen ${change(testLoss)} (means of ${WINDOW} epochs).`,
    why: 'What still lowers the training loss are details of single samples. The test samples do not have them, and the network has become too sure of itself on those that it gets wrong.',
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** The mean of the last epochs before the index `end`. */
function meanBefore(losses: readonly number[], end: number): number {
  let sum = 0;
  for (let epoch = end - WINDOW; epoch < end; epoch++) sum += losses[epoch];
  return sum / WINDOW;
}

/** The largest weight decay that a configuration may have. */
const MOST_DECAY = 10;

function remedyOf(configuration: Configuration): Remedy | undefined {
  const { patience, dropout, hidden, layers, weightDecay } = configuration;
  if (patience === 0) {
    return {
      label: 'stopping at the best epoch',
      changes: { patience: LEAST_EPOCHS, monitor: 'val_loss', restoreBest: true },
    };
  }
  if (dropout === 0 && hiddenLayers(configuration).length > 0) {
    return { label: 'a dropout of 0.2', changes: { dropout: 0.2 } };
  }
  if (weightDecay === MOST_DECAY) return layers === '' ? fewerUnits(hidden) : undefined;
  const stronger = Math.min(
    MOST_DECAY,
    weightDecay === 0 ? 0.001 : Number((3 * weightDecay).toPrecision(12)),
  );
  return { label: `a weight decay of ${stronger}`, changes: { weightDecay: stronger } };
}

/** Half the units of each hidden layer; nothing where none can be spared. */
function fewerUnits(hidden: readonly number[]): Remedy | undefined {
  const fewer = hidden.map((units) => Math.ceil(units / 2));
  if (fewer.every((units, layer) => units === hidden[layer])) return undefined;
  return { label: `hidden layers of ${fewer.join(', ')}`, changes: { hidden: fewer } };
}
