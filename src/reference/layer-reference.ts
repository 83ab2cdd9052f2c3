/** What a layer kind's reference does; activation, dropout and the loss are the network's. */
import type { Layer, PlacedLayer } from '../layers/layer';

/** A batch on its way through one layer. */
export interface LayerPass<L extends Layer = Layer> {
  readonly place: PlacedLayer<L>;
  /** A view of each of the layer's slices. */
  readonly parameters: readonly Float64Array[];
  /** (count × inputs). */
  readonly input: Float64Array;
  readonly count: number;
}

export interface LayerReference<L extends Layer = Layer> {
  /** What the layer makes of its input, before activation and dropout, (count × outputs). */
  forward(pass: LayerPass<L>): Float64Array;
  /**
   * Writes the gradient of the mean loss for each slice.
   *
   * @param delta - the gradient of each sample's loss at what `forward` gave, (count × outputs)
   */
  gradients(pass: LayerPass<L>, delta: Float64Array, gradients: readonly Float64Array[]): void;
  /** The gradient of each sample's loss at the layer's input, (count × inputs). */
  backwardInput(pass: LayerPass<L>, delta: Float64Array): Float64Array;
}
