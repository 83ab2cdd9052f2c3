/**
 * Parameters are one flat array with named slices W1, b1, W2, b2, …: the same layout in every
 * backend, in files and in tests. A dense layer's W is (out, in), row-major, as the notebook has it.
 */
import type { ParameterSlice } from '../layers/layer';
import { layersOf, type NetworkSpec } from './network-spec';

export interface ParameterLayout {
  readonly slices: readonly ParameterSlice[];
  /** Number of parameters in all. */
  readonly length: number;
}

/** The layout of a network's parameters. */
export function parameterLayout(spec: NetworkSpec): ParameterLayout {
  const slices = layersOf(spec).flatMap((layer) => layer.slices);
  return { slices, length: slices.reduce((sum, { length }) => sum + length, 0) };
}

/** A view of each slice of one layer in the flat array. */
export function viewsOf<T extends { subarray(from: number, to: number): T }>(
  { slices }: { readonly slices: readonly ParameterSlice[] },
  parameters: T,
): readonly T[] {
  return slices.map(({ offset, length }) => parameters.subarray(offset, offset + length));
}
