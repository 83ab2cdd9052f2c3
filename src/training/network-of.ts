/** The network that a configuration asks for, on the data set that it names. */
import { featuresOf } from '../data/dataset';
import { datasetOf } from '../data/registry';
import { type NetworkSpec, networkFor } from '../model/network-spec';
import type { Configuration } from './configuration/fields';

export function networkOf({ dataset, hidden, classes, activation }: Configuration): NetworkSpec {
  return networkFor(featuresOf(datasetOf(dataset)), hidden, classes.length, activation);
}
