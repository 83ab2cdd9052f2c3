/** Dead ReLUs: units that are 0 for every training sample and do not learn any more. */
import type { DeadUnits } from '../../../evaluation/dead-units';
import { formatLayers } from '../../../layers/layer';
import type { Configuration } from '../../../training/configuration/fields';
import { hiddenLayers } from '../../../training/network-of';
import { count, integer } from '../../state/format';
import type { Hint, Observed } from './hint';

/** Whether a hidden layer has the activation that units die of. */
export function hasRelu(configuration: Configuration): boolean {
  return hiddenLayers(configuration).some(({ activation }) => activation === 'relu');
}

function leaky(configuration: Configuration): Partial<Configuration> {
  if (configuration.layers === '') return { activation: 'leaky_relu' };
  const layers = hiddenLayers(configuration).map((layer) =>
    layer.activation === 'relu' ? { ...layer, activation: 'leaky_relu' as const } : layer,
  );
  return { layers: formatLayers(layers) };
}

export function findDeadRelus(
  { configuration }: Pick<Observed, 'configuration'>,
  found: DeadUnits,
): Hint | undefined {
  if (!hasRelu(configuration)) return undefined;
  const hidden = hiddenLayers(configuration);
  // A pooling only hands on what is dead before it.
  const layers = found.layers.filter(
    ({ layer, dead }) => dead.length > 0 && hidden[layer - 1]?.activation !== 'identity',
  );
  if (layers.length === 0) return undefined;
  const parts = layers.map(
    ({ layer, units, dead }) =>
      `${integer(dead.length)} of ${count(units, hidden[layer - 1]?.kind === 'conv' ? 'filter' : 'unit')} in layer ${layer}`,
  );
  return {
    kind: 'dead-relu',
    title: 'Some units have died',
    evidence: `After ${count(found.epoch, 'epoch')}, ${parts.join(', and ')} give 0 for all ${integer(found.samples)} training samples that were tried.`,
    why: 'Where a ReLU gives 0 its slope is 0, so no gradient reaches the unit’s weights. A unit that is 0 for every sample does not learn any more.',
    remedy: { label: 'leaky ReLU', changes: leaky(configuration) },
  };
}
