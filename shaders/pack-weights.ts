/**
 * The weights in the order in which the sample kernels read them: a copy of the parameters, made anew at
 * the start of a chunk and kept up to date by the updates.
 */
import { wgsl } from 'wgsl-preprocessor';
import { type Kernel, LINEAR_WORKGROUP, linearGrid, linearIndex } from './kernel';
import { packedLayout, packedValue } from './parts/packed-layout';

export interface PackWeightsShape {
  readonly widths: readonly number[];
}

export const packWeights: Kernel<PackWeightsShape> = {
  name: 'pack-weights',
  summary: 'Copies the parameters into the order in which samples read them',
  numpy: 'packed = W.T',
  formulas: ['transpose'],
  reference: [],
  judge: 'packed',
  bindings: () => [
    { name: 'parameters', access: 'read' },
    { name: 'packed', access: 'read_write' },
  ],
  source: ({ widths }) => {
    const layout = packedLayout(widths);
    return wgsl`
${packedValue(layout)}
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = ${linearIndex(4 * layout.length)};
  if (i < ${4 * layout.length}u) { packed[i] = packed_value(i); }
}`;
  },
  workgroups: ({ widths }) => linearGrid(4 * packedLayout(widths).length),
};
