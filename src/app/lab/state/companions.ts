/** Which other settings must change together with one. */
import { mostShift } from '../../../data/augmentation';
import { type Dataset, hasImages, noiseMoves } from '../../../data/dataset';
import { DATASET_NAMES, type DatasetName, datasetOf } from '../../../data/registry';
import {
  type Configuration,
  type ConfigurationKey,
  DEFAULTS,
} from '../../../training/configuration/fields';
import { networkFor } from './left-out';
import { suitedTo } from './suited';

/** Decay rates that show what a schedule does, where none is set. */
const FIRST_DECAY = { step: 0.5, exponential: 0.995, inverse_time: 0.01 } as const;

/**
 * What must change with a setting for the whole to stay valid.
 *
 * @param past - the configurations before the present one, the last one at the end
 */
export function companionsOf(
  key: ConfigurationKey,
  text: string,
  configuration: Configuration,
  past: readonly Configuration[] = [],
): Partial<Configuration> {
  const { decayRate, epochs } = configuration;
  const dataset = DATASET_NAMES.find((name) => key === 'dataset' && name === text);
  if (dataset !== undefined) return companionsOfDataset(dataset, configuration, past);
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

/** What of a configuration's noise and shift means the same with another data set. */
export function augmentationFor(
  data: Dataset,
  { dataset, noise, shift }: Configuration,
): Pick<Configuration, 'noise' | 'shift'> {
  return {
    noise: noiseMoves(data) === noiseMoves(datasetOf(dataset)) ? noise : 0,
    shift: hasImages(data) ? Math.min(shift, mostShift(data.input)) : 0,
  };
}

function companionsOfDataset(
  dataset: DatasetName,
  configuration: Configuration,
  past: readonly Configuration[],
): Partial<Configuration> {
  const data = datasetOf(dataset);
  const { length } = data.classNames;
  const suited = suitedTo(dataset, configuration);
  // Points were put among those of another.
  const others = {
    ...augmentationFor(data, configuration),
    ...(suited.hidden === undefined && networkFor(data, configuration, past)),
    points: '',
  };
  const all = Array.from({ length }, (_, index) => index);
  if (suited.hidden !== undefined) {
    const classes = dataset === DEFAULTS.dataset ? DEFAULTS.classes : all;
    return { ...suited, ...others, classes };
  }
  // Of a table, all; of images two, which are quick to learn.
  if (!hasImages(data)) return { ...others, classes: all };
  const fit = Math.max(...configuration.classes) < length;
  return fit ? others : { ...others, classes: DEFAULTS.classes };
}

function isDecaying(schedule: string): schedule is keyof typeof FIRST_DECAY {
  return Object.hasOwn(FIRST_DECAY, schedule);
}
