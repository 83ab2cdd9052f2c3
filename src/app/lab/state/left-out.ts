/** Layers that the samples of other data have no place for: they are left out, and come back with data that they fit. */
import type { Dataset } from '../../../data/dataset';
import { datasetOf } from '../../../data/registry';
import { formatLayers, misfitOf, parseLayers } from '../../../layers/layer';
import { checkConfiguration } from '../../../training/configuration/check';
import type { Configuration, ConfigurationKey } from '../../../training/configuration/fields';
import { formatField } from '../../../training/configuration/text';
import { sampleShape } from '../../../training/network-of';
import type { Settings } from '../../state/settings';

/** What the network is, and what of it comes from another run. */
const NETWORK_KEYS = [
  'hidden',
  'activation',
  'layers',
  'from',
  'fromLayers',
  'freeze',
] as const satisfies readonly ConfigurationKey[];

type Network = Pick<Configuration, (typeof NETWORK_KEYS)[number]>;

/**
 * What of a configuration's network fits the samples of other data: all of it, with what was left out of it
 * before, or its dense layers alone, which then begin with nothing of another run.
 *
 * @param past - the configurations before it, the last one at the end
 */
export function networkFor(
  data: Dataset,
  configuration: Configuration,
  past: readonly Configuration[],
): Partial<Network> {
  const full = fullNetworkOf(configuration, past);
  if (full !== undefined && fits(data, full)) return networkOf(full);
  return fits(data, configuration) ? {} : denseOf(configuration);
}

/** The layers that the data of the settings have no place for, as text; nothing where all are there. */
export function leftOutOf({ configuration, past }: Settings): string | undefined {
  const full = fullNetworkOf(configuration.value, past.value);
  return full && othersOf(full);
}

export function leftOutWords(layers: string): string {
  return `Layers that do not fit these data are left out: ${layers}. They come back with data that they fit.`;
}

/**
 * What other data have made of the layers, in words; nothing where they are as before.
 *
 * @param before - what was left out with the data before
 */
export function sayLayers(settings: Settings, before: string | undefined): string {
  const now = leftOutOf(settings);
  if (now === before) return '';
  if (now !== undefined) return leftOutWords(now);
  const isBack = othersOf(settings.configuration.value) === before;
  return isBack ? `Layers that were left out are back: ${before}.` : '';
}

/** The configuration whose network other data took layers from, where nobody has changed the network since. */
function fullNetworkOf(
  configuration: Configuration,
  past: readonly Configuration[],
): Configuration | undefined {
  const index = past.findLastIndex((each) => !isSameNetwork(each, configuration));
  if (index < 0) return undefined;
  const full = past[index];
  const after = past[index + 1] ?? configuration;
  if (after.dataset === full.dataset || fits(datasetOf(after.dataset), full)) return undefined;
  const dense = checkConfiguration({ ...after, ...networkOf(full), ...denseOf(full) });
  return isSameNetwork(dense, after) ? full : undefined;
}

function fits(data: Dataset, { layers }: Configuration): boolean {
  return misfitOf(sampleShape(data), parseLayers(layers) ?? []) === undefined;
}

function denseOf({ layers }: Configuration): Partial<Network> {
  const dense = (parseLayers(layers) ?? []).filter(({ kind }) => kind === 'dense');
  return { layers: formatLayers(dense), hidden: [], from: '', fromLayers: 0, freeze: 0 };
}

/** The layers that are not dense, as text. */
function othersOf({ layers }: Configuration): string {
  return formatLayers((parseLayers(layers) ?? []).filter(({ kind }) => kind !== 'dense'));
}

function networkOf(configuration: Configuration): Network {
  const { hidden, activation, layers, from, fromLayers, freeze } = configuration;
  return { hidden, activation, layers, from, fromLayers, freeze };
}

function isSameNetwork(a: Configuration, b: Configuration): boolean {
  return NETWORK_KEYS.every((key) => formatField(a[key]) === formatField(b[key]));
}
