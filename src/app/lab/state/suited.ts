/**
 * Settings that learn a data set within seconds. Whoever chooses one, and has changed nothing else, gets
 * them along: with the notebook's, which stand still for hundreds of epochs of whole batches to show why,
 * a spiral never bends and MNIST takes hours.
 */
import { hasImages } from '../../../data/dataset';
import { type DatasetName, datasetOf } from '../../../data/registry';
import {
  CONFIGURATION_KEYS,
  type Configuration,
  type ConfigurationKey,
  DEFAULTS,
  FIELDS,
} from '../../../training/configuration/fields';
import { formatField } from '../../../training/configuration/text';
import { findPreset, NAMED_PRESETS } from '../../../training/presets';

/** Of a table of a few hundred rows. */
const OF_TABLE: Partial<Configuration> = {
  hidden: [16],
  activation: 'relu',
  init: 'he_normal',
  optimizer: 'adam',
  learningRate: 0.01,
  batchSize: 32,
  epochs: 60,
};

/** What is trained, and how; not on which samples. */
const KEYS = CONFIGURATION_KEYS.filter(
  (key) => key === 'scaling' || (FIELDS[key].group !== 'data' && key !== 'changes'),
);

/**
 * What changes with the data set, so that the network learns it: nothing where somebody has changed the
 * settings that suit the one before.
 *
 * @param before - the settings, with the data set before
 */
export function suitedTo(dataset: DatasetName, before: Configuration): Partial<Configuration> {
  const old = suitedSettings(before.dataset);
  const isOwn = KEYS.some((key) => formatField(before[key]) !== formatField(old[key]));
  return isOwn ? {} : suitedSettings(dataset);
}

/** All of `KEYS`. */
function suitedSettings(dataset: DatasetName): Pick<Configuration, ConfigurationKey> {
  const suited = { ...DEFAULTS, ...presetFor(dataset) };
  return Object.fromEntries(KEYS.map((key) => [key, suited[key]])) as unknown as Configuration;
}

function presetFor(dataset: DatasetName): Partial<Configuration> {
  if (dataset === DEFAULTS.dataset) return {};
  const own = NAMED_PRESETS.find(({ configuration }) => configuration.dataset === dataset);
  if (own !== undefined) return own.configuration;
  return hasImages(datasetOf(dataset)) ? findPreset('mnist-mlp').configuration : OF_TABLE;
}
