/** The network that a configuration asks for, on the data set that it names. */
import { type Dataset, featuresOf, hasImages } from '../data/dataset';
import { datasetOf } from '../data/registry';
import type { Shape } from '../layers/kind';
import { type Layer, parseLayers } from '../layers/layer';
import { classifier, denseLayers, type NetworkSpec } from '../model/network-spec';
import type { Configuration } from './configuration/fields';

export function networkOf(configuration: Configuration): NetworkSpec {
  const { dataset, classes } = configuration;
  const { channels, height, width } = datasetOf(dataset).input;
  return classifier([channels, height, width], hiddenLayers(configuration), classes.length);
}

/** Of a sample, as layers see it: an image, or a row of features. */
export function sampleShape(dataset: Dataset): Shape {
  const { channels, height, width } = dataset.input;
  return hasImages(dataset) ? [channels, height, width] : [featuresOf(dataset)];
}

/** The hidden layers that a configuration asks for, in either form, with its dropout. */
export function hiddenLayers({
  hidden,
  activation,
  layers,
  dropout,
}: Pick<Configuration, 'hidden' | 'activation' | 'layers' | 'dropout'>): readonly Layer[] {
  if (layers === '') return denseLayers(hidden, activation, dropout);
  const parsed = parseLayers(layers, dropout);
  if (parsed === undefined) throw new RangeError(`unchecked layers: ${layers}`);
  return parsed;
}
