/** Learning-rate schedules: a pure function of the epoch, computed in float64 for every backend. */
import type { Hyperparameters } from './hyperparameters';

/**
 * The learning rate of epoch `epoch`, counted from 0. Warm-up multiplies the schedule's value by
 * (epoch + 1) / warmupEpochs until it is over.
 */
export function learningRateAt(hyperparameters: Hyperparameters, epoch: number): number {
  const { warmupEpochs } = hyperparameters;
  const scheduled = scheduledRate(hyperparameters, epoch);
  return epoch < warmupEpochs ? (scheduled * (epoch + 1)) / warmupEpochs : scheduled;
}

function scheduledRate(hyperparameters: Hyperparameters, epoch: number): number {
  const { learningRate, schedule, decayRate, decaySteps, minLearningRate, epochs } =
    hyperparameters;
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'step':
      return learningRate * decayRate ** Math.floor(epoch / decaySteps);
    case 'exponential':
      return learningRate * decayRate ** epoch;
    case 'inverse_time':
      return learningRate / (1 + decayRate * epoch);
    case 'cosine':
      return (
        minLearningRate +
        ((learningRate - minLearningRate) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2
      );
    default:
      return schedule satisfies never;
  }
}
