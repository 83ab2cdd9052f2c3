/** The network that a configuration asks for, on the data set that it names. */
import { datasetOf } from '../data/registry';
import { classifier, denseLayers, type NetworkSpec } from '../model/network-spec';
import type { Configuration } from './configuration/fields';

export function networkOf({
  dataset,
  classes,
  hidden,
  activation,
  dropout,
}: Configuration): NetworkSpec {
  const { channels, height, width } = datasetOf(dataset).input;
  const layers = denseLayers(hidden, activation, dropout);
  return classifier([channels, height, width], layers, classes.length);
}
