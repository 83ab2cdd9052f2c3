/** What people call the choices of a setting; files, links and the command line have the code names. */
import { isFileDataset, parseFileDataset } from '../../data/file-dataset';
import { DATASET_NAMES, datasetOf } from '../../data/registry';
import type { Scaling } from '../../data/scaler';
import type { Activation } from '../../layers/activation';
import type { Initializer } from '../../model/initializers';
import type { ConfigurationKey, Monitor } from '../../training/configuration/fields';
import type { Hyperparameters, LearningRateSchedule } from '../../training/hyperparameters';
import { METRICS } from '../../training/metrics';

const NAMES = {
  activation: {
    sigmoid: 'Sigmoid',
    tanh: 'Tanh',
    relu: 'ReLU',
    leaky_relu: 'Leaky ReLU',
  } satisfies Record<Activation, string>,
  init: {
    normal: 'Normal',
    he_normal: 'He normal',
    he_uniform: 'He uniform',
    glorot_normal: 'Glorot normal',
    glorot_uniform: 'Glorot uniform',
  } satisfies Record<Initializer, string>,
  optimizer: {
    sgd: 'SGD',
    rmsprop: 'RMSprop',
    adam: 'Adam',
    adamw: 'AdamW',
  } satisfies Record<Hyperparameters['optimizer'], string>,
  schedule: {
    constant: 'Constant',
    step: 'Step',
    exponential: 'Exponential',
    inverse_time: 'Inverse time',
    cosine: 'Cosine',
  } satisfies Record<LearningRateSchedule, string>,
  scaling: {
    standard: 'Standard',
    unit: 'Unit',
    global: 'Global',
  } satisfies Record<Scaling, string>,
  monitor: Object.fromEntries(METRICS.map(({ name, title }) => [name, title])) as Record<
    Monitor,
    string
  >,
} as const satisfies Partial<Record<ConfigurationKey, Readonly<Record<string, string>>>>;

/** What people call a choice; its code name where there is no better one. */
export function choiceName(key: ConfigurationKey, choice: string): string {
  if (key === 'dataset') return datasetTitle(choice);
  const names: Readonly<Record<string, string>> = Object.hasOwn(NAMES, key)
    ? NAMES[key as keyof typeof NAMES]
    : {};
  return Object.hasOwn(names, choice) ? names[choice] : choice;
}

/** A file by what is in it, where that is known; else by its own name. */
function datasetTitle(name: string): string {
  const isFile = isFileDataset(name) && parseFileDataset(name) !== undefined;
  const known = isFile ? name : DATASET_NAMES.find((each) => each === name);
  return known === undefined ? name : datasetOf(known).title;
}
