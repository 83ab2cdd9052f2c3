/** Which settings matter in a configuration, and which others must change together with one. */
import { DATASET_NAMES, datasetOf } from '../../../data/registry';
import type { Configuration, ConfigurationKey } from '../../../training/configuration/fields';
import { hiddenLayers } from '../../../training/network-of';

const ONE_BY_ONE = 'Each layer has its own below.';

/** Why a setting makes no difference, if it makes none. */
export function whyIdle(key: ConfigurationKey, configuration: Configuration): string | undefined {
  const { dataset, init, optimizer, momentum, schedule, patience, layers } = configuration;
  const isDeep = hiddenLayers(configuration).length > 0;
  switch (key) {
    case 'testSize':
    case 'splitSeed':
      return datasetOf(dataset).split.kind === 'stratified'
        ? undefined
        : 'Not with a data set that comes with a test set.';
    case 'hidden':
      return layers === '' ? undefined : ONE_BY_ONE;
    case 'activation':
      if (layers !== '') return ONE_BY_ONE;
      return isDeep ? undefined : 'Only with a hidden layer.';
    case 'dropout':
      return isDeep ? undefined : 'Only with a hidden layer.';
    case 'initScale':
      return init === 'normal' ? undefined : 'Only with the initializer normal.';
    case 'momentum':
      return optimizer === 'sgd' ? undefined : 'Only with the optimizer sgd.';
    case 'nesterov':
      return optimizer === 'sgd' && momentum > 0 ? undefined : 'Only with a momentum above 0.';
    case 'decayRate':
      return schedule === 'step' || schedule === 'exponential' || schedule === 'inverse_time'
        ? undefined
        : 'Only with the learning-rate schedules step, exponential and inverse_time.';
    case 'decaySteps':
      return schedule === 'step' ? undefined : 'Only with the learning-rate schedule step.';
    case 'minLearningRate':
      return schedule === 'cosine' ? undefined : 'Only with the learning-rate schedule cosine.';
    case 'monitor':
    case 'minDelta':
    case 'restoreBest':
      return patience > 0 ? undefined : 'Only with a patience above 0.';
    default:
      return undefined;
  }
}

/** Decay rates that show what a schedule does, where none is set. */
const FIRST_DECAY = { step: 0.5, exponential: 0.995, inverse_time: 0.01 } as const;

/** What must change with a setting for the whole to stay valid. */
export function companionsOf(
  key: ConfigurationKey,
  text: string,
  configuration: Configuration,
): Partial<Configuration> {
  const { classes, decayRate, epochs } = configuration;
  const dataset = DATASET_NAMES.find((name) => key === 'dataset' && name === text);
  if (dataset !== undefined) {
    const { classNames } = datasetOf(dataset);
    return Math.max(...classes) < classNames.length ? {} : { classes: [0, 1] };
  }
  if (key === 'optimizer' && text !== 'sgd') return { momentum: 0, nesterov: false };
  if (key === 'momentum' && Number(text) === 0) return { nesterov: false };
  if (key !== 'schedule' || !isDecaying(text)) return {};
  const needsRate = decayRate === 0 || (text !== 'inverse_time' && decayRate > 1);
  return {
    ...(needsRate && { decayRate: FIRST_DECAY[text] }),
    ...(text === 'step' &&
      configuration.decaySteps === 1 && { decaySteps: Math.max(1, Math.floor(epochs / 5)) }),
  };
}

function isDecaying(schedule: string): schedule is keyof typeof FIRST_DECAY {
  return Object.hasOwn(FIRST_DECAY, schedule);
}
