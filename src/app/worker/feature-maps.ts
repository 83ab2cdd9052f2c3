/**
 * What the layers of a convolutional network make of one sample: their feature maps, as the worker sends
 * them. Of layers with many channels the first ones, unless all are asked for.
 */
import type { MapPlace } from '../../model/receptive-field';
import type { Moment } from '../state/moment';

/** Channels sent of a layer that is folded. */
export const CHANNELS_FOLDED = 16;
/** And of one that is unfolded. */
export const CHANNELS_UNFOLDED = 64;

export interface MapsQuestion {
  /** The layers, from 1, that are unfolded. */
  readonly unfolded: readonly number[];
  /** The place that is looked at closely. */
  readonly place: MapPlace | undefined;
}

/** The maps of one layer. */
export interface LayerMaps {
  /** From 1. */
  readonly layer: number;
  /** The first channels of it. */
  readonly channels: number;
  /** (channels × rows × columns). */
  readonly values: Float32Array;
  /** The largest magnitude in all of its channels, also in those that are not here. */
  readonly largest: number;
}

/** The filters of a convolution that sees the sample itself. */
export interface FirstFilters {
  /** (filters × channels × rows × columns), as many as the layer has maps here. */
  readonly weights: Float64Array;
  /** The largest magnitude of any weight of the layer. */
  readonly largest: number;
}

/** A place of a map, and what it comes from. */
export interface LookedAtPlace extends MapPlace {
  readonly value: number;
  /** Before the activation. */
  readonly sum: number;
  /** Of its filter; undefined of layers without parameters. */
  readonly bias: number | undefined;
  /** Its filter, (channels × rows × columns); empty of layers without parameters. */
  readonly filter: Float64Array;
}

export interface FeatureMaps extends Moment {
  /** The test sample; undefined where it is none. */
  readonly sample: number | undefined;
  /** Of every layer that has maps. */
  readonly layers: readonly LayerMaps[];
  /** Undefined where the first layer is no convolution. */
  readonly filters: FirstFilters | undefined;
  /** The sample's probability of each class. */
  readonly probabilities: Float64Array;
  readonly predicted: number;
  readonly place: LookedAtPlace | undefined;
}
