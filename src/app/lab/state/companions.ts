/** Which other settings must change together with one. */
import { mostShift } from '../../../data/augmentation';
import { type Dataset, hasImages, noiseMoves } from '../../../data/dataset';
import { DATASET_NAMES, datasetOf } from '../../../data/registry';
import type { Configuration, ConfigurationKey } from '../../../training/configuration/fields';

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
    const data = datasetOf(dataset);
    const { classNames } = data;
    // They were put among the points of another.
    const points = '';
    // Of a table, all; of images two, which are quick to learn.
    const isTable = !hasImages(data);
    const fit = Math.max(...classes) < classNames.length;
    return {
      points,
      ...(isTable ? { classes: [...classNames.keys()] } : fit ? {} : { classes: [0, 1] }),
      ...augmentationFor(data, configuration),
    };
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

function isDecaying(schedule: string): schedule is keyof typeof FIRST_DECAY {
  return Object.hasOwn(FIRST_DECAY, schedule);
}
