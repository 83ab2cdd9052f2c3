/**
 * What the stage shows of a network at one moment, in one answer of a size that does not grow with the
 * network: the strongest units and weights, one sample on its way, and what ten test samples are taken for.
 */
import type { PlacedLayer } from '../../layers/layer';
import type { Moment } from '../state/moment';

/** Layers up to this size are shown whole. */
export const MOST_WHOLE = 64;
/** Units shown of a larger one. */
export const UNITS_SHOWN = 48;

/** Feature maps shown of a layer, the first ones. */
export const MAPS_SHOWN = 6;

/** How many units of a layer are shown: of one with maps a unit of each map shown. */
export function shownOf({ output, outputs }: Pick<PlacedLayer, 'output' | 'outputs'>): number {
  if (output.length === 3) return Math.min(output[0], MAPS_SHOWN);
  return outputs <= MOST_WHOLE ? outputs : UNITS_SHOWN;
}

/** A unit by its layer, from 1, and its place in it, from 0. */
export interface UnitName {
  readonly layer: number;
  readonly unit: number;
}

export interface StageQuestion {
  /** The units that were shown last, by layer from the first hidden one on; empty at first. */
  readonly before: readonly Uint32Array[];
  /** The unit that is looked at closely. */
  readonly unit: UnitName | undefined;
}

/** The weights that are drawn before a layer, one at each index. */
export interface Edges {
  /** Position among the units shown of the layer before, or the index of an input. */
  readonly from: Uint32Array;
  /** Position among the units shown of the layer. */
  readonly to: Uint32Array;
  readonly weights: Float64Array;
  /** The largest magnitude of any weight of the layer. */
  readonly largest: number;
}

export interface StageLayer {
  /** The units shown, ascending; of a layer with maps the strongest of each map shown. */
  readonly shown: Uint32Array;
  /** Of the units shown. */
  readonly activations: Float64Array;
  readonly edges: Edges;
  /** The maps shown, (maps × rows × columns); none of a layer without any. */
  readonly maps: Float32Array | undefined;
}

/** A unit with its weights and what it makes of the sample. */
export interface StageUnit extends UnitName {
  /** Of a dense layer, one for each input. */
  readonly weights: Float64Array;
  readonly bias: number | undefined;
  /** The weighted sum and the bias, before the activation. */
  readonly sum: number;
  readonly activation: number;
}

/** What a test sample is taken for. */
export interface StageAnswer {
  /** Index into the test set. */
  readonly sample: number;
  /** Positions among the chosen classes. */
  readonly label: number;
  readonly predicted: number;
  /** Of the predicted class. */
  readonly probability: number;
}

export interface StageView extends Moment {
  /** The test sample that flows through; undefined where it is none. */
  readonly sample: number | undefined;
  readonly layers: readonly StageLayer[];
  /** The sample's probability of each class. */
  readonly probabilities: Float64Array;
  readonly predicted: number;
  readonly answers: readonly StageAnswer[];
  readonly unit: StageUnit | undefined;
}
