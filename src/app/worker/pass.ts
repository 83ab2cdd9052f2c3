/** A sample on its way through a network as it is at a moment, in plain float64: what stage and maps show. */
import { scaledFeatures } from '../../data/samples';
import { inputsOf } from '../../model/network-spec';
import { forward } from '../../reference/network';
import type { Prepared } from '../../training/prepare';
import type { Snapshot } from './training-service';

export interface Pass extends Snapshot {
  /** The test sample; undefined where it is none. */
  readonly sample: number | undefined;
  /** The sample, and what each layer makes of it. */
  readonly values: readonly Float64Array[];
  /** What the last layer makes of it: the output probabilities. */
  readonly outputs: Float64Array;
}

/**
 * Sends a sample through the network with the parameters of a snapshot.
 *
 * @param wanted - its index in the test set, or its scaled features; by default the first of the ten
 * @throws RangeError where its features are not as many as the network's inputs
 */
export function passOf(
  { problem: { spec, test }, sampleIndices }: Pick<Prepared, 'problem' | 'sampleIndices'>,
  snapshot: Snapshot,
  wanted: number | Float64Array = sampleIndices[0],
): Pass {
  const sample = typeof wanted === 'number' ? Math.min(wanted, test.count - 1) : undefined;
  const features = typeof wanted === 'number' ? scaledFeatures(test, sample ?? 0, 1) : wanted;
  const inputs = inputsOf(spec);
  if (features.length !== inputs) {
    throw new RangeError(`${features.length} features are not ${inputs}`);
  }
  const activations = forward(spec, snapshot.parameters, features, 1);
  const outputs = activations[activations.length - 1];
  return { ...snapshot, sample, values: [features, ...activations], outputs };
}
