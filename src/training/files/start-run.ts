/** The run that another one begins with, as it is known from its file, and how its layers are taken over. */
import type { Shape } from '../../layers/kind';
import { formatLayers, type PlacedLayer, parseLayers } from '../../layers/layer';
import { layersOf, type NetworkSpec } from '../../model/network-spec';
import type { Configuration } from '../configuration/fields';
import { InvalidInputError } from '../errors';
import { networkOf } from '../network-of';

/** Plain data, which can be sent and kept. */
export interface StartRun {
  /** Its hidden layers as text; not known of files that somebody else wrote. */
  readonly layers?: string;
  /** What it was trained on, where that is known. */
  readonly data?: { readonly dataset: string; readonly scaling: string };
  /** W1, b1, … */
  readonly slices: Readonly<
    Record<string, { readonly shape: Shape; readonly values: Float64Array }>
  >;
}

/** What a run gives to others that begin with it. */
export interface Start {
  /** As `copyLayers` does it. */
  copyInto(spec: NetworkSpec, layers: number, parameters: Float64Array): void;
  /** As `differencesFrom` has them. */
  differences(configuration: Configuration): readonly string[];
}

export function startOf(run: StartRun): Start {
  return {
    copyInto: (spec, layers, parameters) => copyLayers(run, spec, layers, parameters),
    differences: (configuration) => differencesFrom(run, configuration),
  };
}

/**
 * Copies the first layers of a run into the parameters of a network.
 *
 * @param layers - so many, those without parameters among them
 * @param parameters - flat, in the network's layout
 * @throws InvalidInputError that names the layer, what the run has there and what the network has
 */
function copyLayers(
  run: StartRun,
  spec: NetworkSpec,
  layers: number,
  parameters: Float64Array,
): void {
  for (const place of layersOf(spec).slice(0, layers)) {
    checkLayer(place, run.layers);
    for (const { name, offset, shape } of place.slices) {
      const found = run.slices[name];
      const [was, is] = [found?.shape ?? [], shape].map((sizes) => sizes.join(' × '));
      if (found === undefined || was !== is) {
        refuse(place, `${name} of ${was || 'no numbers'}`, `${name} of ${is}`);
      }
      parameters.set(found.values, offset);
    }
  }
}

/** Whether the networks of two configurations have the same first hidden layer, on samples of the same shape. */
export function beginsAlike(a: Configuration, b: Configuration): boolean {
  const [one, other] = [a, b].map((configuration) => {
    const { input, layers } = networkOf(configuration);
    return layers.length > 1
      ? `${input.join(' × ')} ${formatLayers(layers.slice(0, 1))}`
      : undefined;
  });
  return one !== undefined && one === other;
}

/** What a configuration does otherwise with its data than the run did, one sentence each. */
function differencesFrom(
  { data }: StartRun,
  { dataset, scaling }: Configuration,
): readonly string[] {
  if (data === undefined) return [];
  const sentence = (what: string, was: string, is: string) =>
    was === is ? [] : [`Its layers were trained ${what} ${was}; this run has ${is}.`];
  return [
    ...sentence('with the scaling', data.scaling, scaling),
    ...sentence('on', data.dataset, dataset),
  ];
}

/** A hidden layer has to be written alike: strides and activations are not to be seen in its weights. */
function checkLayer(place: PlacedLayer, text: string | undefined): void {
  if (text === undefined || place.isOutput) return;
  const [own, found] = [place.layer, parseLayers(text)?.[place.index - 1]].map((layer) =>
    layer === undefined ? 'no hidden layer' : formatLayers([layer]),
  );
  if (own !== found) refuse(place, found, own);
}

function refuse({ index }: PlacedLayer, found: string, own: string): never {
  throw new InvalidInputError('from', `layer ${index}: ${found}`, `this network has ${own} there`);
}
