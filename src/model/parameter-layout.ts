/**
 * Parameters are one flat array with named slices W1, b1, W2, b2, …: the same layout in every
 * backend, in files and in tests. W is (out, in), row-major, as the notebook has it.
 */
import { layersOf, type NetworkSpec } from './network-spec';

/** A named part of the flat parameter array. */
export interface ParameterSlice {
  /** `W1`, `b1`, `W2`, … */
  readonly name: string;
  readonly kind: 'weights' | 'biases';
  /** The layer, counted from 1. */
  readonly layer: number;
  /** Index of the first value in the flat array. */
  readonly offset: number;
  readonly length: number;
  /** `[outputs, inputs]` for weights, `[outputs]` for biases. */
  readonly shape: readonly number[];
}

export interface ParameterLayout {
  readonly slices: readonly ParameterSlice[];
  /** Number of parameters in all. */
  readonly length: number;
}

/** The layout of a network's parameters. */
export function parameterLayout(spec: NetworkSpec): ParameterLayout {
  const slices: ParameterSlice[] = [];
  let offset = 0;
  const add = (kind: ParameterSlice['kind'], layer: number, shape: readonly number[]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const name = `${kind === 'weights' ? 'W' : 'b'}${layer}`;
    slices.push({ name, kind, layer, offset, length, shape });
    offset += length;
  };
  for (const layer of layersOf(spec)) {
    add('weights', layer.index, [layer.outputs, layer.inputs]);
    add('biases', layer.index, [layer.outputs]);
  }
  return { slices, length: offset };
}

/** Where a layer's weights and biases start in the flat array. */
export interface LayerOffsets {
  readonly weights: number;
  readonly biases: number;
}

/** Offsets of layer `layer` (from 1). */
export function layerOffsets(layout: ParameterLayout, layer: number): LayerOffsets {
  return {
    weights: layout.slices[2 * (layer - 1)].offset,
    biases: layout.slices[2 * (layer - 1) + 1].offset,
  };
}
