/**
 * What a layer kind gives the self-test: float64 values of its kernels, and how far float32 may be off.
 * Its kernels name the judges `forward`, `gradients` and `delta`, which ask for these.
 */
import type { Layer, PlacedLayer } from '../../layers/layer';
import type { Approximate } from './approximate';

export interface LayerCheck<L extends Layer = Layer> {
  /** What the layer makes of inputs that are good to their bounds, before activation and dropout. */
  forward(
    place: PlacedLayer<L>,
    parameters: readonly Float64Array[],
    input: Approximate,
    rows: number,
  ): Approximate;
  /** The mean gradient of each slice, from delta and input as stored. */
  gradients(
    place: PlacedLayer<L>,
    delta: Float64Array,
    input: Float64Array,
    rows: number,
  ): readonly Approximate[];
  /** The gradient at the layer's input, from its delta and that input as stored. */
  backwardInput(
    place: PlacedLayer<L>,
    parameters: readonly Float64Array[],
    delta: Float64Array,
    input: Float64Array,
    rows: number,
  ): Approximate;
}
