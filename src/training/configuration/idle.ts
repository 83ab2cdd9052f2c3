/** Which settings make no difference in a configuration. */
import { hasImages, isPlane, noiseMoves } from '../../data/dataset';
import { datasetOf } from '../../data/registry';
import { hiddenLayers } from '../network-of';
import type { Configuration, ConfigurationKey } from './fields';

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
    case 'noise':
      return noiseMoves(datasetOf(dataset)) === undefined
        ? 'Only with images, and with points that are drawn.'
        : undefined;
    case 'shift':
      return hasImages(datasetOf(dataset)) ? undefined : 'Only with images.';
    case 'points':
      return isPlane(datasetOf(dataset)) ? undefined : 'Only with data of two features.';
    case 'hidden':
      return layers === '' ? undefined : ONE_BY_ONE;
    case 'activation':
      if (layers !== '') return ONE_BY_ONE;
      return isDeep ? undefined : 'Only with a hidden layer.';
    case 'dropout':
    case 'freeze':
      return isDeep ? undefined : 'Only with a hidden layer.';
    case 'fromLayers':
      return configuration.from === '' ? 'Only with a run to start from.' : undefined;
    case 'initScale':
      return init === 'normal' ? undefined : 'Only with the initializer Normal.';
    case 'momentum':
      return optimizer === 'sgd' ? undefined : 'Only with the optimizer SGD.';
    case 'nesterov':
      return optimizer === 'sgd' && momentum > 0 ? undefined : 'Only with a momentum above 0.';
    case 'decayRate':
      return schedule === 'step' || schedule === 'exponential' || schedule === 'inverse_time'
        ? undefined
        : 'Only with the learning-rate schedules Step, Exponential and Inverse time.';
    case 'decaySteps':
      return schedule === 'step' ? undefined : 'Only with the learning-rate schedule Step.';
    case 'minLearningRate':
      return schedule === 'cosine' ? undefined : 'Only with the learning-rate schedule Cosine.';
    case 'monitor':
    case 'minDelta':
    case 'restoreBest':
      return patience > 0 ? undefined : 'Only with a patience above 0.';
    default:
      return undefined;
  }
}
